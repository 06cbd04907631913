import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { compileRulesFolder } from '../../src/cli/compile';

/** A mistake in one file of the app, put in by a test. */
export interface Defect {
  /** From the repository's root. */
  readonly file: string;
  readonly replace: readonly [text: string, by: string];
}

/** The app as it is deployed, in a folder of its own: what is in dist/, and the rules of the crash runs beside its own. */
export async function installApp(folder: string, defect?: Defect): Promise<void> {
  await copyFile('package.json', join(folder, 'package.json'));
  if (defect === undefined) for (const part of ['dist/functions', 'dist/chunks']) await cp(part, join(folder, part), { recursive: true });
  else await buildDefective(defect, join(folder, 'dist', 'functions'));
  const rules = join(folder, 'rules');
  await mkdir(rules);
  for (const source of ['rules', 'test/crash/rules']) {
    const files = (await readdir(source)).filter((name) => name.endsWith('.yaml') && name !== 'exclusions.yaml');
    for (const file of files) await copyFile(join(source, file), join(rules, file));
  }
  const code = await compileRulesFolder(rules, join(folder, 'dist', 'rules'));
  if (code !== 0) throw new Error('the rules of the crash runs do not compile');
}

async function buildDefective({ file, replace: [text, by] }: Defect, outdir: string): Promise<void> {
  const source = await readFile(file, 'utf8');
  if (source.split(text).length !== 2) throw new Error(`${file} does not have once: ${text}`);
  const plugin: Plugin = {
    name: 'defect',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) => (path === resolve(file) ? { contents: source.replace(text, by), loader: 'ts' } : null)),
  };
  const require = "import { createRequire as of } from 'node:module'; const require = of(import.meta.url);";
  await build({
    entryPoints: ['functions/hunt.ts'],
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    banner: { js: require },
    external: ['@azure/functions-core'],
    plugins: [plugin],
    logLevel: 'warning',
  });
}

export interface AppOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How often the function is called, one call after another. */
  readonly times: number;
  /** How far its clock is ahead of this machine's. */
  readonly clockAheadMs: number;
  /** Told when a call is over. */
  readonly onInvocation?: () => void;
}

/** The app as a process of its own. */
export class AppProcess {
  private readonly child: ChildProcess;
  private readonly gone: Promise<unknown>;
  private output = '';

  constructor({ folder, environment, times, clockAheadMs, onInvocation }: AppOptions) {
    const clock = resolve('test/crash/shift-clock.mjs');
    const host = resolve('test/support/functions-host.mjs');
    const flags = ['--disable-warning=ExperimentalWarning', '--import', clock, host, folder, 'hunt', String(times)];
    const env = { ...environment, CLOCK_AHEAD_MS: String(clockAheadMs) };
    this.child = spawn(process.execPath, flags, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.gone = once(this.child, 'close');
    const read = (chunk: Buffer): void => {
      this.output += chunk.toString('utf8');
      if (chunk.includes('invocation over\n')) onInvocation?.();
    };
    this.child.stdout?.on('data', read);
    this.child.stderr?.on('data', read);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when the process is gone, with all that it wrote to its outputs and whether it was killed. */
  async ended(): Promise<{ readonly output: string; readonly wasKilled: boolean; readonly exitCode: number | null }> {
    await this.gone;
    const { signalCode, exitCode } = this.child;
    return { output: this.output, wasKilled: signalCode === 'SIGKILL', exitCode };
  }
}
