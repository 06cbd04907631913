import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder';

/** dist/, as `npm test` has just built it, loaded as the worker of Azure Functions loads it: from a folder without sources and packages. */

interface BuildReport {
  readonly inputs: Readonly<Record<string, unknown>>;
}

const run = promisify(execFile);
const HOST = join('test', 'support', 'functions-host.mjs');

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, object>>;
}

/** What the app in a folder registers; the host gives each binding a name of its own. */
async function functionsOf(app: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', HOST, app], { env: {} });
  return (JSON.parse(stdout) as FunctionMetadata[]).map(({ name, bindings }) => ({ name, bindings: Object.values(bindings) }));
}

let app: TemporaryFolder;

beforeAll(async () => {
  app = await temporaryFolder();
  for (const part of ['package.json', 'dist/functions', 'dist/chunks']) await cp(part, join(app.path, part), { recursive: true });
});

afterAll(() => app.remove());

describe('the built app', () => {
  it('registers the timer hunt and no other function', async () => {
    const timer: unknown = expect.objectContaining({ type: 'timerTrigger', schedule: '0 */5 * * * *', useMonitor: true });
    expect(await functionsOf(app.path)).toEqual([{ name: 'hunt', bindings: [timer] }]);
  });

  it('would register nothing with a `main` that matches no file', async () => {
    const other = await temporaryFolder();
    await cp(app.path, other.path, { recursive: true });
    const manifest = (await readJson('package.json')) as Record<string, unknown>;
    await writeFile(join(other.path, 'package.json'), JSON.stringify({ ...manifest, main: 'dist/src/functions/*.js' }));
    expect(await functionsOf(other.path)).toEqual([]);
    await other.remove();
  });

  it('has a compiled plan for each rule that is run by default', async () => {
    expect(await readJson('dist/rules/4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87.json')).toMatchObject({
      formatVersion: 1,
      split: { splits: true },
    });
  });
});

describe('the bundle of the app', () => {
  let inputs: readonly string[];

  beforeAll(async () => {
    inputs = Object.keys(((await readJson('dist/meta.json')) as BuildReport).inputs);
  });

  it('has the use case in it', () => {
    expect(inputs).toEqual(expect.arrayContaining(['functions/hunt.ts', 'src/app.ts', 'src/hunt/cycle.ts', 'src/engine/evaluate.ts']));
  });

  it('has of src/rule only the form of an exclusion, which the build has read and checked', () => {
    expect(inputs.filter((input) => input.startsWith('src/rule/'))).toEqual(['src/rule/exclusion.ts']);
  });

  it.each(['src/kql/', 'src/cli/', 'test/', 'bench/'])('has nothing of %s in it', (folder) => {
    expect(inputs.filter((input) => input.startsWith(folder))).toEqual([]);
  });

  it('has of src/local only the ledger on files, which HuntLedger=file:FOLDER asks for', () => {
    const local = inputs.filter((input) => input.startsWith('src/local/')).sort();
    expect(local).toEqual(['src/local/file-store.ts', 'src/local/files.ts', 'src/local/versions.ts']);
  });

  it('has no package in it that only tools and tests need', async () => {
    const { devDependencies } = (await readJson('package.json')) as { readonly devDependencies: Readonly<Record<string, string>> };
    // The Event Hubs client is built on rhea.
    const tools = Object.keys(devDependencies).filter((name) => name !== 'rhea');
    expect(tools.filter((name) => inputs.some((input) => input.includes(`node_modules/${name}/`)))).toEqual([]);
  });
});
