// `npm run bench:backlog [-- --workspaces N --hours N --rows N --latency MS]`: what a backlog costs, in whole processes with the real Azure
// clients, against a local workspace, a local Event Hub and a ledger on files. Beside it a plain loop with the same client: one hour of one
// rule after another, evaluated and not recorded. Prints a table, and writes .hunt/bench/backlog.json.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** What the processes need of the sources, in one file that plain Node can load. */
const SOURCES = `
  export { createLogAnalyticsSource } from './src/azure/log-analytics';
  export { createEventHubSink } from './src/azure/event-hub';
  export { createFileStore } from './src/local/file-store';
  export { startLogAnalytics } from './src/local/log-analytics-server';
  export { startEventHub } from './src/local/event-hub-server';
  export { runCycle } from './src/hunt/cycle';
  export { createProgram } from './src/hunt/program';
  export { defaultSources } from './src/hunt/sources';
  export { binsBetween } from './src/hunt/bins';
  export { addTicks, formatInstant, instant, instantFromUnixMilliseconds, TICKS_PER_DAY, TICKS_PER_HOUR } from './src/value/instant';
`;

async function bundle(folder) {
  const outfile = join(folder, 'sources.mjs');
  await build({
    stdin: { contents: SOURCES, resolveDir: '.' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}

const role = (sources, name, options) =>
  spawn(process.execPath, [join('bench', 'backlog-process.mjs'), sources, name, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** Runs a role to its end; resolves to the JSON that it prints. */
async function run(sources, name, options) {
  const child = role(sources, name, options);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}`);
  return JSON.parse(output);
}

const { values } = parseArgs({
  options: {
    workspaces: { type: 'string', default: '20' },
    hours: { type: 'string', default: '49' },
    rows: { type: 'string', default: '200' },
    latency: { type: 'string', default: '20' },
  },
});
const size = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
if (Object.values(size).some((value) => !Number.isSafeInteger(value) || value < 0)) throw new RangeError('each option is a whole number');

const folder = await mkdtemp(join(tmpdir(), 'backlog-'));
let servers;
try {
  const sources = await bundle(folder);
  servers = role(sources, 'servers', size);
  const lines = createInterface(servers.stdout)[Symbol.asyncIterator]();
  const addresses = JSON.parse((await lines.next()).value);
  const common = { ...size, ...addresses, folder };
  process.stdout.write(
    `${size.hours} hours × 3 rules × ${size.workspaces} workspaces, ${size.rows} rows an hour and table, an answer after ${size.latency} ms; ` +
      `Node ${process.versions.node}, ${cpus().length} cores …\n\n`,
  );
  const results = {
    'cycles, with split pairs': await run(sources, 'cycles', { ...common, ledger: 'pairs', splitPairs: true }),
    'cycles, without': await run(sources, 'cycles', { ...common, ledger: 'no-pairs', splitPairs: false }),
    'a loop, one after another': await run(sources, 'loop', common),
  };
  servers.stdin.end();
  const { mostAtOnce } = JSON.parse((await lines.next()).value);

  const columns = ['seconds', 'cycles', 'requests', 'rows', 'bins', 'incidents', 'ledgerWrites', 'peakMb'];
  process.stdout.write(`${''.padEnd(28)}${columns.map((column) => column.padStart(13)).join('')}\n`);
  for (const [name, result] of Object.entries(results))
    process.stdout.write(`${name.padEnd(28)}${columns.map((column) => String(result[column] ?? '').padStart(13)).join('')}\n`);
  const [pairs, , loop] = Object.values(results);
  process.stdout.write(
    `\nThe loop takes ${(loop.seconds / pairs.seconds).toFixed(1)} times as long. At most ${mostAtOnce} queries were asked at once. ` +
      `At the service's own pace, 200 requests in 30 s, the requests alone take ${Math.ceil((pairs.requests / 200) * 30)} s.\n`,
  );
  await mkdir(join('.hunt', 'bench'), { recursive: true });
  await writeFile(
    join('.hunt', 'bench', 'backlog.json'),
    `${JSON.stringify({ node: process.versions.node, size, mostAtOnce, results }, undefined, 2)}\n`,
  );
} finally {
  servers?.kill();
  await rm(folder, { recursive: true, force: true });
}
