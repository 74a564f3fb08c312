/** ACRT3…: prerequisites and setup. */
export const PREFLIGHT_NOTES = {
  ACRT3001: {
    meaning: 'ARM has no pipeline with this resource ID.',
    evidence: 'ARM: 404 for the pipeline.',
  },
  ACRT3002: {
    meaning: "The action's own principal is signed in, but has no permission for this request.",
    evidence: 'ARM: 401 or 403 (AuthorizationFailed).',
  },
  ACRT3003: {
    meaning: 'A pipeline accepts runs only if its provisioningState is Succeeded.',
    evidence: 'ARM: provisioningState of the pipeline.',
  },
  ACRT3004: {
    meaning: 'ARM has no registry with the resource ID that the pipeline belongs to.',
    evidence: 'ARM: 404 for the registry.',
  },
  ACRT3005: {
    meaning: "A selected tag or digest isn't in the source registry. Nothing was started.",
    evidence: 'Registry: 404 for the manifest.',
  },
  ACRT3006: {
    meaning: 'The storage account has no container with this name.',
    evidence: 'Storage: ContainerNotFound; the file system for a directory.',
  },
  ACRT3007: {
    meaning: 'ACR Transfer works only with Premium registries (Microsoft: ACR Transfer prerequisites).',
    evidence: 'ARM: sku of the registry (Microsoft: ACR Transfer prerequisites).',
  },
  ACRT3008: {
    meaning: 'exportPolicy is disabled on the source registry (data loss prevention).',
    evidence: 'ARM: exportPolicy of the registry (Microsoft: data loss prevention).',
  },
  ACRT3009: {
    meaning: 'A request to the control plane failed for another reason than permissions, also after retries.',
    evidence: "ARM: an error that matches none of the entries below, or a response that can't be parsed.",
  },
  ACRT3010: {
    meaning:
      'A pattern in the repository part of a line needs the list of all repositories. On registries with ABAC, roles on repositories do not include this permission (Microsoft: ACR roles and permissions, catalog listing).',
    evidence: 'Registry: 401 or 403 for the catalog.',
  },
  ACRT3011: {
    meaning:
      'The pattern of a line, together with its options, matches no tag of the source registry. Nothing was started.',
    evidence: 'The lists of repositories and tags of the source registry.',
  },
  ACRT3012: {
    meaning:
      "Foreign (non-distributable) layers are stored in another registry. The transfer service doesn't copy them, so a pull at the target would fail (Microsoft: ACR Transfer troubleshooting).",
    evidence: 'Layers with a non-distributable media type, or with urls (OCI image specification).',
  },
  ACRT3013: {
    meaning:
      'A layer is larger than the 8 GB that the service supports, or the artifact alone is larger than max-blob-size.',
    evidence: 'Sizes in the manifest, and the limits of the service (Microsoft: ACR Transfer).',
  },
  ACRT3014: {
    meaning: "Without an identity, the pipeline can't read its secret or access the storage.",
    evidence: 'ARM: `identity` of the pipeline is absent or None.',
  },
  ACRT3015: {
    meaning:
      "The registry accepts requests only from selected networks. The runner must reach it to list and verify artifacts. The transfer service isn't affected.",
    evidence: 'ARM: publicNetworkAccess and networkRuleSet of the registry.',
  },
  ACRT3016: {
    meaning:
      "The network access of the registry is restricted, and trusted Azure services are not exempt. Other Azure services can't reach the registry.",
    evidence:
      'ARM: networkRuleBypassOptions is None (Microsoft: "Allow trusted services to securely access a network-restricted registry").',
  },
  ACRT3017: {
    meaning:
      'A blob with this name is in the source container, but no run of this transfer has finished it. Without the option OverwriteBlobs, the export fails.',
    evidence:
      'ARM: `options` of the export pipeline; storage: the blob exists (Microsoft: ACR Transfer, "OverwriteBlobs").',
  },
  ACRT3018: {
    meaning:
      'The target registry has other digests under these tags. Without the option OverwriteTags, the import leaves the tags unchanged.',
    evidence:
      'ARM: `options` of the import pipeline; registry: the tag has another digest (Microsoft: ACR Transfer, "OverwriteTags").',
  },
  ACRT3019: {
    meaning:
      'The import pipeline has the option DeleteSourceBlobOnSuccess, but its SAS or the role of its identity does not allow it to delete blobs.',
    evidence: 'ARM: `options`; the `sp` of its SAS, or the roles of its identity.',
  },
  ACRT3020: {
    meaning:
      'This step starts import runs itself, and the source trigger of the pipeline is enabled. The trigger also imports every blob that arrives.',
    evidence: 'ARM: trigger.sourceTrigger.status of the import pipeline is Enabled, which is its default.',
  },
  ACRT3021: {
    meaning: 'This step waits for runs of the source trigger, but a disabled trigger starts no runs.',
    evidence: 'ARM: trigger.sourceTrigger.status of the import pipeline is Disabled.',
  },
  ACRT3022: {
    meaning:
      'The firewall of the storage account allows only selected networks. Transfer pipelines fail with 403 "Failed to access storage" (Azure/azure-cli-extensions#8706), and the handoff can\'t access the blobs.',
    evidence: 'ARM: publicNetworkAccess and networkAcls of the storage account.',
  },
  ACRT3023: {
    meaning:
      'The pipeline reads the SAS of its container from a Key Vault secret. The secret is missing, disabled or expired, or is not a SAS.',
    evidence: 'Key Vault: the secret and its attributes.',
  },
  ACRT3024: {
    meaning:
      "The SAS in the secret of the pipeline has expired, isn't valid yet, isn't a SAS of a container, or lacks permissions.",
    evidence:
      'The fields se, st, sp, sr, srt, spr and ss of the SAS (Microsoft: "Create a service SAS", "Create an account SAS").',
  },
  ACRT3025: {
    meaning: 'The SAS or the secret is still valid, but transfers fail after it expires.',
    evidence: 'The `se` of the SAS, or the expiry of the secret.',
  },
  ACRT3026: {
    meaning: 'The pipeline accesses its storage with its identity, but the identity has no role on the container.',
    evidence:
      'ARM: role assignments of the identity at the container and above (Microsoft: ACR Transfer, storage access mode ManagedIdentity).',
  },
  ACRT3027: {
    meaning:
      'The pipeline reads the SAS of its container from a Key Vault secret, but its identity has no permission to read the secret.',
    evidence:
      'ARM: role assignments or access policies of the vault (Microsoft: ACR Transfer troubleshooting, 403 Forbidden).',
  },
  ACRT3028: {
    meaning: 'The principal of this step has no role with the permission to write pipeline runs of the registry.',
    evidence: 'ARM: permissions of the caller at the registry (Microsoft.Authorization/permissions).',
  },
  ACRT3029: {
    meaning:
      "The SAS in source-sas or target-sas has expired, isn't valid yet, isn't a SAS of a container, or lacks permissions.",
    evidence: 'The fields of the SAS, without a request to storage.',
  },
  ACRT3030: {
    meaning: "A locked tag can't be moved to another digest, even by a pipeline with OverwriteTags.",
    evidence: 'Registry: changeableAttributes.writeEnabled is false (Microsoft: "Lock a container image").',
  },
  ACRT3031: {
    meaning:
      "The artifacts are in quarantine until a scanner approves them, or are locked for reads. The export can't read them.",
    evidence:
      'Registry: changeableAttributes.readEnabled is false, or quarantineState is Quarantined (Azure/acr docs/preview/quarantine).',
  },
  ACRT3032: {
    meaning: 'The trigger imports only blobs with the metadata category=acr-transfer-blob. Many copy tools drop it.',
    evidence: 'Storage: metadata of the blob (Microsoft: ACR Transfer troubleshooting).',
  },
  ACRT3033: {
    meaning: 'The trigger imports only blobs that were written in the last 60 days.',
    evidence: 'Storage: Last-Modified (Microsoft: ACR Transfer, source trigger).',
  },
  ACRT3034: {
    meaning: 'The principal of this step has no permission to read or write blobs in a container that the step uses.',
    evidence: 'ARM: role assignments of the principal, at the container and above.',
  },
  ACRT3035: {
    meaning: 'A SAS without `spr=https` can be sent over plain HTTP, where it can be intercepted.',
    evidence: 'The field spr of the SAS is absent or contains http (Microsoft: "Create a service SAS").',
  },
  ACRT3036: {
    meaning:
      'The registry, its resource group or its subscription has a management lock. A read-only lock blocks pipeline runs.',
    evidence: 'ARM: ScopeLocked.',
  },
  ACRT3037: {
    meaning: 'An Azure policy denies the request. The message names the policy.',
    evidence: 'ARM: RequestDisallowedByPolicy.',
  },
  ACRT3038: {
    meaning:
      'The sign-in succeeded, but the subscription in the resource ID belongs to another tenant or another cloud, or was moved.',
    evidence: 'ARM: SubscriptionNotFound, InvalidAuthenticationToken*.',
  },
  ACRT3039: {
    meaning:
      "The subscription hasn't registered the resource provider Microsoft.ContainerRegistry, or the cloud doesn't support the api-version yet.",
    evidence: 'ARM: MissingSubscriptionRegistration, NoRegisteredProviderFound, InvalidResourceType.',
  },
  ACRT3040: {
    meaning:
      'The subscription or the principal exceeded its limit of requests to the control plane, also after waiting.',
    evidence: 'ARM: 429, TooManyRequests (Microsoft: "Understand how Azure Resource Manager throttles requests").',
  },
  ACRT3041: {
    meaning: 'ARM refused the request because the exportPolicy of the registry is disabled.',
    evidence: 'ARM: an error message about disabled exports (Azure-Samples/holiday-peak-hub#830).',
  },
  ACRT3042: {
    meaning:
      'Assigning roles needs its own permission (Microsoft.Authorization/roleAssignments/write). Everything else is set up. A person with this permission can assign the role.',
    evidence: 'ARM: 403 for the PUT of a role assignment (Microsoft: "Assign Azure roles using the REST API").',
  },
  ACRT3043: {
    meaning:
      'Changing access policies needs its own permission (Microsoft.KeyVault/vaults/accessPolicies/write). Everything else is set up. A person with this permission can add the policy.',
    evidence: 'ARM: 403 for the PUT of an access policy (Microsoft: "Vaults - Update Access Policy").',
  },
  ACRT3044: {
    meaning:
      "This step looks for the storage account, the vault and the identity in the pipeline's subscription. It finds only resources that it has permission to read.",
    evidence: 'ARM: lists of storage accounts and vaults, and the identity.',
  },
  ACRT3045: {
    meaning:
      'Everything is set up, but storage or Key Vault still refuses a test run of the pipeline. New role assignments take up to ten minutes, and longer for a new identity.',
    evidence: 'A test run that failed with ACRT4002, ACRT4011, ACRT4012 or ACRT4013.',
  },
  ACRT3046: {
    meaning:
      'A user delegation key needs the role "Storage Blob Delegator" on the account. An account key needs the permission to list keys, and an account that allows shared keys.',
    evidence: 'Storage: 403 for Get User Delegation Key; ARM: 403 for listKeys, or allowSharedKeyAccess false.',
  },
  ACRT3047: {
    meaning:
      'This step tests a new SAS before it stores it. A user delegation SAS has no more permissions than its signer, and an account can disallow shared keys.',
    evidence: 'Storage: the response to a list request with the new SAS.',
  },
  ACRT3048: {
    meaning: 'The vault refused a new version of the secret that contains the SAS of the pipeline.',
    evidence: 'Key Vault: the response to Set Secret.',
  },
  ACRT3049: {
    meaning: 'A pipeline with the storage access mode ManagedIdentity uses no SAS and no secret.',
    evidence: 'ARM: storageAccessMode of the pipeline.',
  },
  ACRT3056: {
    meaning:
      'The pipeline has the option ContinueOnErrors. Its runs succeed although they leave out artifacts, and this step does not verify the result at the target. The action detects it only where a run or the size of a blob shows it.',
    evidence: 'The options of the pipeline, as ARM returns them.',
  },
} as const;
