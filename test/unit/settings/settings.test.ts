import { defaultSources } from '../../../src/hunt/sources';
import { readHuntSettings } from '../../../src/settings';
import { type Environment, type SettingProblem, SettingsError } from '../../../src/settings/environment';
import { instant } from '../../../src/value/instant';

const W1 = '11111111-aaaa-4aaa-8aaa-111111111111';
const W2 = '22222222-BBBB-4BBB-8BBB-222222222222';
const CLIENT = '33333333-cccc-4ccc-8ccc-333333333333';
const HUB = 'Endpoint=sb://localhost;SharedAccessKeyName=all;SharedAccessKey=SECRET-HUB=;UseDevelopmentEmulator=true;';
const STORAGE = 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET-STORE==;EndpointSuffix=core.windows.net';

const local: Environment = { HUNT_WORKSPACES: W1, IncidentHub: HUB, HuntLedger: STORAGE };

const azure: Environment = {
  HUNT_WORKSPACES: W1,
  IncidentHub__fullyQualifiedNamespace: 'Contoso.servicebus.windows.net',
  IncidentHub__credential: 'managedidentity',
  IncidentHub__clientId: CLIENT.toUpperCase(),
  HuntLedger__blobServiceUri: 'https://contoso.blob.core.windows.net/',
  HuntLedger__credential: 'managedidentity',
};

