// One side of a transfer: an export pipeline on the source, or an import pipeline on the target. Deploy it into the resource
// group of the registry, once in each cloud. Registry (Premium), storage account and container exist; in the mode SasToken
// so do the vault and the secret. docs/infrastructure.md describes it.
targetScope = 'resourceGroup'

@description('export on the source side, import on the target side.')
@allowed(['export', 'import'])
param side string

@description('Registry in this resource group.')
param registryName string

@description('Letters and digits.')
@minLength(5)
@maxLength(50)
param pipelineName string

param location string = resourceGroup().location

param storageAccountName string
param storageResourceGroup string = resourceGroup().name
param containerName string

@description('For exports: OverwriteBlobs, ContinueOnErrors. For imports: OverwriteTags, DeleteSourceBlobOnSuccess, ContinueOnErrors.')
param options string[] = []

@description('For imports. The default of the service is Enabled; `import-by: run` requires Disabled.')
@allowed(['Enabled', 'Disabled'])
param sourceTrigger string = 'Disabled'

@description('Name of a user-assigned identity to create for the pipeline. Empty: a system-assigned identity.')
param identityName string = ''

@allowed(['ManagedIdentity', 'SasToken'])
param storageAccessMode string = 'ManagedIdentity'

@description('For the mode SasToken: the vault of the SAS.')
param vaultName string = ''
param vaultResourceGroup string = resourceGroup().name
param secretName string = ''

@description('For the mode SasToken: the permission model of the vault.')
@allowed(['roles', 'policies'])
param vaultAuthorization string = 'roles'

@description('Subject of the id-tokens of the workflow. Empty: no identity for the workflow.')
param githubSubject string = ''

@description('https://HOSTNAME/_services/token for GitHub Enterprise Server.')
param githubIssuer string = 'https://token.actions.githubusercontent.com'

@description('Whether roles of the registry can be limited to repositories (ABAC), which requires other roles for reading.')
param registryUsesAbac bool = false

// By ID, because names of roles can differ.
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageBlobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'

var isExport = side == 'export'
var usesSas = storageAccessMode == 'SasToken'
var writes = isExport || contains(options, 'DeleteSourceBlobOnSuccess')

resource registry 'Microsoft.ContainerRegistry/registries@2025-06-01-preview' existing = {
  name: registryName
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  scope: resourceGroup(storageResourceGroup)
  name: storageAccountName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = if (!empty(identityName)) {
  name: identityName
  location: location
}

var pipelineIdentity = empty(identityName)
  ? { type: 'SystemAssigned' }
  : { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }

// The endpoint ends with a slash and the suffix of vaults starts with a dot, in every cloud.
var place = union(
  {
    type: 'AzureStorageBlobContainer'
    uri: '${storage.properties.primaryEndpoints.blob}${containerName}'
    storageAccessMode: storageAccessMode
  },
  usesSas ? { keyVaultUri: 'https://${vaultName}${environment().suffixes.keyvaultDns}/secrets/${secretName}' } : {}
)

resource exportPipeline 'Microsoft.ContainerRegistry/registries/exportPipelines@2025-06-01-preview' = if (isExport) {
  parent: registry
  name: pipelineName
  location: location
  identity: pipelineIdentity
  properties: {
    target: place
    options: options
  }
}

resource importPipeline 'Microsoft.ContainerRegistry/registries/importPipelines@2025-06-01-preview' = if (!isExport) {
  parent: registry
  name: pipelineName
  location: location
  identity: pipelineIdentity
  properties: {
    source: place
    trigger: { sourceTrigger: { status: sourceTrigger } }
    options: options
  }
}

var systemPrincipalId = isExport ? exportPipeline!.identity.principalId : importPipeline!.identity.principalId
var pipelinePrincipalId = empty(identityName) ? systemPrincipalId : identity!.properties.principalId

module workflow 'modules/workflow-identity.bicep' = if (!empty(githubSubject)) {
  name: '${pipelineName}-workflow'
  params: {
    name: '${pipelineName}-workflow'
    location: location
    registryName: registryName
    registryUsesAbac: registryUsesAbac
    subject: githubSubject
    issuer: githubIssuer
  }
}

module pipelineRole 'modules/container-role.bicep' = if (!usesSas) {
  name: '${pipelineName}-container'
  scope: resourceGroup(storageResourceGroup)
  params: {
    storageAccountName: storageAccountName
    containerName: containerName
    principalId: pipelinePrincipalId
    roleId: writes ? storageBlobDataContributor : storageBlobDataReader
  }
}

module workflowRole 'modules/container-role.bicep' = if (!empty(githubSubject)) {
  name: '${pipelineName}-workflow-role'
  scope: resourceGroup(storageResourceGroup)
  params: {
    storageAccountName: storageAccountName
    containerName: containerName
    principalId: workflow!.outputs.principalId
    roleId: storageBlobDataContributor
  }
}

module secretAccess 'modules/secret-access.bicep' = if (usesSas) {
  name: '${pipelineName}-secret'
  scope: resourceGroup(vaultResourceGroup)
  params: {
    vaultName: vaultName
    secretName: secretName
    authorization: vaultAuthorization
    principalId: pipelinePrincipalId
  }
}

@description('Value for `export-pipeline` or `import-pipeline`.')
output pipelineId string = isExport ? exportPipeline.id : importPipeline.id

output principalId string = pipelinePrincipalId

@description('Value for `source-client-id` or `target-client-id`.')
output clientId string = empty(githubSubject) ? '' : workflow!.outputs.clientId

@description('Value for `source-tenant-id` or `target-tenant-id`.')
output tenantId string = tenant().tenantId
