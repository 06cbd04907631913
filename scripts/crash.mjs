// `npm run crash -- --kills N --seed S`: kills the built app (dist/) again and again while rows arrive, and judges by the rows alone whether it
// missed or repeated anything. Exit code 1 where it did, or where a moment to kill it at never came.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { wholeNumber } from './options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const kills = wholeNumber('kills', values.kills, 1);
const seed = wholeNumber('seed', values.seed, 0);

process.chdir(root);
const folder = await mkdtemp(join(tmpdir(), 'crash-command-'));
try {
  const outfile = join(folder, 'command.mjs');
  await build({
    entryPoints: ['test/crash/command.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { command } = await import(pathToFileURL(outfile).href);
  process.exitCode = await command(seed, kills, (line) => process.stdout.write(`${line}\n`));
} finally {
  await rm(folder, { recursive: true, force: true });
}
