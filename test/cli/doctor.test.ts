import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenCheck } from '../../src/app/tokens';
import type { Check } from '../../src/cli/doctor/check';
import { examine } from '../../src/cli/doctor/examine';
import { startEventHub, type LocalEventHub } from '../../src/local/event-hub-server';
import type { IngestionServer } from '../../src/local/ingestion-server';
import { fault as ingestionFault } from '../../src/local/ingestion/faults';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import { fault } from '../../src/local/log-analytics/faults';
import { builtInSchemas } from '../../src/schema/built-in';
import { instant } from '../../src/value/instant';
import { connectionString } from '../support/azurite';
import { hunt } from '../support/command-line';
import { compileShippedRules } from '../support/compiled-rules';
import { RULE_ID, startTestIngestion, STREAM } from '../support/ingestion';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder';

/** Everything that the functions need as local servers, each of which refuses in turn. */

const W1 = '11111111-2222-4333-8444-555555555555';
const W2 = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const CLIENT = '33333333-cccc-4ccc-8ccc-333333333333';
const NOW = instant('2026-03-10T12:00:00Z');

let rules: TemporaryFolder;
let ledger: TemporaryFolder;
let workspace: LogAnalyticsServer;
let hub: LocalEventHub;
let table: IngestionServer;
/** Of the workspaces; a table that is not here is missing. */
let tables: Map<string, readonly Record<string, unknown>[]>;

beforeAll(async () => {
  rules = await temporaryFolder();
  await compileShippedRules(rules.path);
});

afterAll(() => rules.remove());

beforeEach(async () => {
  tables = new Map([['_Im_ProcessCreate', [{ TimeGenerated: '2026-03-10T11:00:00Z' }]]]);
  const execute = createKqlExecutor({ schemas: new Map(Object.entries(builtInSchemas)), tables: () => tables, now: () => NOW });
  [ledger, workspace, hub, table] = await Promise.all([
    temporaryFolder(),
    startLogAnalytics({ execute, workspaces: [W1, W2] }),
    startEventHub(),
    startTestIngestion(),
  ]);
});

afterEach(async () => {
  await Promise.all([workspace.close(), hub.close(), table.close(), ledger.remove()]);
});

const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  HUNT_WORKSPACES: `${W1},${W2}`,
  LOG_ANALYTICS_ENDPOINT: workspace.origin,
  IncidentHub: hub.connectionString,
  HuntLedger: `file:${ledger.path}`,
  INGEST_ENDPOINT: table.origin,
  INGEST_RULE_ID: RULE_ID,
  INGEST_STREAM: STREAM,
  ...more,
});

const noToken: TokenCheck = async () => 'no identity here';

const look = (settings = environment(), checkToken = noToken): Promise<readonly Check[]> =>
  examine({ environment: settings, compiledRules: rules.path, now: NOW, checkToken });

/** What is not ok, as `what: detail`. */
const wrong = (checks: readonly Check[]): readonly string[] =>
  checks.filter(({ status }) => status === 'not-ok').map(({ what, detail }) => `${what}: ${detail}`);
const commandsOf = (checks: readonly Check[]): readonly string[] => checks.flatMap(({ commands = [] }) => commands);

