// `npm run bench`: what a cold start costs, measured as whole processes. Prints a table, and writes .hunt/bench/results.json.
//
//   load         from the start of the process to the end of one that loads the app as the Functions worker does
//   first query  from the start of the process to the arrival of its first query at a server on loopback
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { medians } from './measure.mjs';
import { makeVariants } from './variants.mjs';

const ROUNDS = 15;
const WARM_UPS = 2;
/** A cold start may cost at most this much more than that of a timer that does nothing. */
const LOAD_TARGET = 1.25;

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] */
function startApp(args, env = {}) {
  const host = join('test', 'support', 'functions-host.mjs');
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', host, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function load(app) {
  const startedAt = performance.now();
  const child = startApp([app]);
  const [registered] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const ms = performance.now() - startedAt;
  if (!registered.includes('"name":"hunt"')) throw new Error(`the app in ${app} does not register the function hunt`);
  return ms;
}

/** A dry run: no hub and no ledger stand between the start and the query. */
async function firstQuery(app) {
  const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const query = once(server, 'request').then(() => performance.now());
  const startedAt = performance.now();
  const child = startApp([app, 'hunt'], {
    HUNT_WORKSPACES: '00000000-0000-0000-0000-000000000000',
    HUNT_DRY_RUN: 'true',
    LOG_ANALYTICS_ENDPOINT: `http://127.0.0.1:${server.address().port}`,
  });
  child.stdout.resume();
  const ended = once(child, 'exit').then(() => undefined);
  const arrivedAt = await Promise.race([query, ended]);
  child.kill();
  await ended;
  server.close();
  if (arrivedAt === undefined) throw new Error(`the app in ${app} ended without a query`);
  return arrivedAt - startedAt;
}

const { deployed, unbundled, bare } = await makeVariants();
process.stdout.write(
  `Measuring ${ROUNDS} rounds after ${WARM_UPS} warm-ups on Node ${process.versions.node}, ${cpus().length} cores …\n\n`,
);
const options = { rounds: ROUNDS, warmUps: WARM_UPS };
const loadMs = await medians({ bare: () => load(bare), deployed: () => load(deployed), unbundled: () => load(unbundled) }, options);
const queryMs = await medians({ deployed: () => firstQuery(deployed), unbundled: () => firstQuery(unbundled) }, options);

const rows = [
  ['load', 'a bundled timer that does nothing', loadMs.bare, 1],
  ['load', 'the app as deployed', loadMs.deployed, loadMs.deployed / loadMs.bare],
  ['load', 'the app unbundled', loadMs.unbundled, loadMs.unbundled / loadMs.bare],
  ['first query', 'the app as deployed', queryMs.deployed, 1],
  ['first query', 'the app unbundled', queryMs.unbundled, queryMs.unbundled / queryMs.deployed],
];
process.stdout.write(`${'measure'.padEnd(13)}${'variant'.padEnd(36)}${'median ms'.padStart(9)}${'ratio'.padStart(8)}\n`);
for (const [measure, variant, ms, ratio] of rows) {
  process.stdout.write(`${measure.padEnd(13)}${variant.padEnd(36)}${ms.toFixed(0).padStart(9)}${ratio.toFixed(2).padStart(8)}\n`);
}
const met = loadMs.deployed / loadMs.bare <= LOAD_TARGET;
process.stdout.write(
  `\nLoading costs ${(loadMs.deployed / loadMs.bare).toFixed(2)} times the bare timer; at most ${LOAD_TARGET} is the target: ${met ? 'met' : 'missed'}.\n`,
);
const results = rows.map(([measure, variant, medianMs, ratio]) => ({ measure, variant, medianMs, ratio }));
await writeFile(
  join('.hunt', 'bench', 'results.json'),
  `${JSON.stringify({ node: process.versions.node, rounds: ROUNDS, results }, undefined, 2)}\n`,
);
