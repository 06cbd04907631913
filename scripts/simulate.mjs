// `npm run simulate -- --histories N --seed S [--threads T]`: plays simulated histories, as many as one likes. Exit code 1 where something
// was missed or repeated, or where something that can happen never did. The same numbers give the same output.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The simulator as one file that plain Node can load. */
async function bundle(outfile) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/command.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return pathToFileURL(outfile).href;
}

function inThread(simulator, share) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { simulator, share } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function wholeNumber(name, text, least) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`--${name} must be a whole number from ${least} up, and is '${text}'`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      histories: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const all = { seed: wholeNumber('seed', values.seed, 0), histories: wholeNumber('histories', values.histories, 1) };
  const folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  try {
    const simulator = await bundle(join(folder, 'simulator.mjs'));
    const { sharesOf, report } = await import(simulator);
    const shares = sharesOf(all, wholeNumber('threads', values.threads, 1));
    const results = await Promise.all(shares.map((share) => inThread(simulator, share)));
    const { text, exitCode } = report(all, results);
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (isMainThread) await main();
else {
  const { playShare } = await import(workerData.simulator);
  parentPort.postMessage(await playShare(workerData.share));
}
