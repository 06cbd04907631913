import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { runHunt } from '../../src/app';
import { createBlobStore } from '../../src/azure/blob-store';
import { createLogAnalyticsSource } from '../../src/azure/log-analytics';
import { startEventHub, type LocalEventHub } from '../../src/local/event-hub-server';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { fault, type Fault } from '../../src/local/log-analytics/faults';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import { builtInSchemas } from '../../src/schema/built-in';
import { instant } from '../../src/value/instant';
import { accountKey, connectionString, startAzurite, type Azurite } from '../support/azurite';
import { compileShippedRules } from '../support/compiled-rules';
import { startFaultyProxy, type Fault as BlobFault } from '../support/faulty-proxy';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder';

/** Secrets where the function meets them, each kind of failure that could repeat them, and a search of all that it logs and throws. */

const HUB_KEY = 'c2VjcmV0LWtleS1vZi10aGUtaHVi';
const SIGNATURE = 'c2VjcmV0LXNpZ25hdHVyZQ';
const ROW = 'password-in-a-row';
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzZWNyZXQiOiJ0b2tlbiJ9.c2VjcmV0';
const secrets = [HUB_KEY, SIGNATURE, ROW, TOKEN, accountKey];

const WORKSPACE = '0a1b2c3d-0000-4000-8000-00000000e2e1';
const now = instant('2026-03-10T12:02:00Z');

let azurite: Azurite;
let rules: TemporaryFolder;
let workspace: LogAnalyticsServer;
let hub: LocalEventHub;
let blobEndpoint: string;
/** A fresh one for each cycle. */
let ledgers = 0;

const rows = ['New', 'Remove'].map((verb) => ({
  TimeGenerated: '2026-03-10T11:30:00Z',
  Dvc: `ex01.${ROW}.contoso.com`,
  ActorUsername: `CONTOSO\\${ROW}`,
  Process: 'C:\\powershell.exe',
  CommandLine: `${verb}-MailboxExportRequest\nat ${ROW}`,
}));

beforeAll(async () => {
  [azurite, rules] = await Promise.all([startAzurite(), temporaryFolder()]);
  blobEndpoint = new URL(/BlobEndpoint=([^;]+)/.exec(azurite.connectionString)?.[1] ?? '').origin;
  await compileShippedRules(rules.path);
});

afterAll(async () => {
  await azurite.stop();
  await rules.remove();
});

beforeEach(async () => {
  const schemas = new Map(Object.entries(builtInSchemas));
  workspace = await startLogAnalytics({
    execute: createKqlExecutor({ schemas, tables: () => new Map([['_Im_ProcessCreate', rows]]), now: () => now }),
  });
  hub = await startEventHub();
});

afterEach(async () => {
  await workspace.close();
  await hub.close();
});

const hubString = (port: number): string =>
  `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=hunt;SharedAccessKey=${HUB_KEY};UseDevelopmentEmulator=true`;

/** Everything that a cycle logs, writes to the console and throws. */
async function cycle(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const said: unknown[] = [];
  const log = (text: string): void => void said.push(text);
  const console = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
  for (const stream of console) stream.mockImplementation((chunk) => said.push(String(chunk)) > 0);
  try {
    await runHunt({
      environment: {
        HUNT_WORKSPACES: WORKSPACE,
        HUNT_START: '2026-03-10T11:00:00Z',
        HUNT_SPLIT_PAIRS: 'off',
        LOG_ANALYTICS_ENDPOINT: workspace.origin,
        IncidentHub: hubString(hub.port),
        HuntLedger: `file:${rules.path}/ledger-${(ledgers += 1)}`,
        ...environment,
      },
      rulesFolder: rules.path,
      log: { info: log, warn: log, error: log },
      clock: { now: () => now },
      beginMs: 200_000,
      endMs: 240_000,
    });
  } catch (error) {
    said.push(error);
  } finally {
    console.forEach((stream) => stream.mockRestore());
  }
  return said.map((each) => (typeof each === 'string' ? each : inspect(each, { depth: Infinity, showHidden: true }))).join('\n');
}

