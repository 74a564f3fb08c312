// Lets a pipeline read its SAS: with a role on the secret, or with an access policy of the vault, depending on the permission
// model of the vault.
param vaultName string
param secretName string

@allowed(['roles', 'policies'])
param authorization string

@description('Object id of a managed identity.')
param principalId string

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName

  resource secret 'secrets' existing = {
    name: secretName
  }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (authorization == 'roles') {
  scope: vault::secret
  name: guid(vault::secret.id, principalId, keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
  }
}

// `add` keeps the existing policies.
resource policy 'Microsoft.KeyVault/vaults/accessPolicies@2023-07-01' = if (authorization == 'policies') {
  parent: vault
  name: 'add'
  properties: {
    accessPolicies: [
      {
        tenantId: tenant().tenantId
        objectId: principalId
        permissions: { secrets: ['get'] }
      }
    ]
  }
}
