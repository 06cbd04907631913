// Composes the whole: one concern a module. docs/deploy.md says how it is deployed, and what it costs.

targetScope = 'resourceGroup'

@description('Required. Name of the azd environment. With the resource group it decides the names of all resources, so two environments may share a group.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Optional. Region of everything but what lies in the Sentinel workspace.')
param location string = resourceGroup().location

@description('Required unless sentinelWorkspaceId is given. Resource ids of the Log Analytics workspaces to hunt in, in any resource group and subscription of this tenant. The app becomes Log Analytics Reader of each.')
param watchedWorkspaceIds string[] = []

@description('Optional. Workspace ids (GUIDs) of workspaces to hunt in whose roles are assigned elsewhere, such as those of other tenants, delegated by Azure Lighthouse.')
param delegatedWorkspaceIds string[] = []

@description('Optional. Resource id of the workspace, with Sentinel on it, that receives the incidents. Empty: incidents go to the Event Hub and no further. Without watchedWorkspaceIds this workspace is the one to hunt in.')
param sentinelWorkspaceId string = ''

@description('Optional. Resource id of the action group that the alerts go to. Empty: alerts are raised, and nobody is told.')
param actionGroupId string = ''

@description('Optional. Minutes between two cycles.')
@allowed([5, 10, 15])
param cycleMinutes int = 5

@description('Optional. Ids (GUIDs) of the rules to run. Empty: the rule that the app runs by default.')
param ruleIds string[] = []

@description('Optional. First instant to cover, ISO 8601. Empty: 49 hours before the first cycle. A later change has no effect.')
param start string = ''

@description('Optional. Whether pairs that the edge of two bins parts are reported too.')
param splitPairs bool = true

@description('Optional. Whether everything is done but writing and sending.')
param dryRun bool = false

@description('Optional. Name of a table in rules to the KQL to read it with.')
param sources object = {}

