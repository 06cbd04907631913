@description('Region of the identity.')
param location string

@description('Name of the identity.')
param name string

@description('Tags of the identity.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Object id in Entra ID, which roles are assigned to.')
output principalId string = identity.properties.principalId

@description('Client id, which the settings name.')
output clientId string = identity.properties.clientId
