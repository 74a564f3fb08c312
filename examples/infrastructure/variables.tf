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
  description = "Of exports: OverwriteBlobs, ContinueOnErrors. Of imports: OverwriteTags, DeleteSourceBlobOnSuccess, ContinueOnErrors."
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
  description = "Of imports. The service itself defaults to Enabled; `import-by: run` wants it Disabled."
  type        = string
  default     = "Disabled"
}

variable "identity_name" {
  description = "Name of a user-assigned identity to make for the pipeline; null: a system-assigned one."
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
  description = "Of the mode SasToken: resource ID of the vault that keeps the SAS."
  type        = string
  default     = null
  validation {
    condition     = var.storage_access_mode == "ManagedIdentity" || (var.vault_id != null && var.secret_name != "")
    error_message = "The mode SasToken needs vault_id and secret_name."
  }
}

variable "secret_name" {
  description = "Of the mode SasToken."
  type        = string
  default     = ""
}

variable "vault_authorization" {
  description = "Of the mode SasToken: what decides in the vault who may read, roles or policies."
  type        = string
  default     = "roles"
}

variable "github_subject" {
  description = "Subject of the id-tokens of the workflow; null: no identity is made for the workflow."
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
  description = "Whether roles of the registry can be limited to repositories; then it has other roles for reading."
  type        = bool
  default     = false
}
