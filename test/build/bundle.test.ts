import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder';

/** dist/, as `npm test` has just built it, loaded as the worker of Azure Functions loads it: from a folder without sources and packages. */

interface BuildReport {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly imports: readonly { readonly path: string; readonly kind: string }[] }>
  >;
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
async function functionsOf(app: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', HOST, app], { env });
  return (JSON.parse(stdout) as FunctionMetadata[]).map(({ name, bindings }) => ({ name, bindings: Object.values(bindings) }));
}

let app: TemporaryFolder;

beforeAll(async () => {
  app = await temporaryFolder();
  for (const part of ['package.json', 'dist/functions', 'dist/chunks']) await cp(part, join(app.path, part), { recursive: true });
});

afterAll(() => app.remove());

describe('the built app', () => {
  const timer: unknown = expect.objectContaining({ type: 'timerTrigger', schedule: '0 */5 * * * *', useMonitor: true });

  it('registers the timer hunt and no other function', async () => {
    expect(await functionsOf(app.path)).toEqual([{ name: 'hunt', bindings: [timer] }]);
  });

  it('registers ingest-incidents too where INGEST_ENDPOINT is set', async () => {
    const trigger: unknown = expect.objectContaining({ type: 'eventHubTrigger', consumerGroup: 'sentinel', cardinality: 'many' });
    expect(await functionsOf(app.path, { INGEST_ENDPOINT: 'https://a.ingest.monitor.azure.com' })).toEqual([
      { name: 'hunt', bindings: [timer] },
      { name: 'ingest-incidents', bindings: [trigger] },
    ]);
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
    const parts = ['functions/hunt.ts', 'src/app.ts', 'src/hunt/cycle.ts', 'src/engine/evaluate.ts', 'src/ingest/batch.ts'];
    expect(inputs).toEqual(expect.arrayContaining(parts));
  });

  it('has the validator of messages compiled, and of its compiler what that needs alone', () => {
    const compiler = inputs.filter((input) => input.includes('node_modules/ajv/') && !input.includes('node_modules/ajv/dist/runtime/'));
    expect(compiler).toEqual([]);
  });

  it('loads no client with the functions themselves', async () => {
    const { outputs } = (await readJson('dist/meta.json')) as BuildReport;
    const bytes = (name: string): number => {
      const seen = new Set<string>();
      const visit = (path: string): number => {
        const output = outputs[path];
        if (output === undefined || seen.has(path)) return 0;
        seen.add(path);
        return (
          output.bytes + output.imports.reduce((sum, { path: next, kind }) => sum + (kind === 'import-statement' ? visit(next) : 0), 0)
        );
      };
      return visit(Object.keys(outputs).find((path) => path.endsWith(`/functions/${name}.mjs`)) ?? '');
    };
    expect(bytes('hunt')).toBeGreaterThan(1_000);
    for (const name of ['hunt', 'ingest-incidents']) expect(bytes(name)).toBeLessThan(120_000);
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
    // The Event Hubs client is built on rhea; of ajv the test above tells.
    const tools = Object.keys(devDependencies).filter((name) => name !== 'rhea' && name !== 'ajv');
    expect(tools.filter((name) => inputs.some((input) => input.includes(`node_modules/${name}/`)))).toEqual([]);
  });
});
