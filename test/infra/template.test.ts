import { readFileSync } from 'node:fs';
import settingNames from '../../infra/app-settings.json';
import sentinelTable from '../../infra/sentinel/table-columns.json';
import { describeWithBicep, group, predict, type Resource, subscription } from '../support/bicep';
import { appSettings, identityOf, roleAssignments, valuesAt } from '../support/template';

/** infra/main.bicep, evaluated resource by resource for the default and for each switch. */

const SENTINEL_GROUP = '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-security';
const SENTINEL = `${SENTINEL_GROUP}/providers/Microsoft.OperationalInsights/workspaces/law-security`;
const SAME_GROUP = `${group}/providers/Microsoft.OperationalInsights/workspaces/law-beside`;
const OTHER_GROUP = `/subscriptions/${subscription}/resourceGroups/rg-other/providers/Microsoft.OperationalInsights/workspaces/law-other`;
const OTHER_SUBSCRIPTION =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-far/providers/Microsoft.OperationalInsights/workspaces/law-far';
const DELEGATED = '44444444-4444-4444-8444-444444444444';
const ACTION_GROUP = `${group}/providers/Microsoft.Insights/actionGroups/soc`;

const cases = {
  /** What one setting is enough for: hunt in the Sentinel workspace, and alert there. */
  usual: { environmentName: 'dev', sentinelWorkspaceId: SENTINEL },
  /** Into the event hub and no further. */
  hubOnly: { environmentName: 'dev', watchedWorkspaceIds: [OTHER_GROUP] },
  delegatedOnly: { environmentName: 'dev', delegatedWorkspaceIds: [DELEGATED] },
  /** Every parameter given, the longest environment name that is allowed. */
  everything: {
    environmentName: 'E'.repeat(64),
    location: 'southeastasia',
    sentinelWorkspaceId: SENTINEL,
    watchedWorkspaceIds: [SAME_GROUP, OTHER_GROUP, OTHER_SUBSCRIPTION, SENTINEL],
    delegatedWorkspaceIds: [DELEGATED],
    actionGroupId: ACTION_GROUP,
    cycleMinutes: 15,
    ruleIds: ['4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87', '1a6f998a-b9a4-4030-bd58-6606d66608f9'],
    start: '2026-03-10T00:00:00Z',
    splitPairs: false,
    dryRun: true,
    sources: { SecurityEvent: "SecurityEvent | extend A = 'a'" },
    instanceMemoryMB: 4096,
    storageRedundancy: 'Standard_GZRS',
    logRetentionInDays: 730,
    uncoveredLimitMinutes: 45,
    lateLimitMinutes: 20,
  },
};

type CaseName = keyof typeof cases;

const made = {} as Record<CaseName, readonly Resource[]>;

function ofType(name: CaseName, type: string): readonly Resource[] {
  return made[name].filter((resource) => resource.type === type);
}

function only(name: CaseName, type: string): Resource {
  const [resource, ...others] = ofType(name, type);
  if (resource === undefined || others.length > 0) throw new Error(`${name} has not one ${type}`);
  return resource;
}

function text(path: string): string {
  return readFileSync(path, 'utf8');
}

