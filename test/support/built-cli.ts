import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { Ended } from './command-line';

/** Bundles the command line into a folder, as the build does, and returns the file to start. */
export async function buildCli(folder: string): Promise<string> {
  const outfile = join(folder, 'hunt.mjs');
  await build({
    entryPoints: ['src/cli/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@kusto/*'],
    banner: {
      js: "import { createRequire as banner_createRequire } from 'node:module'; const require = banner_createRequire(import.meta.url);",
    },
  });
  // The parser is loaded where it is installed.
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return outfile;
}

interface CliProcess {
  readonly cwd: string;
  readonly nodeOptions?: readonly string[];
  /** Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

export function startCli(cli: string, args: readonly string[], { cwd, nodeOptions = [], env = process.env }: CliProcess): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, cli, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function endOf(child: ChildProcess): Promise<Ended> {
  if (child.stdout === null || child.stderr === null) throw new Error('the process was started without pipes');
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { exitCode, stdout, stderr };
}
