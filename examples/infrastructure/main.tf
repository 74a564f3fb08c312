# One side of a transfer: an export pipeline on the source, or an import pipeline on the target. One state for each cloud.
# Registry (Premium), storage account and container exist; in the mode SasToken so do the vault and the secret. The cloud and
# the subscription come from ARM_ENVIRONMENT (public, usgovernment, china) and ARM_SUBSCRIPTION_ID.
# docs/infrastructure.md describes it.
terraform {
  required_version = ">= 1.9"

  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = "~> 2.0"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
}

provider "azapi" {}

provider "azurerm" {
  features {}
}

data "azurerm_client_config" "current" {}

# With azapi, because the data sources of azurerm also request keys.
data "azapi_resource" "storage" {
  type                   = "Microsoft.Storage/storageAccounts@2023-05-01"
  resource_id            = var.storage_account_id
  response_export_values = ["properties.primaryEndpoints.blob"]
}

data "azapi_resource" "vault" {
  count                  = local.uses_sas ? 1 : 0
  type                   = "Microsoft.KeyVault/vaults@2023-07-01"
  resource_id            = var.vault_id
  response_export_values = ["properties.vaultUri"]
}

locals {
  is_export      = var.side == "export"
  uses_sas       = var.storage_access_mode == "SasToken"
  writes         = local.is_export || contains(var.options, "DeleteSourceBlobOnSuccess")
  resource_group = split("/", var.registry_id)[4]
  container_id   = "${var.storage_account_id}/blobServices/default/containers/${var.container_name}"
  # Endpoint and URI end with a slash, in every cloud.
  container_uri = "${data.azapi_resource.storage.output.properties.primaryEndpoints.blob}${var.container_name}"
  secret_id     = local.uses_sas ? "${var.vault_id}/secrets/${var.secret_name}" : null
  secret_uri    = one([for vault in data.azapi_resource.vault : "${vault.output.properties.vaultUri}secrets/${var.secret_name}"])

  place = { for name, value in {
    type              = "AzureStorageBlobContainer"
    uri               = local.container_uri
    storageAccessMode = var.storage_access_mode
    keyVaultUri       = local.secret_uri
  } : name => value if value != null }

  # By ID, because names of roles can differ.
  role = {
    acr_pull                      = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
    key_vault_secrets_user        = "4633458b-17de-408a-b874-0445c86b69e6"
    reader                        = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    repository_catalog_lister     = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7"
    repository_reader             = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
    storage_blob_data_contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    storage_blob_data_reader      = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    transfer_pipeline_contributor = "bf94e731-3a51-4a7c-8c54-a1ab9971dfc1"
  }
  role_definitions = "/subscriptions/${data.azurerm_client_config.current.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
}

resource "azurerm_user_assigned_identity" "pipeline" {
  count               = var.identity_name == null ? 0 : 1
  name                = var.identity_name
  location            = var.location
  resource_group_name = local.resource_group
}

resource "azapi_resource" "pipeline" {
  type      = "Microsoft.ContainerRegistry/registries/${var.side}Pipelines@2025-06-01-preview"
  name      = var.pipeline_name
  parent_id = var.registry_id
  location  = var.location

  identity {
    type         = var.identity_name == null ? "SystemAssigned" : "UserAssigned"
    identity_ids = azurerm_user_assigned_identity.pipeline[*].id
  }

  body = {
    properties = { for name, value in {
      target  = local.is_export ? local.place : null
      source  = local.is_export ? null : local.place
      trigger = local.is_export ? null : { sourceTrigger = { status = var.source_trigger } }
      options = var.options
    } : name => value if value != null }
  }
}

locals {
  principal_id = var.identity_name == null ? azapi_resource.pipeline.identity[0].principal_id : azurerm_user_assigned_identity.pipeline[0].principal_id
}

resource "azurerm_role_assignment" "container" {
  count              = local.uses_sas ? 0 : 1
  scope              = local.container_id
  role_definition_id = "${local.role_definitions}/${local.writes ? local.role.storage_blob_data_contributor : local.role.storage_blob_data_reader}"
  principal_id       = local.principal_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_role_assignment" "secret" {
  count              = local.uses_sas && var.vault_authorization == "roles" ? 1 : 0
  scope              = local.secret_id
  role_definition_id = "${local.role_definitions}/${local.role.key_vault_secrets_user}"
  principal_id       = local.principal_id
  principal_type     = "ServicePrincipal"
}

resource "azurerm_key_vault_access_policy" "secret" {
  count              = local.uses_sas && var.vault_authorization == "policies" ? 1 : 0
  key_vault_id       = var.vault_id
  tenant_id          = data.azurerm_client_config.current.tenant_id
  object_id          = local.principal_id
  secret_permissions = ["Get"]
}

output "pipeline_id" {
  description = "Value for export-pipeline or import-pipeline."
  value       = azapi_resource.pipeline.id
}

output "principal_id" {
  value = local.principal_id
}