describeWithBicep('the template', () => {
  beforeAll(async () => {
    for (const name of Object.keys(cases) as CaseName[]) made[name] = await predict(cases[name]);
  });

  const names = Object.keys(cases) as CaseName[];

  it('is refused where it names no workspace to hunt in, with the command that names one', async () => {
    await expect(predict({ environmentName: 'dev' })).rejects.toThrow('azd env set SENTINEL_WORKSPACE_ID');
  });

  it.each([
    ['the GUID of a workspace', { sentinelWorkspaceId: DELEGATED }, DELEGATED],
    ['another resource', { watchedWorkspaceIds: [SENTINEL, ACTION_GROUP] }, ACTION_GROUP],
    ['a part of a workspace', { sentinelWorkspaceId: `${SENTINEL}/tables/T` }, `${SENTINEL}/tables/T`],
  ])('is refused where a workspace is named by %s, with what is wrong', async (_, parameters, wrong) => {
    const refused = predict({ environmentName: 'dev', ...parameters });
    await expect(refused).rejects.toThrow(`Not the resource id of a Log Analytics workspace: ${wrong}.`);
  });

  it('makes the same of a resource id in another case: Azure takes any, and a second analytics rule would alert of each incident again', async () => {
    expect(await predict({ ...cases.usual, sentinelWorkspaceId: SENTINEL.toUpperCase() })).toEqual(made.usual);
  });

  it('takes a workspace that is named twice, in two cases, as one', async () => {
    const watchedWorkspaceIds = [OTHER_GROUP, OTHER_GROUP.toUpperCase()];
    expect(await predict({ ...cases.hubOnly, watchedWorkspaceIds })).toEqual(made.hubOnly);
  });

  describe('roles', () => {
    const inGroup = (...roles: readonly [role: string, provider: string][]) => new Set(roles.map((pair) => pair.join(' on ')));
    const hub: [string, string] = ['Azure Event Hubs Data Sender', 'Microsoft.EventHub/namespaces/eventhubs'];
    const host: [string, string] = ['Storage Blob Data Owner', 'Microsoft.Storage/storageAccounts'];
    const telemetry: [string, string] = ['Monitoring Metrics Publisher', 'Microsoft.Insights/components'];
    const back: [string, string] = ['Azure Event Hubs Data Receiver', 'Microsoft.EventHub/namespaces/eventhubs'];
    const rows: [string, string] = ['Monitoring Metrics Publisher', 'Microsoft.Insights/dataCollectionRules'];

    it.each<[CaseName, Set<string>, readonly string[]]>([
      ['usual', inGroup(hub, host, telemetry, back, rows), [SENTINEL]],
      ['hubOnly', inGroup(hub, host, telemetry), [OTHER_GROUP]],
      ['delegatedOnly', inGroup(hub, host, telemetry), []],
      ['everything', inGroup(hub, host, telemetry, back, rows), [SAME_GROUP, OTHER_GROUP, OTHER_SUBSCRIPTION, SENTINEL]],
    ])('of %s are these and no others, each on one resource', (name, expected, workspaces) => {
      const assigned = roleAssignments(made[name]);
      const onWorkspaces = assigned.filter(({ role }) => role === 'Log Analytics Reader');
      const others = assigned.filter(({ role }) => role !== 'Log Analytics Reader');
      expect(onWorkspaces.map(({ scope }) => scope).sort()).toEqual([...workspaces].sort());
      expect(others).toHaveLength(expected.size);
      expect(new Set(others.map(({ role, scopeType }) => `${role} on ${scopeType}`))).toEqual(expected);
    });

    it.each(names)('of %s are all the identity of the app', (name) => {
      const { id } = only(name, 'Microsoft.ManagedIdentity/userAssignedIdentities');
      for (const { principal } of roleAssignments(made[name])) expect(identityOf(principal)).toBe(id);
    });

    it.each(names)('of %s are on resources that it makes, or on workspaces that it was given', (name) => {
      const given = [SENTINEL, SAME_GROUP, OTHER_GROUP, OTHER_SUBSCRIPTION];
      const known = new Set([...made[name].map(({ id }) => id), ...given]);
      expect(roleAssignments(made[name]).filter(({ scope }) => !known.has(scope))).toEqual([]);
    });
  });

  describe('keys and transport', () => {
    it.each(names)('of %s: no key, no password, no anonymous access', (name) => {
      expect(only(name, 'Microsoft.Storage/storageAccounts').properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
      });
      expect(only(name, 'Microsoft.EventHub/namespaces').properties).toMatchObject({ disableLocalAuth: true });
      expect(only(name, 'Microsoft.Insights/components').properties).toMatchObject({ DisableLocalAuth: true });
      const publishing = ofType(name, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies');
      expect(publishing.map(({ properties }) => properties)).toEqual([{ allow: false }, { allow: false }]);
      expect(JSON.stringify(made[name])).not.toMatch(/listKeys|listAccountSas|AccountKey|SharedAccessKey/i);
    });

    it.each(names)('of %s: TLS 1.2 at least, and https alone', (name) => {
      expect(only(name, 'Microsoft.Storage/storageAccounts').properties).toMatchObject({
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
      });
      expect(only(name, 'Microsoft.EventHub/namespaces').properties).toMatchObject({ minimumTlsVersion: '1.2' });
      expect(only(name, 'Microsoft.Web/sites').properties).toMatchObject({ httpsOnly: true, siteConfig: { minTlsVersion: '1.2' } });
    });

    it.each(names)('of %s: a user-assigned identity reaches the package, and there is no other identity', (name) => {
      const { id } = only(name, 'Microsoft.ManagedIdentity/userAssignedIdentities');
      const app = only(name, 'Microsoft.Web/sites');
      expect(app).toMatchObject({ identity: { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } } });
      expect(valuesAt(app, 'authentication')).toEqual([{ type: 'UserAssignedIdentity', userAssignedIdentityResourceId: id }]);
    });
  });

  describe('the app', () => {
    it.each(names)('of %s has the settings that the code reads, and those of the host', (name) => {
      const given = name === 'everything' ? settingNames.whenGiven : [];
      const ingest = name === 'usual' || name === 'everything' ? settingNames.intoSentinel : [];
      const host = ['AzureWebJobsStorage__blobServiceUri', 'AzureWebJobsStorage__credential', 'AzureWebJobsStorage__clientId'];
      const insights = ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'];
      const worker = ['languageWorkers__node__arguments'];
      const expected = [...settingNames.always, ...given, ...ingest, ...host, ...insights, ...worker];
      expect([...appSettings(only(name, 'Microsoft.Web/sites')).keys()].sort()).toEqual(expected.sort());
    });

    it('is given what the parameters say', () => {
      const settings = appSettings(only('everything', 'Microsoft.Web/sites'));
      expect(Object.fromEntries(settings)).toMatchObject({
        HUNT_SCHEDULE: '0 */15 * * * *',
        HUNT_SPLIT_PAIRS: 'off',
        HUNT_DRY_RUN: 'true',
        HUNT_START: '2026-03-10T00:00:00Z',
        HUNT_RULES: cases.everything.ruleIds.join(','),
        HUNT_SOURCES: JSON.stringify(cases.everything.sources),
        INGEST_STREAM: sentinelTable.stream,
        IncidentHub__eventHubName: 'incidents',
        languageWorkers__node__arguments: '--max-old-space-size=3072',
      });
      for (const workspace of [...cases.everything.watchedWorkspaceIds, DELEGATED]) {
        expect(settings.get('HUNT_WORKSPACES')).toContain(workspace);
      }
    });

    it('runs on Flex Consumption and Node 22', () => {
      expect(only('usual', 'Microsoft.Web/serverfarms')).toMatchObject({ sku: { name: 'FC1', tier: 'FlexConsumption' } });
      expect(only('usual', 'Microsoft.Web/sites').properties).toMatchObject({
        functionAppConfig: {
          runtime: { name: 'node', version: '22' },
          scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: 40 },
        },
      });
    });

    it('is the service of azure.yaml, which azd finds by its tag', () => {
      expect(text('azure.yaml')).toContain('\n  hunt:\n');
      expect(only('usual', 'Microsoft.Web/sites')).toMatchObject({ tags: { 'azd-env-name': 'dev', 'azd-service-name': 'hunt' } });
    });
  });

  it.each(names)('keeps in %s versions of the ledger, and makes the containers of package, ledger and dead letters', (name) => {
    expect(only(name, 'Microsoft.Storage/storageAccounts/blobServices').properties).toMatchObject({ isVersioningEnabled: true });
    const containers = ofType(name, 'Microsoft.Storage/storageAccounts/blobServices/containers').map((each) => each.name.split('/')[2]);
    expect(containers).toEqual(['app-package', 'hunt-ledger', 'dead-letter']);
  });

  it.each(names)('makes in %s the hub `incidents` with the consumer group `sentinel`', (name) => {
    const { name: hub, properties } = only(name, 'Microsoft.EventHub/namespaces/eventhubs');
    expect(hub).toMatch(/\/incidents$/);
    expect(properties).toMatchObject({ partitionCount: 4, retentionDescription: { retentionTimeInHours: 168 } });
    expect(only(name, 'Microsoft.EventHub/namespaces/eventhubs/consumergroups').name).toMatch(/\/incidents\/sentinel$/);
  });

  it.each(names)('sends in %s the logs of blobs, event hub and app to its workspace', (name) => {
    const { id } = only(name, 'Microsoft.OperationalInsights/workspaces');
    const diagnostics = ofType(name, 'Microsoft.Insights/diagnosticSettings');
    expect(diagnostics.map((each) => each.id.replace(/\/providers\/Microsoft.Insights\/.*/, ''))).toEqual([
      only(name, 'Microsoft.Storage/storageAccounts/blobServices').id,
      only(name, 'Microsoft.EventHub/namespaces').id,
      only(name, 'Microsoft.Web/sites').id,
    ]);
    for (const { properties } of diagnostics) expect(properties).toMatchObject({ workspaceId: id });
  });

  describe('the Sentinel side', () => {
    const sentinelTypes = /\/tables$|dataCollectionRules$|SecurityInsights\/alertRules$/;

    it.each<CaseName>(['hubOnly', 'delegatedOnly'])('is absent from %s', (name) => {
      expect(made[name].filter(({ type }) => sentinelTypes.test(type))).toEqual([]);
    });

    it.each<CaseName>(['usual', 'everything'])('of %s lies whole in the resource group of the Sentinel workspace', (name) => {
      const side = made[name].filter(({ type }) => sentinelTypes.test(type));
      expect(side).toHaveLength(4);
      for (const { id } of side) expect(id.startsWith(SENTINEL_GROUP)).toBe(true);
    });

    it('gives table and stream the listed columns', () => {
      const table = only('usual', 'Microsoft.OperationalInsights/workspaces/tables');
      const [columns] = valuesAt(table, 'columns');
      expect(columns).toEqual(
        sentinelTable.columns.map(({ name, type, description }) => ({ name, type: type === 'datetime' ? 'dateTime' : type, description })),
      );
      const rule = only('usual', 'Microsoft.Insights/dataCollectionRules');
      expect(rule).toMatchObject({ kind: 'Direct' });
      expect(rule.properties).toMatchObject({
        streamDeclarations: { [sentinelTable.stream]: { columns: sentinelTable.columns.map(({ name, type }) => ({ name, type })) } },
        dataFlows: [{ streams: [sentinelTable.stream], outputStream: `Custom-${sentinelTable.table}`, transformKql: 'source' }],
      });
    });

    it('alerts of each new incident, with its host and account', () => {
      const [rule] = ofType('usual', 'Microsoft.SecurityInsights/alertRules');
      expect(rule?.properties).toMatchObject({
        enabled: true,
        query: text('infra/sentinel/new-incidents.kql'),
        queryFrequency: 'PT5M',
        queryPeriod: 'PT47H',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
        suppressionEnabled: false,
        eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
        incidentConfiguration: { createIncident: true, groupingConfiguration: { enabled: false } },
      });
      const mappings = valuesAt(rule, 'entityMappings').flat() as { entityType: string; fieldMappings: Record<string, string>[] }[];
      expect(mappings.map(({ entityType, fieldMappings }) => [entityType, fieldMappings.map(({ identifier }) => identifier)])).toEqual([
        ['Host', ['HostName', 'DnsDomain', 'NTDomain']],
        ['Account', ['Name', 'NTDomain', 'UPNSuffix']],
      ]);
    });

    it('raises an alert of its own when a run has more new incidents than Sentinel makes alerts for', () => {
      const [, rule] = ofType('usual', 'Microsoft.SecurityInsights/alertRules');
      const query = `${text('infra/sentinel/new-incidents.kql')}${text('infra/sentinel/many-new-incidents.kql')}`;
      expect(rule?.properties).toMatchObject({ query, queryFrequency: 'PT5M', eventGroupingSettings: { aggregationKind: 'SingleAlert' } });
    });

    it('maps, shows and titles by columns that the rows have', () => {
      const [rule] = ofType('usual', 'Microsoft.SecurityInsights/alertRules');
      const override = valuesAt(rule, 'alertDetailsOverride')[0] as Record<string, string>;
      const used = [
        ...valuesAt(rule, 'columnName'),
        ...Object.values(valuesAt(rule, 'customDetails')[0] as object),
        ...Object.values(override).map((value) => value.replace(/^\{\{(.*)\}\}$/, '$1')),
      ];
      expect(used).toHaveLength(16);
      const columns = sentinelTable.columns.map(({ name }) => name);
      expect(used.filter((column) => !columns.includes(column as string))).toEqual([]);
    });
  });

  describe('alerts', () => {
    const rules = 'Microsoft.Insights/scheduledQueryRules';
    const kinds = (name: CaseName) => ofType(name, rules).map((rule) => rule.name.replace(/^hunt-(.*)-[^-]+$/, '$1'));
    const always = ['no-successful-cycle', 'uncovered-bin', 'failing-bins', 'failed-function', 'dead-letters'];

    it('watch cycles, bins, functions and dead letters, and the way into Sentinel where there is one', () => {
      expect(kinds('hubOnly')).toEqual(always);
      expect(kinds('usual')).toEqual([...always, 'late-into-sentinel']);
    });

    it('go to the action group that is named', () => {
      for (const rule of ofType('everything', rules)) expect(rule.properties).toMatchObject({ actions: { actionGroups: [ACTION_GROUP] } });
      for (const rule of ofType('usual', rules)) expect(rule.properties).toMatchObject({ actions: { actionGroups: [] } });
    });

    it('look at three periods, each period', () => {
      const [usual] = ofType('usual', rules);
      const [slow] = ofType('everything', rules);
      expect(usual?.properties).toMatchObject({ evaluationFrequency: 'PT5M', windowSize: 'PT15M' });
      expect(slow?.properties).toMatchObject({ evaluationFrequency: 'PT15M', windowSize: 'PT45M' });
      const late = ofType('usual', rules).find(({ name }) => name.includes('late-into-sentinel'));
      expect(late?.properties).toMatchObject({ windowSize: 'PT2H' });
    });

    it('have the limits that are given', () => {
      const queries = ofType('everything', rules).flatMap((rule) => valuesAt(rule, 'query') as string[]);
      expect(queries.filter((query) => query.includes('let limitMinutes = 45;'))).toHaveLength(1);
      expect(queries.filter((query) => query.includes('let limitMinutes = 20;'))).toHaveLength(1);
    });

    it('are each explained to whoever is on call', () => {
      const page = text('docs/operate.md');
      expect(kinds('usual').filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
    });
  });

  /** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
  const nameRules: Readonly<Record<string, RegExp>> = {
    'Microsoft.EventHub/namespaces': /^[a-z][a-z\d-]{4,48}[a-z\d]$/i,
    'Microsoft.EventHub/namespaces/eventhubs': /^[a-z\d](?:[\w.-]{0,254}[a-z\d])?$/i,
    'Microsoft.EventHub/namespaces/eventhubs/consumergroups': /^[a-z\d](?:[\w.-]{0,48}[a-z\d])?$/i,
    'Microsoft.Insights/components': /^[^%&\\?/]{1,260}$/,
    'Microsoft.Insights/dataCollectionRules': /^[a-z][\w.-]{2,63}$/i,
    'Microsoft.Insights/diagnosticSettings': /^.{1,260}$/,
    'Microsoft.Insights/scheduledQueryRules': /^[^*#&+:<>?@%{}\\/]{1,260}$/,
    'Microsoft.ManagedIdentity/userAssignedIdentities': /^[a-z\d][\w-]{2,127}$/i,
    'Microsoft.OperationalInsights/workspaces': /^[a-z\d][a-z\d-]{2,61}[a-z\d]$/i,
    'Microsoft.OperationalInsights/workspaces/tables': /^[a-z]\w{0,59}_CL$/i,
    'Microsoft.SecurityInsights/alertRules': /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
    'Microsoft.Storage/storageAccounts': /^[a-z\d]{3,24}$/,
    'Microsoft.Storage/storageAccounts/blobServices': /^default$/,
    'Microsoft.Storage/storageAccounts/blobServices/containers': /^[a-z\d](?:-?[a-z\d]){2,62}$/,
    'Microsoft.Storage/storageAccounts/managementPolicies': /^default$/,
    'Microsoft.Web/serverfarms': /^[a-z\d-]{1,60}$/i,
    // 60 are allowed; the Functions host tells apps apart by the first 32.
    'Microsoft.Web/sites': /^[a-z\d](?:[a-z\d-]{0,30}[a-z\d])$/i,
    'Microsoft.Web/sites/basicPublishingCredentialsPolicies': /^(?:ftp|scm)$/,
    // Its name is a guid(), which only Azure can work out.
    'Microsoft.Authorization/roleAssignments': /^\[guid\(/,
  };

  it.each(names)("gives in %s names within Azure's limits", (name) => {
    const wrong = made[name].filter((each) => {
      const own = each.type === 'Microsoft.Authorization/roleAssignments' ? each.name : each.name.split('/').at(-1);
      return nameRules[each.type]?.test(own ?? '') !== true;
    });
    expect(wrong.map((each) => `${each.type} ${each.name}`)).toEqual([]);
  });

  it('gives resources names by the environment, so that two of them fit into one resource group', () => {
    const own = ({ id, type }: Resource) => id.startsWith(group) && type !== 'Microsoft.Authorization/roleAssignments';
    const ids = new Set(made.usual.filter(own).map(({ id }) => id));
    expect(made.everything.filter(own).filter(({ id }) => ids.has(id))).toEqual([]);
  });

  it('makes the same when it is deployed again', async () => {
    expect(await predict(cases.usual)).toEqual(made.usual);
    const sources = ['main', 'modules/alerts', 'modules/event-hub', 'modules/function-app', 'modules/identity', 'modules/monitoring']
      .concat('modules/roles', 'modules/sentinel', 'modules/storage', 'modules/watched-workspace', 'modules/workspace-location')
      .map((path) => text(`infra/${path}.bicep`));
    expect(sources.filter((source) => /utcNow|newGuid|deployment\(\)/.test(source))).toEqual([]);
  });
});