@description('Optional. Memory of an instance, in MB. docs/deploy.md says what was measured.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Optional. How many copies of ledger and package are kept, and where.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_LRS'

@description('Optional. How many days the telemetry of the app itself is kept.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 30

@description('Optional. How many minutes a closed bin may wait for its first whole evaluation before an alert is raised.')
@minValue(30)
param uncoveredLimitMinutes int = 60

@description('Optional. How many minutes an incident may wait for its way into Sentinel before an alert is raised. The alert looks back two hours.')
@minValue(5)
@maxValue(90)
param lateLimitMinutes int = 30

@description('Whether a text has the form of a workspace\'s resource id.')
func isWorkspaceId(id string) bool =>
  length(split(id, '/')) == 9 && startsWith(toLower(id), '/subscriptions/') && toLower(join(take(skip(split(id, '/'), 5), 3), '/')) == 'providers/microsoft.operationalinsights/workspaces'

// Letters and digits, so that every resource's rules for names are kept whatever the environment is called.
var token = uniqueString(resourceGroup().id, environmentName)
var tags = { 'azd-env-name': environmentName }

var ingests = !empty(sentinelWorkspaceId)
var malformed = filter(union(watchedWorkspaceIds, ingests ? [sentinelWorkspaceId] : []), id => !isWorkspaceId(id))
// In one spelling: Azure takes ids in any case, and what is named by guid() of one would get a second name in a second spelling.
var sentinelId = toLower(sentinelWorkspaceId)
var named = empty(watchedWorkspaceIds) && ingests ? [sentinelId] : map(watchedWorkspaceIds, id => toLower(id))
var watched = !empty(malformed)
  ? fail('Not the resource id of a Log Analytics workspace: ${malformed[0]}. It reads /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/…; look it up with: az monitor log-analytics workspace list --query [].id')
  : empty(named) && empty(delegatedWorkspaceIds)
      ? fail('No workspace to hunt in. Run: azd env set SENTINEL_WORKSPACE_ID <resource id>, or azd env set WATCHED_WORKSPACE_IDS <resource ids, comma-separated>.')
      : union(named, [])

var containers = {
  package: 'app-package'
  ledger: 'hunt-ledger'
  deadLetters: 'dead-letter'
}

// No property of environment() has these.
#disable-next-line no-hardcoded-env-urls
var publicEndpoint = 'https://api.loganalytics.io'
var logAnalyticsEndpoints = {
  AzureCloud: publicEndpoint
  AzureUSGovernment: 'https://api.loganalytics.us'
  AzureChinaCloud: 'https://api.loganalytics.azure.cn'
}

module identity 'modules/identity.bicep' = {
  name: 'hunt-identity-${token}'
  params: {
    location: location
    name: 'id-hunt-${token}'
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'hunt-monitoring-${token}'
  params: {
    location: location
    workspaceName: 'log-hunt-${token}'
    applicationInsightsName: 'appi-hunt-${token}'
    retentionInDays: logRetentionInDays
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'hunt-storage-${token}'
  params: {
    location: location
    name: 'sthunt${token}'
    redundancy: storageRedundancy
    logWorkspaceId: monitoring.outputs.workspaceId
    packageContainer: containers.package
    ledgerContainer: containers.ledger
    deadLetterContainer: containers.deadLetters
    tags: tags
  }
}

module eventHub 'modules/event-hub.bicep' = {
  name: 'hunt-event-hub-${token}'
  params: {
    location: location
    namespaceName: 'evhns-hunt-${token}'
    eventHubName: 'incidents'
    consumerGroupName: 'sentinel'
    logWorkspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'hunt-roles-${token}'
  params: {
    principalId: identity.outputs.principalId
    storageAccountName: storage.outputs.name
    eventHubNamespaceName: eventHub.outputs.namespaceName
    eventHubName: eventHub.outputs.eventHubName
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    ingests: ingests
  }
}

module watchedWorkspaces 'modules/watched-workspace.bicep' = [
  for (id, index) in watched: {
    name: 'hunt-watched-${index}-${token}'
    scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
    params: {
      workspaceName: split(id, '/')[8]
      principalId: identity.outputs.principalId
    }
  }
]

module sentinelLocation 'modules/workspace-location.bicep' = if (ingests) {
  name: 'hunt-sentinel-location-${token}'
  scope: resourceGroup(split(sentinelId, '/')[2], split(sentinelId, '/')[4])
  params: {
    workspaceName: split(sentinelId, '/')[8]
  }
}

module sentinel 'modules/sentinel.bicep' = if (ingests) {
  name: 'hunt-sentinel-${token}'
  scope: resourceGroup(split(sentinelId, '/')[2], split(sentinelId, '/')[4])
  params: {
    workspaceName: split(sentinelId, '/')[8]
    location: sentinelLocation!.outputs.location
    dataCollectionRuleName: 'dcr-hunt-${token}'
    principalId: identity.outputs.principalId
    tags: tags
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'hunt-function-app-${token}'
  params: {
    location: location
    planName: 'plan-hunt-${token}'
    appName: 'func-hunt-${token}'
    serviceName: 'hunt'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobServiceUri: storage.outputs.blobServiceUri
    packageContainer: containers.package
    instanceMemoryMB: instanceMemoryMB
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    logWorkspaceId: monitoring.outputs.workspaceId
    tags: tags
    settings: union(
      {
        HUNT_SCHEDULE: '0 */${cycleMinutes} * * * *'
        HUNT_SPLIT_PAIRS: splitPairs ? 'on' : 'off'
        HUNT_DRY_RUN: dryRun ? 'true' : 'false'
        LOG_ANALYTICS_ENDPOINT: logAnalyticsEndpoints[environment().name]
        IncidentHub__fullyQualifiedNamespace: eventHub.outputs.fullyQualifiedNamespace
        IncidentHub__credential: 'managedidentity'
        IncidentHub__clientId: identity.outputs.clientId
        IncidentHub__eventHubName: eventHub.outputs.eventHubName
        HuntLedger__blobServiceUri: storage.outputs.blobServiceUri
        HuntLedger__credential: 'managedidentity'
        HuntLedger__clientId: identity.outputs.clientId
      },
      empty(ruleIds) ? {} : { HUNT_RULES: join(ruleIds, ',') },
      empty(start) ? {} : { HUNT_START: start },
      empty(sources) ? {} : { HUNT_SOURCES: string(sources) },
      ingests
        ? {
            INGEST_ENDPOINT: sentinel!.outputs.endpoint
            INGEST_RULE_ID: sentinel!.outputs.ruleId
            INGEST_STREAM: sentinel!.outputs.stream
          }
        : {}
    )
    watchedWorkspaceIds: [for (id, index) in watched: watchedWorkspaces[index].outputs.workspaceId]
    delegatedWorkspaceIds: delegatedWorkspaceIds
  }
  // Without its roles the app could not fetch its package.
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  name: 'hunt-alerts-${token}'
  params: {
    location: location
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: actionGroupId
    cycleMinutes: cycleMinutes
    uncoveredLimitMinutes: uncoveredLimitMinutes
    lateLimitMinutes: lateLimitMinutes
    ingests: ingests
    nameSuffix: token
    tags: tags
  }
}

@description('Name of the function app.')
output FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Object id of the app\'s identity, for roles that are assigned elsewhere.')
output APP_PRINCIPAL_ID string = identity.outputs.principalId