describe('hunt doctor', () => {
  it('says ok of each thing that is, with exit code 0', async () => {
    const { exitCode, stdout } = await hunt(['doctor'], { environment: environment(), compiledRules: rules.path });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'ok           settings of hunt',
      'ok           settings of ingest-incidents',
      'ok           token for Log Analytics',
      '             none is needed',
      `ok           workspace ${W1}, table imProcessCreate`,
      `ok           workspace ${W2}, table imProcessCreate`,
      'ok           token for Event Hubs',
      '             none is needed',
      'ok           Event Hub incidents',
      'ok           token for Blob Storage',
      '             none is needed',
      'ok           ledger, container hunt-ledger',
      'ok           dead letters, container dead-letter',
      'ok           token for the Logs Ingestion API',
      '             none is needed',
      `ok           ingestion, data collection rule ${RULE_ID}, stream ${STREAM}`,
      '',
      'All is well.',
    ]);
    expect(exitCode).toBe(0);
    expect(hub.events()).toEqual([]);
    expect(table.rows()).toEqual([]);
  });

  it('is well again and again', async () => {
    expect(wrong(await look())).toEqual([]);
    expect(wrong(await look())).toEqual([]);
  });

  it('gives the same as JSON, and exit code 1 where something is not ok', async () => {
    const met = table.faults.arm(ingestionFault.forbidden);
    const { exitCode, stdout } = await hunt(['doctor', '--format', 'json'], { environment: environment(), compiledRules: rules.path });
    expect(met.hits).toBe(1);
    expect(exitCode).toBe(1);
    expect((JSON.parse(stdout) as Check[]).filter(({ status }) => status === 'not-ok')).toMatchObject([
      { what: expect.stringMatching(/^ingestion/), detail: expect.any(String), commands: [expect.stringMatching(/^az /)] },
    ]);
  });

  it('looks at all of it for a dry run too, and says that it is one', async () => {
    const checks = await look(environment({ HUNT_DRY_RUN: 'true', INGEST_ENDPOINT: '' }));
    expect(checks[0]).toMatchObject({ status: 'ok', detail: 'HUNT_DRY_RUN is true: it writes and sends nothing' });
    expect(checks).toContainEqual({ what: 'Event Hub incidents', status: 'ok' });
  });

  it('names every wrong setting of each function, and checks what it still can', async () => {
    const checks = await look(environment({ HUNT_WORKSPACES: 'contoso', HUNT_START: 'yesterday', INGEST_RULE_ID: 'x', HUNT_RULES: '' }));
    expect(wrong(checks)).toEqual([
      expect.stringMatching(/^settings of hunt: HUNT_WORKSPACES/),
      expect.stringMatching(/^settings of hunt: HUNT_START/),
      expect.stringMatching(/^settings of ingest-incidents: INGEST_RULE_ID/),
    ]);
    expect(checks.filter(({ status }) => status === 'not-checked').map(({ what }) => what)).toEqual(['Event Hub', 'ledger']);
  });

  it('does not ask for what is not in use', async () => {
    const checks = await look(environment({ INGEST_ENDPOINT: '' }));
    expect(wrong(checks)).toEqual([]);
    expect(checks.filter(({ status }) => status === 'not-checked')).toEqual([
      { what: 'ingestion', status: 'not-checked', detail: expect.stringMatching(/INGEST_ENDPOINT is not set/) },
    ]);
  });

  it('shows in its help what it writes', async () => {
    const settings = { HUNT_WORKSPACES: W1, HuntLedger: 'file:.hunt/ledger' };
    const { stdout } = await hunt(['doctor'], { environment: settings, compiledRules: rules.path });
    const { stdout: help } = await hunt(['doctor', '--help']);
    expect(help).toContain(`  $ hunt doctor\n${stdout.trimEnd().replaceAll(/^(?=.)/gm, '  ')}\n`);
  });

  it('names a rule that the build does not have', async () => {
    expect(wrong(await look(environment({ HUNT_RULES: '00000000-0000-4000-8000-000000000000' })))).toEqual([
      expect.stringMatching(/^rules: HUNT_RULES names 00000000/),
    ]);
  });
});

