// Start-up of the function app, measured as whole processes: `npm run bench`.
// (a) node importing the built entry, against node importing a bundled one-line timer of @azure/functions.
// (b) from process start to the first query sent, against the same program with nothing bundled.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { build } from 'esbuild';
import { readdir } from 'node:fs/promises';

const ROUNDS = 15;
const folder = resolve('.hunt/bench');
const host = resolve('bench/host.cjs');

/** A child process's time in ms from spawn to the event that `until` waits for; the child is then ended. */
async function timed(args, env, until) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  await until(ended);
  const took = performance.now() - began;
  child.kill('SIGKILL');
  await ended;
  return took;
}

const untilExit = async (ended) => {
  const [code] = await ended;
  if (code !== 0) throw new Error(`a measured process exited with ${code}`);
};

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Takes turns, so that what the machine does meanwhile meets both alike; the first round warms the disk cache and does not count. */
async function sideBySide(subjects) {
  const times = new Map(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const names = Object.keys(subjects);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      const took = await subjects[name]();
      if (round > 0) times.get(name).push(took);
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
}

async function typescriptFiles(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /(?<!\.d)\.(ts|json)$/.test(entry.name)).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function prepare() {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const banner = { js: "import { createRequire as banner_createRequire } from 'node:module'; const require = banner_createRequire(import.meta.url);" };
  const oneLine = "import { app } from '@azure/functions';\napp.timer('hunt', { schedule: '0 */5 * * * *', handler: () => undefined });\n";
  await build({
    stdin: { contents: oneLine, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, banner,
    external: ['@azure/functions-core'],
    outfile: join(folder, 'one-line.mjs'),
  });
  // The same program file by file, its packages as they are installed.
  const sources = [...(await typescriptFiles('src')), ...(await typescriptFiles('functions'))].filter((file) => !/src\/(cli|kql)\//.test(file));
  await build({
    entryPoints: sources,
    outbase: '.',
    outdir: join(folder, 'unbundled'),
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    loader: { '.json': 'copy' },
    // import() of a file without its ending becomes require().
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'import_meta_url' },
    banner: { js: "const import_meta_url = require('node:url').pathToFileURL(__filename).href;" },
  });
  await writeFile(join(folder, 'unbundled', 'package.json'), '{"type":"commonjs"}');
  await symlink(resolve('node_modules'), join(folder, 'unbundled', 'node_modules'));
  await symlink(resolve('dist/rules'), join(folder, 'unbundled', 'rules'));
}

async function main() {
  await prepare();
  const entry = resolve('dist/functions/hunt.mjs');
  const unbundled = join(folder, 'unbundled', 'functions', 'hunt.js');

  let arrived = () => undefined;
  const server = createServer((_request, response) => {
    arrived();
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const env = {
    HUNT_WORKSPACES: '11111111-2222-4333-8444-555555555555',
    HUNT_DRY_RUN: 'true',
    LOG_ANALYTICS_ENDPOINT: `http://127.0.0.1:${server.address().port}`,
  };
  const firstQuery = (file) => () =>
    timed([host, 'invoke', file], env, (ended) =>
      Promise.race([
        new Promise((done) => (arrived = done)),
        ended.then(([code]) => {
          throw new Error(`the app ended with ${code} before it sent a query`);
        }),
      ]),
    );

  const load = await sideBySide({
    'built entry': () => timed([host, 'load', entry], {}, untilExit),
    'one-line timer': () => timed([host, 'load', join(folder, 'one-line.mjs')], {}, untilExit),
  });
  const query = await sideBySide({ built: firstQuery(entry), unbundled: firstQuery(unbundled) });
  server.close();

  const ms = (value) => `${value.toFixed(0)} ms`;
  console.log(`Start-up on Node ${process.versions.node}, whole processes, medians of ${ROUNDS}, side by side\n`);
  console.log('| what | this app | against | ratio |\n| --- | --- | --- | --- |');
  console.log(`| import the entry | ${ms(load['built entry'])} | a bundled one-line timer: ${ms(load['one-line timer'])} | ${(load['built entry'] / load['one-line timer']).toFixed(2)} |`);
  console.log(`| process start to first query | ${ms(query.built)} | the same with nothing bundled: ${ms(query.unbundled)} | ${(query.built / query.unbundled).toFixed(2)} |`);
  await writeFile(join(folder, 'startup.json'), JSON.stringify({ node: process.versions.node, rounds: ROUNDS, load, query }, undefined, 2));
  console.log(`\nAs JSON: ${join('.hunt/bench', 'startup.json')}`);
}

await main();
