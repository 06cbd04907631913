@description('Region of plan and app.')
param location string

@description('Name of the Flex Consumption plan.')
param planName string

@description('Name of the function app.')
param appName string

@description('Name of the service in azure.yaml, by which azd finds the app.')
param serviceName string

@description('Tags of plan and app.')
param tags object

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Address of the blob service of package, host, ledger and dead letters, with a slash at its end.')
param blobServiceUri string

@description('Container of the deployment package.')
param packageContainer string

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Connection string of Application Insights, an address without a secret.')
param applicationInsightsConnectionString string

@description('Settings that the app itself reads, name to value, but for the workspaces.')
param settings object

@description('Workspace ids (GUIDs) of the workspaces whose roles this deployment assigns.')
param watchedWorkspaceIds string[]

@description('Workspace ids (GUIDs) of the others.')
param delegatedWorkspaceIds string[]

@description('Resource id of the workspace that takes the logs.')
param logWorkspaceId string

// Settings that the Functions host reads. Blobs are all that it needs: no trigger here uses queues or tables.
var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: blobServiceUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // Node's own limit is half of what the machine has, or less. https://learn.microsoft.com/azure/azure-functions/functions-reference-node
  languageWorkers__node__arguments: '--max-old-space-size=${instanceMemoryMB * 3 / 4}'
}

var workspaceSettings = {
  HUNT_WORKSPACES: join(union(watchedWorkspaceIds, delegatedWorkspaceIds), ',')
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: map(items(union(hostSettings, settings, workspaceSettings)), setting => {
        name: setting.key
        value: setting.value
      })
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobServiceUri}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        // The timer runs on one instance, and the event hub has four partitions. No lower bound than this can be set.
        maximumInstanceCount: 40
      }
      runtime: {
        name: 'node'
        version: '22'
      }
    }
  }

  // Deployment is by a token of whoever deploys, never by a password.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: logWorkspaceId
    // Application Insights has what the functions log; this has what the host says where it cannot even reach that.
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Name of the function app.')
output name string = app.name
