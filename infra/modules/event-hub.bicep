@description('Region of the namespace.')
param location string

@description('Name of the namespace: 6 to 50 letters, digits and hyphens.')
param namespaceName string

@description('Name of the event hub that takes the incidents.')
param eventHubName string

@description('Consumer group of the way into Sentinel.')
param consumerGroupName string

@description('Resource id of the workspace that takes the logs.')
param logWorkspaceId string

@description('Tags of the namespace.')
param tags object

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  // Basic has one consumer group and keeps messages for a day.
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: eventHubName
  properties: {
    // Standard cannot change it later. Incidents are few; four readers may share them.
    partitionCount: 4
    retentionDescription: {
      cleanupPolicy: 'Delete'
      // The most that Standard keeps: what Sentinel cannot take for a week is not lost.
      retentionTimeInHours: 168
    }
  }
}

resource consumerGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: consumerGroupName
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: logWorkspaceId
    logs: [
      {
        category: 'OperationalLogs'
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

@description('Name of the namespace.')
output namespaceName string = namespace.name

@description('Name of the event hub.')
output eventHubName string = hub.name

@description('Host name of the namespace.')
output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
