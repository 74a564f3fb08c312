// The identity of the workflow for OIDC, with its roles on the registry.
param name string
param location string
param registryName string
param registryUsesAbac bool

@description('As in the id-tokens of the jobs that can sign in. It is compared exactly, without wildcards.')
param subject string

param issuer string

var audiences = {
  AzureCloud: 'api://AzureADTokenExchange'
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov'
  AzureChinaCloud: 'api://AzureADTokenExchangeChina'
}
var cloud = environment().name

var transferPipelineContributor = 'bf94e731-3a51-4a7c-8c54-a1ab9971dfc1'
var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var repositoryReader = 'b93aa761-3e63-49ed-ac28-beffa264f7ac'
var repositoryCatalogLister = 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7'

var roles = concat(
  [transferPipelineContributor, reader],
  registryUsesAbac ? [repositoryReader, repositoryCatalogLister] : [acrPull]
)

resource registry 'Microsoft.ContainerRegistry/registries@2025-06-01-preview' existing = {
  name: registryName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location

  resource github 'federatedIdentityCredentials' = {
    name: 'github'
    properties: {
      issuer: issuer
      subject: subject
      audiences: [contains(audiences, cloud) ? audiences[cloud] : audiences.AzureCloud]
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    scope: registry
    name: guid(registry.id, identity.id, role)
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
