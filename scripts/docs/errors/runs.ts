/** ACRT4… and ACRT6…: pipeline runs and verification. */
export const RUN_NOTES = {
  ACRT4001: {
    meaning: "The transfer service ended the run as Failed or Canceled. The message contains the service's own text.",
    evidence: 'A pipelineRunErrorMessage that matches none of the entries below.',
  },
  ACRT4002: {
    meaning:
      'The storage account refused the transfer service, not this action (seen in Azure/azure-cli-extensions#8706).',
    evidence: 'pipelineRunErrorMessage "Failed to access storage … 403" (Azure/azure-cli-extensions#8706).',
  },
  ACRT4003: {
    meaning: 'timeout-minutes elapsed before the work was finished. Pipeline runs continue in Azure.',
    evidence: 'timeout-minutes, by the clock of the runner.',
  },
  ACRT4004: {
    meaning: 'ARM accepted the run, but the run was deleted later.',
    evidence: 'ARM: 404 for a run that existed.',
  },
  ACRT4005: {
    meaning:
      'With import-by: trigger, the pipeline imports blobs within 15 minutes after they arrive, if they have Content-MD5 and the metadata category=acr-transfer-blob and are at most 60 days old (Microsoft: ACR Transfer troubleshooting).',
    evidence: 'No run with an underscore in its name. Runs of the source trigger have one.',
  },
  ACRT4006: {
    meaning: "ARM didn't accept the run. The message contains the error code of the service.",
    evidence: 'ARM: an error response to the PUT of the run.',
  },
  ACRT4007: {
    meaning: "The run succeeded, but the transfer blob isn't in the source container.",
    evidence: 'Storage: 404 for the blob of a run that succeeded.',
  },
  ACRT4008: {
    meaning: 'With fail-fast, the action starts no more batches after the first failure.',
    evidence: 'An earlier batch failed, and fail-fast is set.',
  },
  ACRT4009: {
    meaning: 'The tag had another digest after the export than before, so the blob can contain either version.',
    evidence: 'The digest of the tag before and after the export.',
  },
  ACRT4010: {
    meaning: 'A tag of the plan moved to another digest, or its artifact was deleted. Nothing was started.',
    evidence: 'The digests in the plan and in the registry.',
  },
  ACRT4011: {
    meaning: "Key Vault refused the transfer service, or the secret doesn't exist.",
    evidence:
      'pipelineRunErrorMessage contains a text of Key Vault (Microsoft: ACR Transfer troubleshooting, 403 Forbidden).',
  },
  ACRT4012: {
    meaning:
      "Storage rejected the SAS from the pipeline's secret. It has expired, was revoked, belongs to another account, or isn't a SAS of a container.",
    evidence:
      'pipelineRunErrorMessage contains AuthenticationFailed or AuthorizationResourceTypeMismatch, or a text about the signature.',
  },
  ACRT4013: {
    meaning: 'The container was deleted, or the pipeline has the URI of another container.',
    evidence: 'pipelineRunErrorMessage contains ContainerNotFound.',
  },
  ACRT4014: {
    meaning: "The import pipeline tried to read a blob that isn't in its container, or no longer is.",
    evidence: 'pipelineRunErrorMessage contains BlobNotFound.',
  },
  ACRT4015: {
    meaning: "A blob with this name exists, and the pipeline isn't allowed to overwrite it.",
    evidence: 'pipelineRunErrorMessage contains BlobAlreadyExists or OverwriteBlobs.',
  },
  ACRT4016: {
    meaning: 'The artifact was in the source registry during planning, but not when the run exported it.',
    evidence:
      'pipelineRunErrorMessage contains MANIFEST_UNKNOWN, NAME_UNKNOWN or TAG_UNKNOWN (OCI distribution specification).',
  },
  ACRT4017: {
    meaning: "The tag exists with another digest, and the pipeline isn't allowed to move it.",
    evidence: 'pipelineRunErrorMessage contains OverwriteTags, or a text about an existing tag.',
  },
  ACRT4018: {
    meaning: 'The registry or the storage account throttled the transfer service until the run failed.',
    evidence: 'pipelineRunErrorMessage contains 429, TooManyRequests or ServerBusy.',
  },
  ACRT4019: {
    meaning:
      'Shared key access is disabled on the account, often by policy. Every SAS that is signed with a shared key is rejected.',
    evidence:
      'pipelineRunErrorMessage contains KeyBasedAuthenticationNotPermitted (Microsoft: Blob service error codes).',
  },
  ACRT4020: {
    meaning: 'The registry, the repository or the artifact is locked, or the registry has reached its storage limit.',
    evidence: 'pipelineRunErrorMessage contains "The operation is disallowed on this registry" (Microsoft: ACR FAQ).',
  },
  ACRT4021: {
    meaning:
      'The transfer service supports layers up to 8 GB (Microsoft: ACR Transfer). A layer of this run was refused because of its size.',
    evidence:
      'pipelineRunErrorMessage contains SIZE_INVALID (OCI distribution specification) or RequestBodyTooLarge (Microsoft: Blob service error codes).',
  },
  ACRT4022: {
    meaning:
      'The account is encrypted with a customer-managed key. The key was deleted, is disabled, has expired, is behind a firewall, or the account has no permission to use it.',
    evidence: 'pipelineRunErrorMessage contains KeyVaultEncryptionKeyNotFound (Microsoft: Blob service error codes).',
  },
  ACRT4023: {
    meaning:
      'The step received SIGINT or SIGTERM, for example from “Cancel workflow”. Pipeline runs continue in Azure.',
    evidence: 'A signal to the process of the action.',
  },
  ACRT4030: {
    meaning:
      'The export pipeline has the option ContinueOnErrors: its runs leave out what they cannot export, and succeed. The action exported the artifact again, and it was left out again.',
    evidence:
      'The run succeeded with pipelineRunErrorMessage, its response does not list the artifact, or the blob is smaller than its artifacts.',
  },
  ACRT6001: {
    meaning: 'The target registry has another manifest under this name than the source exported.',
    evidence: 'The digest at the target and the exported digest.',
  },
  ACRT6002: {
    meaning: "The import run succeeded, but the target registry doesn't have the artifact.",
    evidence: 'Registry: 404 at the target.',
  },
  ACRT6003: {
    meaning:
      'The index exists, but a manifest that it lists does not. At the target, the manifest did not arrive. At the source, it was deleted or never pushed.',
    evidence: 'Registry: 404 for a manifest in the index.',
  },
  ACRT6004: {
    meaning: 'The registry refused or failed a read request. The artifact can exist.',
    evidence: 'Registry: an error response other than 404.',
  },
  ACRT6005: {
    meaning: 'The registry accepts requests only from selected networks, and this runner is in none of them.',
    evidence:
      'Registry: DENIED, "client with IP … is not allowed access" (Microsoft: "Troubleshoot network issues with registry").',
  },
  ACRT6006: {
    meaning:
      'The registry or this principal exceeded its read requests per minute, also after waiting (Microsoft: ACR SKUs).',
    evidence: 'Registry: 429, TOOMANYREQUESTS.',
  },
  ACRT6007: {
    meaning:
      'The transfer blob contained more than the plan or the transfer manifest lists. Probably another writer of the container replaced the blob or the manifest. The artifacts are in the target registry now.',
    evidence:
      'The list importedArtifacts of the run, compared with the artifacts of the batch, the manifests below its indexes, and its referrers.',
  },
  ACRT6008: {
    meaning:
      "The service lists an imported artifact that the action can't find in the target registry, or whose name it can't read. Whether it is planned is unknown.",
    evidence: 'The list importedArtifacts of the run, and the target registry.',
  },
  ACRT6009: {
    meaning:
      'The service did not list what it imported, or listed no tags. Therefore the action compares the tags of the repositories before and after. These tags are not planned. The import or another client added or moved them.',
    evidence: 'The tags of the repositories of the batch, before and after the run.',
  },
  ACRT4031: {
    meaning:
      'The source trigger starts one run for each version of a blob. A later step repeats a failed run itself, which needs the permission to start runs.',
    evidence: 'A failed run of the source trigger for this blob, and ARM: AuthorizationFailed.',
  },
  ACRT4032: {
    meaning:
      'The import of an earlier step succeeded and deleted the blob (DeleteSourceBlobOnSuccess). Since then, the artifact was deleted at the target, or its tag was moved. The other artifacts of the blob are verified.',
    evidence: 'A run that has succeeded, the digests in the target registry, and a blob that does not exist.',
  },
} as const;
