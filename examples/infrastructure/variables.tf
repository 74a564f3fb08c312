variable "side" {
  description = "export on the source side, import on the target side."
  type        = string
  validation {
    condition     = contains(["export", "import"], var.side)
    error_message = "It is export or import."
  }
}

variable "registry_id" {
  description = "Resource ID."
  type        = string
}

variable "pipeline_name" {
  type = string
  validation {
    condition     = can(regex("^[A-Za-z0-9]{5,50}$", var.pipeline_name))
    error_message = "5 to 50 letters and digits."
  }
}

variable "location" {
  type = string
}

variable "storage_account_id" {
  description = "Resource ID."
  type        = string
}

variable "container_name" {
  type = string
}

variable "options" {
  description = "For exports: OverwriteBlobs, ContinueOnErrors. For imports: OverwriteTags, DeleteSourceBlobOnSuccess, ContinueOnErrors."
  type        = list(string)
  default     = []
  validation {
    condition = length(setsubtract(var.options, var.side == "export" ? ["OverwriteBlobs", "ContinueOnErrors"] : [
      "OverwriteTags", "DeleteSourceBlobOnSuccess", "ContinueOnErrors",
    ])) == 0
    error_message = "This side has no such option."
  }
}

variable "source_trigger" {
  description = "For imports. The default of the service is Enabled; `import-by: run` requires Disabled."
  type        = string
  default     = "Disabled"
}

variable "identity_name" {
  description = "Name of a user-assigned identity to create for the pipeline. Null: a system-assigned identity."
  type        = string
  default     = null
}

variable "storage_access_mode" {
  type    = string
  default = "ManagedIdentity"
  validation {
    condition     = contains(["ManagedIdentity", "SasToken"], var.storage_access_mode)
    error_message = "It is ManagedIdentity or SasToken."
  }
}

variable "vault_id" {
  description = "For the mode SasToken: resource ID of the vault of the SAS."
  type        = string
  default     = null
  validation {
    condition     = var.storage_access_mode == "ManagedIdentity" || (var.vault_id != null && var.secret_name != "")
    error_message = "The mode SasToken needs vault_id and secret_name."
  }
}

variable "secret_name" {
  description = "For the mode SasToken."
  type        = string
  default     = ""
}

variable "vault_authorization" {
  description = "For the mode SasToken: the permission model of the vault, roles or policies."
  type        = string
  default     = "roles"
}

variable "github_subject" {
  description = "Subject of the id-tokens of the workflow. Null: no identity for the workflow."
  type        = string
  default     = null
}

variable "github_issuer" {
  description = "https://HOSTNAME/_services/token for GitHub Enterprise Server."
  type        = string
  default     = "https://token.actions.githubusercontent.com"
}

variable "token_audience" {
  description = "api://AzureADTokenExchangeUSGov for US Government, api://AzureADTokenExchangeChina for China."
  type        = string
  default     = "api://AzureADTokenExchange"
}

variable "registry_uses_abac" {
  description = "Whether roles of the registry can be limited to repositories, which requires other roles for reading."
  type        = bool
  default     = false
}
