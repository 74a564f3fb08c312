// A role on one container of a storage account. A module, because the account can be in another resource group, and because the
// principal of a pipeline isn't known before the pipeline exists.
param storageAccountName string
param containerName string

@description('Object id of a managed identity.')
param principalId string

@description('GUID of a role definition.')
param roleId string

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = {
      name: containerName
    }
  }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage::blobs::container
  name: guid(storage::blobs::container.id, principalId, roleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}
