import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { startEventHub } from '../../src/local/event-hub-server';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { builtInSchemas } from '../../src/schema/built-in';
import { instantFromUnixMilliseconds } from '../../src/value/instant';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder';

/** The deployment package, as `npm run package` makes it from a fresh clone, unpacked and started. */

const run = promisify(execFile);
const HOST = resolve('test/support/functions-host.mjs');
const WORKSPACE = '0a1b2c3d-0000-4000-8000-00000000bac0';

let clone: TemporaryFolder;
let app: TemporaryFolder;
let files: readonly string[];
let zip: Buffer;

/** What lies about in a folder that somebody works in, and must not be deployed. */
const litter = {
  'local.settings.json': '{"Values":{"IncidentHub":"Endpoint=sb://…;SharedAccessKey=…"}}',
  '.env': 'SECRET=1',
  '.azure/prod/.env': 'SECRET=1',
  '.hunt/ledger/head.json': '{}',
  'sentinel-hunt.zip': 'an older one',
  'infra/main.snapshot.json': '{}',
};

async function freshClone(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const lister = resolve('scripts/listed-files.mjs');
  const listing = `const { listedFiles } = await import(${JSON.stringify(lister)}); console.log(JSON.stringify(await listedFiles('.', '.gitignore')));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', listing]);
  for (const file of JSON.parse(stdout) as string[]) await cp(file, join(folder.path, file));
  await symlink(resolve('node_modules'), join(folder.path, 'node_modules'));
  return folder;
}

beforeAll(async () => {
  clone = await freshClone();
  for (const [file, text] of Object.entries(litter)) {
    await mkdir(dirname(join(clone.path, file)), { recursive: true });
    await writeFile(join(clone.path, file), text);
  }
  await run(process.execPath, ['scripts/package.mjs'], { cwd: clone.path });
  zip = await readFile(join(clone.path, 'sentinel-hunt.zip'));
  app = await temporaryFolder();
  const entries = Object.entries(unzipSync(zip));
  files = entries.map(([file]) => file).sort();
  for (const [file, content] of entries) {
    await mkdir(dirname(join(app.path, file)), { recursive: true });
    await writeFile(join(app.path, file), content);
  }
});

afterAll(async () => {
  await Promise.all([clone.remove(), app.remove()]);
});

const start = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  run(process.execPath, ['--disable-warning=ExperimentalWarning', HOST, app.path, ...args], { env: environment });

describe('the deployment package', () => {
  it('holds host.json, package.json, the functions, their chunks and the compiled rules, and nothing else', () => {
    const kinds = files.map((file) => file.replace(/(?<=^dist\/(?:chunks|functions|rules)\/)[\w-]+(?=\.(?:mjs|json)$)/, '*'));
    expect([...new Set(kinds)]).toEqual(['dist/chunks/*.mjs', 'dist/functions/*.mjs', 'dist/rules/*.json', 'host.json', 'package.json']);
    expect(files.filter((file) => file in litter)).toEqual([]);
  });

  it('has every function and every rule of the repository', async () => {
    const { main } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly main: string };
    expect(main).toBe('dist/functions/*.mjs');
    for (const name of ['hunt', 'ingest-incidents']) expect(files).toContain(`dist/functions/${name}.mjs`);
    expect(files.filter((file) => /^dist\/rules\/[\da-f]{8}-/.test(file))).toHaveLength(3);
  });

  it('has no parser of queries, no test and no command line in it', () => {
    const text = Object.entries(unzipSync(zip))
      .filter(([file]) => file.endsWith('.mjs'))
      .map(([, content]) => Buffer.from(content).toString('utf8'))
      .join('\n');
    // Names that minifying keeps, from each of them.
    for (const trace of ['KustoCode', 'language-service-next', 'commander', 'croner', 'fast-check']) expect(text).not.toContain(trace);
    expect(text).toContain('hunt.cycle');
  });

  it.each(['README.md', 'docs/deploy.md'])('is as large as %s says', async (page) => {
    const { size } = await stat(join(clone.path, 'sentinel-hunt.zip'));
    const [, said] = /deployment package \((\d+) KB/.exec(await readFile(page, 'utf8')) ?? [];
    expect(Math.abs(size / 1000 - Number(said))).toBeLessThan(0.15 * Number(said));
  });

  it('comes out the same, byte for byte, when it is made again', async () => {
    await run(process.execPath, ['scripts/package.mjs'], { cwd: clone.path });
    expect(zip.equals(await readFile(join(clone.path, 'sentinel-hunt.zip')))).toBe(true);
  });

  it('starts from the unpacked folder, which has no node_modules', async () => {
    const { stdout } = await start({});
    const names = (text: string): string[] => (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
    expect(names(stdout)).toEqual(['hunt']);
    const intoSentinel = await start({ INGEST_ENDPOINT: 'https://rule.westeurope-1.ingest.monitor.azure.com' });
    expect(names(intoSentinel.stdout)).toEqual(['hunt', 'ingest-incidents']);
  });

  it('runs a cycle from there against the local servers', async () => {
    const now = () => instantFromUnixMilliseconds(0);
    const execute = createKqlExecutor({
      schemas: new Map(Object.entries(builtInSchemas)),
      tables: () => new Map([['_Im_ProcessCreate', []]]),
      now,
    });
    const workspace = await startLogAnalytics({ execute, workspaces: [WORKSPACE] });
    const hub = await startEventHub({ hubName: 'incidents' });
    try {
      const environment = {
        HUNT_WORKSPACES: WORKSPACE,
        LOG_ANALYTICS_ENDPOINT: workspace.origin,
        IncidentHub: hub.connectionString,
        HuntLedger: `file:${join(app.path, 'ledger')}`,
      };
      const { stdout } = await start(environment, 'hunt');
      const line = stdout.split('\n').find((each) => each.includes('"hunt.cycle"')) ?? '{}';
      expect(JSON.parse(line)).toMatchObject({ outcome: 'ok', workspaceId: WORKSPACE, bins: { failing: 0, left: 0 } });
    } finally {
      await Promise.all([workspace.close(), hub.close()]);
    }
  });

  it('fails with the names of what is not set, where nothing is', async () => {
    await expect(start({}, 'hunt')).rejects.toThrow(/HUNT_WORKSPACES is not set[\s\S]*IncidentHub__fullyQualifiedNamespace is not set/);
  });
});