function problemsOf(environment: Environment): readonly SettingProblem[] {
  try {
    readHuntSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings of hunt', () => {
  it('have defaults for all but workspaces, hub and ledger', () => {
    expect(readHuntSettings(local)).toEqual({
      schedule: '0 */5 * * * *',
      workspaces: [W1],
      rules: undefined,
      start: undefined,
      splitPairs: true,
      sources: defaultSources,
      logAnalytics: { endpoint: 'https://api.loganalytics.io', credential: { kind: 'default' } },
      dryRun: false,
      hub: { kind: 'connection-string', connectionString: HUB, eventHubName: 'incidents' },
      ledger: { kind: 'connection-string', connectionString: STORAGE },
    });
  });

  it('reach services by identity, Log Analytics by that of the hub', () => {
    const credential = { kind: 'managedidentity', clientId: CLIENT };
    expect(readHuntSettings(azure)).toMatchObject({
      hub: { kind: 'identity', fullyQualifiedNamespace: 'contoso.servicebus.windows.net', eventHubName: 'incidents', credential },
      ledger: { kind: 'identity', blobServiceUri: 'https://contoso.blob.core.windows.net', credential: { kind: 'managedidentity' } },
      logAnalytics: { endpoint: 'https://api.loganalytics.io', credential },
    });
  });

  it('use whoever is signed in where no credential is named', () => {
    const { IncidentHub__credential, IncidentHub__clientId, ...signedIn } = azure;
    expect([IncidentHub__credential, IncidentHub__clientId]).not.toContain(undefined);
    expect(readHuntSettings(signedIn)).toMatchObject({
      hub: { credential: { kind: 'default' } },
      logAnalytics: { credential: { kind: 'default' } },
    });
  });

  it('hold what is set', () => {
    const settings = readHuntSettings({
      ...local,
      HUNT_SCHEDULE: ' 30  0 * * * MON-FRI ',
      HUNT_WORKSPACES: ` ${W1} , ${W2} `,
      HUNT_RULES: W2,
      HUNT_START: '2026-03-10T02:00:00+02:00',
      HUNT_SPLIT_PAIRS: 'off',
      HUNT_DRY_RUN: 'false',
      HUNT_SOURCES: '{"imProcessCreate": "MyParser({start}, {end})", "SecurityEvent": "SecurityEvent | extend A = 1"}',
      LOG_ANALYTICS_ENDPOINT: 'https://api.loganalytics.us/',
      IncidentHub__eventHubName: 'incidents-eu',
      HuntLedger: 'file:./ledger here',
    });
    expect(settings).toMatchObject({
      schedule: '30 0 * * * MON-FRI',
      workspaces: [W1, W2.toLowerCase()],
      rules: [W2.toLowerCase()],
      start: instant('2026-03-10T00:00:00Z'),
      splitPairs: false,
      dryRun: false,
      logAnalytics: { endpoint: 'https://api.loganalytics.us' },
      hub: { eventHubName: 'incidents-eu' },
      ledger: { kind: 'files', folder: './ledger here' },
    });
    expect([...settings.sources]).toEqual([
      ['imProcessCreate', 'MyParser({start}, {end})'],
      ...[...defaultSources].slice(1),
      ['SecurityEvent', 'SecurityEvent | extend A = 1'],
    ]);
  });

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080/', 'http://[::1]:8080', 'http://127.1.2.3'])(
    'seek no credential for Log Analytics at %s',
    (endpoint) => {
      const { logAnalytics } = readHuntSettings({ ...azure, LOG_ANALYTICS_ENDPOINT: endpoint });
      expect(logAnalytics).toEqual({ endpoint: new URL(endpoint).origin, credential: undefined });
    },
  );

  it('take the event hub from the connection string where it names one', () => {
    const IncidentHub = `${HUB}EntityPath=from-portal`;
    expect(readHuntSettings({ ...local, IncidentHub })).toMatchObject({ hub: { eventHubName: 'from-portal' } });
    expect(readHuntSettings({ ...local, IncidentHub, IncidentHub__eventHubName: 'from-portal' })).toMatchObject({
      hub: { eventHubName: 'from-portal' },
    });
  });

  it('take what is blank for not set', () => {
    const blank = Object.fromEntries(
      ['HUNT_SCHEDULE', 'HUNT_RULES', 'HUNT_START', 'HUNT_SPLIT_PAIRS', 'HUNT_DRY_RUN', 'HUNT_SOURCES', 'LOG_ANALYTICS_ENDPOINT']
        .concat('IncidentHub__fullyQualifiedNamespace', 'IncidentHub__credential', 'IncidentHub__clientId', 'IncidentHub__eventHubName')
        .concat('HuntLedger__blobServiceUri', 'HuntLedger__credential', 'HuntLedger__clientId')
        .map((name) => [name, ' \t']),
    );
    expect(readHuntSettings({ ...blank, ...local })).toEqual(readHuntSettings(local));
    expect(problemsOf({ ...local, HUNT_WORKSPACES: ' ' })).toMatchObject([{ setting: 'HUNT_WORKSPACES', problem: 'is not set' }]);
  });

  it('need neither hub nor ledger in a dry run', () => {
    const dry = { HUNT_WORKSPACES: W1, HUNT_DRY_RUN: 'true' };
    expect(readHuntSettings(dry)).toMatchObject({ dryRun: true, ledger: undefined });
    expect(readHuntSettings({ ...dry, HuntLedger: 'file:x' })).toMatchObject({ dryRun: true, ledger: { kind: 'files', folder: 'x' } });
    expect(problemsOf({ ...dry, IncidentHub: 'nonsense' })).toMatchObject([{ setting: 'IncidentHub' }]);
  });

  const uri = 'HuntLedger__blobServiceUri';
  const namespace = 'IncidentHub__fullyQualifiedNamespace';

  it.each<readonly [what: string, environment: Environment, setting: string, problem: string]>([
    ['no workspaces', { HUNT_WORKSPACES: undefined }, 'HUNT_WORKSPACES', 'is not set'],
    ['a workspace that is no GUID', { HUNT_WORKSPACES: `${W1},SECRET` }, 'HUNT_WORKSPACES', 'no GUID at place 2'],
    ['a comma at the end', { HUNT_WORKSPACES: `${W1},` }, 'HUNT_WORKSPACES', 'no GUID at place 2'],
    ['a workspace twice', { HUNT_WORKSPACES: `${W2},${W1},${W2.toLowerCase()}` }, 'HUNT_WORKSPACES', 'the same GUID again at place 3'],
    ['a rule that is no GUID', { HUNT_RULES: 'SECRET' }, 'HUNT_RULES', 'no GUID at place 1'],
    ['a start that is no instant', { HUNT_START: 'SECRET' }, 'HUNT_START', 'is not an instant'],
    ['a start on no day', { HUNT_START: '2026-02-30' }, 'HUNT_START', 'is not an instant'],
    ['a schedule of five fields', { HUNT_SCHEDULE: '*/5 * * * *' }, 'HUNT_SCHEDULE', 'has 5 instead of six fields'],
    ['split pairs by another word', { HUNT_SPLIT_PAIRS: 'true' }, 'HUNT_SPLIT_PAIRS', 'is neither on nor off'],
    ['a dry run by another word', { HUNT_DRY_RUN: 'TRUE' }, 'HUNT_DRY_RUN', 'is neither true nor false'],
    ['sources that are no JSON', { HUNT_SOURCES: '{SECRET' }, 'HUNT_SOURCES', 'is not a JSON object'],
    ['sources in a list', { HUNT_SOURCES: '["SECRET"]' }, 'HUNT_SOURCES', 'is not a JSON object'],
    ['a source that is no text', { HUNT_SOURCES: '{"T": 1}' }, 'HUNT_SOURCES', 'for the table "T" has something other than a text'],
    [
      'a source that filters',
      { HUNT_SOURCES: '{"T": "T | where A"}' },
      'HUNT_SOURCES',
      'for the table "T" has, at character 3, a \'|\' without extend',
    ],
    ['an endpoint that is no URL', { LOG_ANALYTICS_ENDPOINT: 'SECRET' }, 'LOG_ANALYTICS_ENDPOINT', 'is not a URL'],
    [
      'a distant endpoint without TLS',
      { LOG_ANALYTICS_ENDPOINT: 'http://example.com' },
      'LOG_ANALYTICS_ENDPOINT',
      'neither https nor http on loopback',
    ],
    [
      'a host that begins like loopback',
      { LOG_ANALYTICS_ENDPOINT: 'http://127.0.0.1.example.com' },
      'LOG_ANALYTICS_ENDPOINT',
      'neither https nor http',
    ],
    [
      'an endpoint of another scheme',
      { LOG_ANALYTICS_ENDPOINT: 'ftp://localhost' },
      'LOG_ANALYTICS_ENDPOINT',
      'neither https nor http on loopback',
    ],
    [
      'an endpoint with a path',
      { LOG_ANALYTICS_ENDPOINT: 'https://example.com/v1' },
      'LOG_ANALYTICS_ENDPOINT',
      'more than scheme, host and port',
    ],
    [
      'an endpoint with a query',
      { LOG_ANALYTICS_ENDPOINT: 'https://example.com?SECRET' },
      'LOG_ANALYTICS_ENDPOINT',
      'more than scheme, host and port',
    ],
    [
      'an endpoint with a user',
      { LOG_ANALYTICS_ENDPOINT: 'https://SECRET@example.com' },
      'LOG_ANALYTICS_ENDPOINT',
      'more than scheme, host and port',
    ],
    ['no hub', { IncidentHub: undefined }, namespace, 'is not set'],
    ['two hubs', { [namespace]: 'a.servicebus.windows.net' }, 'IncidentHub', `and ${namespace} are both set`],
    ['a hub that is no connection string', { IncidentHub: 'SECRET' }, 'IncidentHub', 'is not a connection string of Event Hubs'],
    ['a hub by a storage connection string', { IncidentHub: STORAGE }, 'IncidentHub', 'is not a connection string of Event Hubs'],
    ['a namespace that is a URL', { IncidentHub: undefined, [namespace]: 'sb://a.b.c/' }, namespace, 'is not a host name'],
    ['an event hub with a path', { IncidentHub__eventHubName: 'a/b' }, 'IncidentHub__eventHubName', 'is not the name of an event hub'],
    [
      'two event hubs',
      { IncidentHub: `${HUB}EntityPath=a`, IncidentHub__eventHubName: 'b' },
      'IncidentHub__eventHubName',
      'another event hub than EntityPath',
    ],
    [
      'another credential',
      { IncidentHub: undefined, [namespace]: 'a.b.c', IncidentHub__credential: 'SECRET' },
      'IncidentHub__credential',
      'is not managedidentity',
    ],
    [
      'a credential without address',
      { IncidentHub__credential: 'managedidentity' },
      'IncidentHub__credential',
      `is set without ${namespace}`,
    ],
    [
      'a client without credential',
      { HuntLedger: undefined, [uri]: 'https://a.b', HuntLedger__clientId: CLIENT },
      'HuntLedger__clientId',
      'is set without HuntLedger__credential',
    ],
    [
      'a client that is no GUID',
      { ...azure, IncidentHub: undefined, HuntLedger: undefined, IncidentHub__clientId: 'SECRET' },
      'IncidentHub__clientId',
      'is not a GUID',
    ],
    ['no ledger', { HuntLedger: undefined }, uri, 'is not set'],
    ['two ledgers', { [uri]: 'https://a.blob.core.windows.net' }, 'HuntLedger', `and ${uri} are both set`],
    [
      'a ledger that is neither',
      { HuntLedger: 'SECRET' },
      'HuntLedger',
      'is neither a connection string of a storage account nor file:FOLDER',
    ],
    [
      'a ledger by a hub connection string',
      { HuntLedger: HUB },
      'HuntLedger',
      'is neither a connection string of a storage account nor file:FOLDER',
    ],
    ['a ledger in no folder', { HuntLedger: 'file:' }, 'HuntLedger', 'names no folder'],
    ['a ledger without TLS', { HuntLedger: undefined, [uri]: 'http://127.0.0.1:10000' }, uri, 'is not the URI of a blob service'],
    ...[
      'DefaultEndpointsProtocol=http;AccountName=SECRET;AccountKey=SECRET;EndpointSuffix=core.windows.net',
      'AccountName=a;AccountKey=SECRET;BlobEndpoint=http://10.0.0.1/SECRET',
      'BlobEndpoint=http://127.0.0.1.example.com;SharedAccessSignature=sv=1&sig=SECRET',
      'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://SECRET.example.com',
    ].map((HuntLedger) => ['a ledger by http', { HuntLedger }, 'HuntLedger', 'names an address without TLS'] as const),
    [
      'an emulator elsewhere',
      { IncidentHub: HUB.replace('localhost', 'emulator') },
      'IncidentHub',
      'asks for the emulator on another machine',
    ],
    ['a ledger with a signature', { HuntLedger: undefined, [uri]: 'https://a.b?sig=SECRET' }, uri, 'is not the URI of a blob service'],
  ])('refuse %s', (_what, environment, setting, problem) => {
    const problems = problemsOf({ ...local, ...environment });
    expect(problems).toEqual([{ setting, problem: expect.stringContaining(problem), remedy: expect.stringMatching(/^[A-Z].*\.$/) }]);
    expect(JSON.stringify(problems)).not.toContain('SECRET');
  });

  it.each([
    'UseDevelopmentStorage=true',
    'BlobEndpoint=https://a;SharedAccessSignature=sv=1&sig=x',
    'AccountName=a;AccountKey=b;BlobEndpoint=http://127.0.0.1/a',
    'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b;BlobEndpoint=http://localhost:10000/a;',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b;EndpointSuffix=core.windows.net',
    'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1',
  ])('take the ledger %s', (HuntLedger) => {
    expect(readHuntSettings({ ...local, HuntLedger })).toMatchObject({
      ledger: { kind: 'connection-string', connectionString: HuntLedger },
    });
  });

  it('tell every mistake at once, a line each, without a value', () => {
    const environment = {
      HUNT_WORKSPACES: 'SECRET',
      HUNT_START: 'SECRET',
      HUNT_SOURCES: '{"T": "U; V // W", "X": null}',
      IncidentHub: 'SECRET',
      HuntLedger__credential: 'managedidentity',
    };
    const read = (): unknown => readHuntSettings(environment);
    expect(read).toThrow(SettingsError);
    expect(problemsOf(environment).map(({ setting }) => setting)).toEqual([
      'HUNT_WORKSPACES',
      'HUNT_START',
      'HUNT_SOURCES',
      'HUNT_SOURCES',
      'HUNT_SOURCES',
      'IncidentHub',
      'HuntLedger__credential',
      'HuntLedger__blobServiceUri',
    ]);
    expect(read).toThrow(/^HUNT_START is not an instant\. Write ISO 8601, e\.g\. 2026-03-10T00:00:00Z\.$/m);
    expect(read).not.toThrow(/SECRET/);
  });
});
