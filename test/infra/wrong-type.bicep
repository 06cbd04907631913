resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'sthunt'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowSharedKeyAccess: 'no'
  }
}