describe('a workspace', () => {
  const only = (id: string) => ({ when: ({ workspaceId }: { readonly workspaceId: string }) => workspaceId === id, times: 9 });

  it('that refuses the query lacks the role Log Analytics Reader', async () => {
    const met = workspace.faults.arm({ kind: 'answer', status: 403, body: '{"error":{"code":"InsufficientAccessError"}}' }, only(W2));
    const checks = await look();
    expect(met.hits).toBe(1);
    expect(wrong(checks)).toEqual([
      expect.stringMatching(new RegExp(`^workspace ${W2}, table imProcessCreate: .+role Log Analytics Reader`)),
    ]);
    expect(commandsOf(checks)).toEqual([
      expect.stringMatching(new RegExp(`^az role assignment create --role "Log Analytics Reader" .+customerId=='${W2}'`)),
    ]);
  });

  it('that is none is told apart', async () => {
    const strange = '99999999-7777-4888-8999-aaaaaaaaaaaa';
    const checks = await look(environment({ HUNT_WORKSPACES: strange }));
    expect(wrong(checks)).toEqual([expect.stringMatching(/knows no such workspace/)]);
    expect(commandsOf(checks)).toEqual([expect.stringMatching(/^az monitor log-analytics workspace list/)]);
  });

  it('that lacks a table is told with what brings it', async () => {
    tables.delete('_Im_ProcessCreate');
    expect(wrong(await look(environment({ HUNT_WORKSPACES: W1 })))).toEqual([
      expect.stringMatching(/no table or function '_Im_ProcessCreate'.+Sentinel is enabled/),
    ]);
  });

  it('without rows is ok, and says so', async () => {
    tables.set('_Im_ProcessCreate', []);
    const checks = await look(environment({ HUNT_WORKSPACES: W1 }));
    expect(wrong(checks)).toEqual([]);
    expect(checks).toContainEqual({
      what: `workspace ${W1}, table imProcessCreate`,
      status: 'ok',
      detail: expect.stringMatching(/no row/),
    });
  });

  it('that is away is told as it is', async () => {
    const met = workspace.faults.arm(fault.status(500), { times: 9 });
    expect(wrong(await look(environment({ HUNT_WORKSPACES: W1 })))).toEqual([expect.stringMatching(/failed \(500/)]);
    expect(met.hits).toBeGreaterThan(0);
  });
});

describe('an identity that gives no token', () => {
  const managed = {
    LOG_ANALYTICS_ENDPOINT: '',
    IncidentHub: '',
    IncidentHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
    IncidentHub__credential: 'managedidentity',
    IncidentHub__clientId: CLIENT,
    HuntLedger: '',
    HuntLedger__blobServiceUri: 'https://contoso.blob.core.windows.net',
    INGEST_ENDPOINT: 'https://a.westeurope-1.ingest.monitor.azure.com',
  };

  it('is told once a service, and what needs it is not checked', async () => {
    const scopes: string[] = [];
    const checks = await look(environment(managed), async (choice, scope) => {
      scopes.push(`${choice.kind} ${scope}`);
      return 'no identity here';
    });
    expect(scopes).toEqual([
      'managedidentity https://api.loganalytics.io/.default',
      'managedidentity https://eventhubs.azure.net/.default',
      'default https://storage.azure.com/.default',
      'managedidentity https://monitor.azure.com/.default',
    ]);
    expect(wrong(checks)).toEqual([
      expect.stringMatching(/^token for Log Analytics: the managed identity gives none: no identity here/),
      expect.stringMatching(/^token for Event Hubs/),
      expect.stringMatching(/^token for Blob Storage: nobody is signed in/),
      expect.stringMatching(/^token for the Logs Ingestion API/),
    ]);
    expect(checks.filter(({ status }) => status === 'not-checked')).toHaveLength(6);
    expect(new Set(commandsOf(checks))).toEqual(new Set(['az login']));
  });
});

describe('an Event Hub', () => {
  it('that does not let us in is told with what to check', async () => {
    const met = hub.faults.set({ at: 'attach', condition: 'amqp:unauthorized-access' });
    expect(wrong(await look())).toEqual([expect.stringMatching(/^Event Hub incidents: .+UnauthorizedError.+Azure Event Hubs Data Sender/)]);
    expect(met.hits).toBeGreaterThan(0);
  });

  it('of another name is told', async () => {
    expect(wrong(await look(environment({ IncidentHub__eventHubName: 'other' })))).toEqual([
      expect.stringMatching(/^Event Hub other: .+check the name of the hub/),
    ]);
  });
});

describe('a storage account', () => {
  let refusing: Server;
  let asked: number;

  beforeEach(async () => {
    asked = 0;
    refusing = createServer((_, response) => {
      asked += 1;
      response.writeHead(403, { 'x-ms-error-code': 'AuthorizationPermissionMismatch', 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>AuthorizationPermissionMismatch</Code></Error>');
    }).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
  });

  afterEach(() => {
    refusing.close();
    refusing.closeAllConnections();
  });

  it('that refuses both containers lacks the role', async () => {
    const { port } = refusing.address() as AddressInfo;
    const checks = await look(environment({ HuntLedger: connectionString(`http://127.0.0.1:${port}`) }));
    expect(asked).toBeGreaterThan(0);
    expect(wrong(checks)).toEqual([
      expect.stringMatching(/^ledger, container hunt-ledger: .+403.+Storage Blob Data Contributor/),
      expect.stringMatching(/^dead letters, container dead-letter: .+403/),
    ]);
  });
});

describe('an ingestion endpoint', () => {
  it.each([
    ['that refuses the rows', ingestionFault.forbidden, /Monitoring Metrics Publisher/, /Monitoring Metrics Publisher.+immutableId=='dcr-/],
    ['that is not of this rule', { kind: 'answer', status: 404, code: 'NotFound' } as const, /INGEST_RULE_ID/, /data-collection rule list/],
    ['that does not know the stream', { kind: 'answer', status: 400, code: 'InvalidStream' } as const, /INGEST_STREAM/, /data-collection/],
  ])('%s', async (_, given, reason, command) => {
    const met = table.faults.arm(given);
    const checks = await look();
    expect(met.hits).toBe(1);
    expect(wrong(checks)).toEqual([expect.stringMatching(reason)]);
    expect(commandsOf(checks)).toEqual([expect.stringMatching(command)]);
  });
});