function expectNoSecret(output: string): void {
  expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

it('a cycle that goes well tells no secret, and its message has what was in the rows', async () => {
  const output = await cycle({ HuntLedger: connectionString(blobEndpoint) });
  expect(output).toContain('"outcome":"ok"');
  expectNoSecret(output);
  // Where it belongs: so the search would find it.
  expect(
    hub
      .events()
      .map(({ body }) => Buffer.from(body).toString())
      .join(),
  ).toContain(ROW);
});

const answers: readonly (readonly [name: string, fault: Fault])[] = [
  ['an error beside rows', fault.partial(`Low memory near '${ROW}' (E_LOW_MEMORY_CONDITION)`)],
  [
    'a server error that quotes a row',
    { kind: 'answer', status: 500, body: JSON.stringify({ error: { code: 'InternalServerError', message: ROW } }) },
  ],
  ['a body that is not JSON', { kind: 'answer', status: 200, body: `<html>${ROW}` }],
  ['half a body', { kind: 'half-body' }],
  [
    'a refusal that quotes the token',
    { kind: 'answer', status: 403, body: JSON.stringify({ error: { code: 'InsufficientAccessError', message: `Bearer ${TOKEN}` } }) },
  ],
  [
    'columns of other types',
    {
      kind: 'answer',
      status: 200,
      body: JSON.stringify({ tables: [{ name: 'PrimaryResult', columns: [{ name: 'TimeGenerated', type: 'string' }], rows: [[ROW]] }] }),
    },
  ],
];

it.each(answers)('no secret is told of %s', async (_, met) => {
  const armed = workspace.faults.arm(met, { times: Infinity });
  const output = await cycle({});
  expect(armed.hits).toBeGreaterThan(0);
  expect(output).toContain('"failing":');
  expectNoSecret(output);
});

it('no secret is told of a hub that refuses, repeats the key, or is not there', async () => {
  const description = `The token SharedAccessSignature sr=x&sig=${SIGNATURE} of SharedAccessKey=${HUB_KEY} is not taken.`;
  for (const at of [
    { at: 'attach', condition: 'amqp:unauthorized-access' },
    { at: 'send', answer: 'reject', condition: 'amqp:unauthorized-access' },
  ] as const) {
    const set = hub.faults.set(at, { description });
    const output = await cycle({});
    expect(set.hits).toBeGreaterThan(0);
    expect(output).toContain('UnauthorizedError');
    expectNoSecret(output);
    set.remove();
  }
  const away = await cycle({ IncidentHub: hubString(await closedPort()) });
  expect(away).toContain('takes no messages');
  expectNoSecret(away);
});

const sas = (endpoint: string): string =>
  `BlobEndpoint=${endpoint}/devstoreaccount1;SharedAccessSignature=sv=2022-11-02&ss=b&srt=sco&sp=rw&se=2030-01-01T00:00:00Z&sig=${SIGNATURE}`;

it('no secret is told of a ledger that refuses, breaks off or is not there, by key and by signature', async () => {
  const closed = `http://127.0.0.1:${await closedPort()}`;
  const refusing = [
    connectionString(closed),
    sas(closed),
    sas(blobEndpoint),
    connectionString(blobEndpoint).replace(accountKey, Buffer.from(SIGNATURE).toString('base64')),
  ];
  for (const HuntLedger of refusing) {
    const output = await cycle({ HuntLedger });
    expect(output).toMatch(/Error: .* in container 'hunt-ledger'/);
    expectNoSecret(output);
    expect(output).not.toContain(Buffer.from(SIGNATURE).toString('base64'));
  }
});

it.each<[string, BlobFault]>([
  ['no answer', 'reset'],
  ['half an answer', 'half-answer'],
  ['503', { status: 503, code: 'ServerBusy' }],
  ['403', { status: 403, code: 'AuthorizationFailure' }],
])('no secret is in the error of a blob store, nor in what caused it: %s', async (_, met) => {
  let hits = 0;
  const proxy = await startFaultyProxy(blobEndpoint, { faultFor: () => ((hits += 1), met) });
  const timing = { tries: 2, tryMs: 5_000, delayMs: 1 };
  try {
    for (const account of [connectionString(proxy.endpoint), sas(proxy.endpoint)]) {
      const store = createBlobStore({ account: { connectionString: account }, container: 'secrets', timing });
      const errors = await Promise.all([
        store.read('a').catch((error: unknown) => error),
        store.write('a', ROW, undefined).catch((error: unknown) => error),
      ]);
      expect(errors.every((error) => error instanceof Error)).toBe(true);
      expectNoSecret(
        errors.map((error) => [String(error), inspect(error, { depth: Infinity }), JSON.stringify(error)].join('\n')).join('\n'),
      );
    }
    expect(hits).toBeGreaterThan(0);
  } finally {
    await proxy.close();
  }
});

it('no token is told that a credential repeats', async () => {
  const getToken = (): Promise<never> => Promise.reject(new Error(`AADSTS700016: the assertion ${TOKEN} was not accepted`));
  const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: { getToken } });
  const outcome = await source.pull({ workspaceId: WORKSPACE, query: 'T', timespan: { start: now, end: now } });
  expect(outcome).toMatchObject({ kind: 'failed', code: 'credential', reason: expect.stringContaining('AADSTS700016') as string });
  expectNoSecret(JSON.stringify(outcome));
});

const wrongPlaces: readonly Readonly<Record<string, string>>[] = [
  ...[
    'HUNT_WORKSPACES',
    'HUNT_RULES',
    'HUNT_START',
    'HUNT_SOURCES',
    'HUNT_SCHEDULE',
    'HUNT_DRY_RUN',
    'LOG_ANALYTICS_ENDPOINT',
    'HuntLedger',
  ].map((name) => ({ [name]: hubString(5672) })),
  { IncidentHub: connectionString('http://127.0.0.1:1') },
  { IncidentHub: `Endpoint=sb://;SharedAccessKeyName=a;SharedAccessKey=${HUB_KEY}` },
  {
    IncidentHub: `Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=${HUB_KEY};EntityPath=${SIGNATURE}`,
    IncidentHub__eventHubName: 'incidents',
  },
  { HuntLedger: `AccountName=a;AccountKey=${HUB_KEY};BlobEndpoint=nowhere` },
  { HuntLedger: `DefaultEndpointsProtocol=https;AccountName=;AccountKey=${HUB_KEY};EndpointSuffix=core.windows.net` },
  { HUNT_SOURCES: JSON.stringify({ imProcessCreate: `T | where x == '${HUB_KEY}'` }) },
];

it.each(wrongPlaces)('no secret is told that stands in a wrong place: %#', async (environment) => {
  const output = await cycle(environment);
  expect(output).toMatch(/Error/);
  expectNoSecret(output);
});
