// Lets the app query a workspace, wherever that lies.

import { roleIds } from 'role-ids.bicep'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Object id of the app\'s identity.')
param principalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: workspace
  // By the principal, not by the identity's name: when the identity is made anew, an assignment that was left behind is in nobody's way.
  name: guid(workspace.id, principalId, roleIds.logAnalyticsReader)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.logAnalyticsReader)
  }
}

@description('Workspace id (a GUID), by which queries name it.')
output workspaceId string = workspace.properties.customerId
