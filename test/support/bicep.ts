import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Microsoft's Bicep compiler, as .ci/run puts it into .tools; on other machines, the one that BICEP names. */

const run = promisify(execFile);
const fromNuget = '.tools/azure.bicep.commandline.linux-x64';

const compiler = [process.env['BICEP'] ?? '', ...versionsIn(fromNuget)].find((path) => path !== '' && existsSync(path));

function versionsIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'tools', 'bicep')) : [];
}

/** What `describe` needs the compiler for: runs it where there is one, else shows as skipped, with the reason. */
export function describeWithBicep(name: string, tests: () => void): void {
  if (compiler !== undefined) return describe(name, tests);
  const reason = 'no Bicep compiler here; .ci/run gets it, or set BICEP to its path';
  // Jest shows no name of a skipped test unless it runs one file alone.
  process.stderr.write(`Skipped: ${name} (${reason})\n`);
  describe.skip(`${name} (skipped: ${reason})`, tests);
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the compiler, with no environment variables but its own and those given. */
export async function bicep(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  if (compiler === undefined) throw new Error('there is no Bicep compiler');
  const { PATH = '', HOME = tmpdir() } = process.env;
  const env = { PATH, HOME, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', ...environment };
  try {
    return { exitCode: 0, ...(await run(resolve(compiler), args, { env, maxBuffer: 64 * 1024 * 1024 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: unknown; readonly stdout: string; readonly stderr: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout, stderr };
  }
}

/** A resource as the template would make it. What only Azure knows stands as an expression in brackets. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly kind?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export const subscription = '11111111-1111-4111-8111-111111111111';
export const group = `/subscriptions/${subscription}/resourceGroups/rg-hunt`;

let compiled: Promise<string> | undefined;

/** infra/main.bicep as the JSON that is deployed, compiled once for a test file. */
async function template(): Promise<string> {
  const { exitCode, stdout, stderr } = await bicep(['build', 'infra/main.bicep', '--stdout']);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

/** What a deployment of infra/main.bicep with these parameters would make, or why it would not. */
export async function predict(parameters: Readonly<Record<string, unknown>>): Promise<readonly Resource[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hunt-bicep-'));
  try {
    const file = join(folder, 'main.bicepparam');
    const lines = Object.entries(parameters).map(
      ([name, value]) => `param ${name} = json('${JSON.stringify(value).replaceAll("'", "\\'")}')`,
    );
    await writeFile(join(folder, 'main.json'), await (compiled ??= template()));
    await writeFile(file, ["using 'main.json'", ...lines, ''].join('\n'));
    const place = ['--subscription-id', subscription, '--resource-group', 'rg-hunt', '--location', 'westeurope'];
    const { exitCode, stderr } = await bicep(['snapshot', file, '--mode', 'overwrite', ...place]);
    if (exitCode !== 0) throw new Error(stderr);
    const snapshot = JSON.parse(await readFile(join(folder, 'main.snapshot.json'), 'utf8')) as {
      readonly predictedResources: readonly Resource[];
    };
    return snapshot.predictedResources;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
