@description('Region of the workspace and of Application Insights.')
param location string

@description('Name of the workspace that holds the telemetry of the app itself.')
param workspaceName string

@description('Name of Application Insights.')
param applicationInsightsName string

@description('How many days telemetry is kept.')
param retentionInDays int

@description('Tags of both.')
param tags object

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Telemetry is taken from identities alone: the connection string lets nobody in.
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Name of Application Insights.')
output applicationInsightsName string = applicationInsights.name

@description('Connection string of Application Insights; with local authentication off it is an address, no secret.')
output connectionString string = applicationInsights.properties.ConnectionString
