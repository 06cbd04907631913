import { readIngestSettings } from '../../../src/settings';
import { type Environment, SettingsError } from '../../../src/settings/environment';

const CLIENT = '33333333-cccc-4ccc-8ccc-333333333333';
const RULE_ID = 'dcr-00112233445566778899aabbccddeeff';

const azure: Environment = {
  INGEST_ENDPOINT: 'https://a-b1.westeurope-1.ingest.monitor.azure.com/',
  INGEST_RULE_ID: RULE_ID,
  INGEST_STREAM: 'Custom-CorrelatedIncidents',
  IncidentHub__fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
  IncidentHub__credential: 'managedidentity',
  IncidentHub__clientId: CLIENT,
  HuntLedger: 'file:./ledger',
};

function problemsOf(environment: Environment): readonly string[] {
  try {
    readIngestSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ setting, problem }) => `${setting} ${problem}`);
    throw error;
  }
  return [];
}

describe('the settings of ingest-incidents', () => {
  it('name the table, the hub, and where dead letters go; the table is written with the identity of the hub', () => {
    expect(readIngestSettings(azure)).toMatchObject({
      table: {
        endpoint: 'https://a-b1.westeurope-1.ingest.monitor.azure.com',
        ruleId: RULE_ID,
        stream: 'Custom-CorrelatedIncidents',
        credential: { kind: 'managedidentity', clientId: CLIENT },
      },
      hub: { eventHubName: 'incidents' },
      deadLetters: { kind: 'files', folder: './ledger' },
    });
  });

  it('send no token to loopback', () => {
    expect(readIngestSettings({ ...azure, INGEST_ENDPOINT: 'http://127.0.0.1:8080' }).table).toMatchObject({
      endpoint: 'http://127.0.0.1:8080',
      credential: undefined,
    });
  });

  it('are not those of hunt, whose mistakes do not matter here', () => {
    expect(problemsOf({ ...azure, HUNT_WORKSPACES: 'nonsense', HUNT_START: 'yesterday' })).toEqual([]);
  });

  it('are all named where they are missing', () => {
    expect(problemsOf({})).toEqual([
      'INGEST_ENDPOINT is not set',
      'INGEST_RULE_ID is not set',
      'INGEST_STREAM is not set',
      'IncidentHub__fullyQualifiedNamespace is not set',
      'HuntLedger__blobServiceUri is not set',
    ]);
  });

  it.each([
    ['INGEST_ENDPOINT', 'http://logs.example.com', 'is neither https nor http on loopback'],
    ['INGEST_ENDPOINT', 'https://a.ingest.monitor.azure.com/dataCollectionRules', 'has more than scheme, host and port'],
    ['INGEST_RULE_ID', 'my-rule', 'is not the immutable id of a data collection rule'],
    ['INGEST_RULE_ID', `x${RULE_ID}`, 'is not the immutable id of a data collection rule'],
    ['INGEST_RULE_ID', `${RULE_ID}0`, 'is not the immutable id of a data collection rule'],
    ['INGEST_STREAM', 'CorrelatedIncidents_CL', 'is not the name of a custom stream'],
  ])('refuse %s=%s', (setting, value, problem) => {
    expect(problemsOf({ ...azure, [setting]: value })).toEqual([`${setting} ${problem}`]);
  });
});
