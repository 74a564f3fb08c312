# The identity of the workflow for OIDC, with its roles on the registry and the container.
locals {
  has_workflow = var.github_subject != null

  workflow_roles = merge(
    { for name in concat(
      ["transfer_pipeline_contributor", "reader"],
      var.registry_uses_abac ? ["repository_reader", "repository_catalog_lister"] : ["acr_pull"],
    ) : name => var.registry_id },
    { storage_blob_data_contributor = local.container_id },
  )
}

resource "azurerm_user_assigned_identity" "workflow" {
  count               = local.has_workflow ? 1 : 0
  name                = "${var.pipeline_name}-workflow"
  location            = var.location
  resource_group_name = local.resource_group
}

resource "azurerm_federated_identity_credential" "github" {
  count                     = local.has_workflow ? 1 : 0
  name                      = "github"
  user_assigned_identity_id = azurerm_user_assigned_identity.workflow[0].id
  issuer                    = var.github_issuer
  subject                   = var.github_subject
  audience                  = [var.token_audience]
}

resource "azurerm_role_assignment" "workflow" {
  for_each           = { for name, scope in local.workflow_roles : name => scope if local.has_workflow }
  scope              = each.value
  role_definition_id = "${local.role_definitions}/${local.role[each.key]}"
  principal_id       = azurerm_user_assigned_identity.workflow[0].principal_id
  principal_type     = "ServicePrincipal"
}

output "client_id" {
  description = "Value for source-client-id or target-client-id."
  value       = one(azurerm_user_assigned_identity.workflow[*].client_id)
}

output "tenant_id" {
  description = "Value for source-tenant-id or target-tenant-id."
  value       = data.azurerm_client_config.current.tenant_id
}
