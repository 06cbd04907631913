// A module of its own: only what a module gives out may be the location of a resource.

@description('Name of the Log Analytics workspace.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

@description('Region of the workspace.')
output location string = workspace.location
