// `npm run simulate`: plays simulated histories, as many as one likes. The same numbers give the same output, however many threads play.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const HELP = `Usage: npm run simulate -- [--histories N] [--seed S] [--threads T]

Plays histories of 72 hours and more against the hunt's own code, on a virtual clock: rows that come late, out of order and twice; ticks lost,
late, doubled and overlapping; every fault of the row source, the hub and the ledger; processes that die between any two steps; rules that are
deployed again. Then asks of each: is what was posted what the rows say, was anything missed, repeated or taken back, does the ledger cover it all?

  --histories N  how many; default 2000
  --seed S       of the first; the others are S+1, S+2, …; default 1
  --threads T    default: one for each core
  --help         this text

Example
  $ npm run simulate -- --histories 2000 --seed 1
  Played 2000 histories of the seeds 1 to 2000. How often each thing was hit in them:
       …  tick: lost
       …  fault: publish: acknowledgement lost
       …
  Nothing was missed and nothing repeated.

A history that comes out wrong is made short and printed, as a story and as JSON to keep in test/simulation/regressions/.

Exit codes: 0 nothing was missed and nothing repeated; 1 something was, or something that can happen never did; 2 wrong usage.
`;

const root = fileURLToPath(new URL('..', import.meta.url));

class WrongUsage extends Error {}

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

function inThread(simulator, share, onPlayed) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { simulator, share } });
    worker.on('message', ({ played, result }) => {
      if (played !== undefined) onPlayed(played);
      if (result !== undefined) resolve(result);
    });
    worker.once('error', reject);
  });
}

/** Tells on a terminal how far it is. */
function progress(histories) {
  let played = 0;
  return {
    onPlayed(more) {
      played += more;
      if (process.stderr.isTTY) process.stderr.write(`\r${played} of ${histories} histories`);
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    },
  };
}

function wholeNumber(name, text, least) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new WrongUsage(`--${name} must be a whole number from ${least} up, and is '${text}'`);
}

function readArguments() {
  const string = { type: 'string' };
  try {
    const { values } = parseArgs({ options: { histories: string, seed: string, threads: string, help: { type: 'boolean' } } });
    return values;
  } catch (error) {
    throw new WrongUsage(error.message);
  }
}

async function main() {
  const { histories = '2000', seed = '1', threads = String(availableParallelism()), help } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  const all = { seed: wholeNumber('seed', seed, 0), histories: wholeNumber('histories', histories, 1) };
  const parts = wholeNumber('threads', threads, 1);
  const folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  try {
    const simulator = await bundle(join(folder, 'simulator.mjs'));
    const { sharesOf, report } = await import(simulator);
    const { onPlayed, end } = progress(all.histories);
    const results = await Promise.all(sharesOf(all, parts).map((share) => inThread(simulator, share, onPlayed)));
    end();
    const { text, exitCode } = report(all, results);
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TELL_EVERY = 20;

async function inThisThread({ simulator, share }) {
  const { playShare } = await import(simulator);
  let played = 0;
  const result = await playShare(share, () => {
    played += 1;
    if (played % TELL_EVERY === 0) parentPort.postMessage({ played: TELL_EVERY });
  });
  parentPort.postMessage({ result });
}

if (!isMainThread) await inThisThread(workerData);
else {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    process.stderr.write(`${error.message}\nRun npm run simulate -- --help.\n`);
    process.exitCode = 2;
  }
}
