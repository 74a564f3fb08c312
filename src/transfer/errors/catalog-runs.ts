/** ACRT4…. */
import { entry, similarReports, update } from './catalog-entry.ts';

/** ACRT4…: pipeline runs. */
export const RUN_ERRORS = {
  ACRT4001: entry<{ run: string; reason: string }>({
    title: 'A pipeline run failed',
    meaning: 'The transfer service ended the run as Failed or Canceled; its own words are in the message.',
    evidence: 'A pipelineRunErrorMessage that none of the entries below knows.',
    message: (v) => `Run ${v.run} failed: ${v.reason}`,
    remedy: (v) =>
      `Mend what the service names, then run the workflow again: finished batches are not repeated. The run stays in Azure for inspection (az acr pipeline-run show). ${similarReports(v.reason)}`,
  }),
  ACRT4002: entry<{ run: string; reason: string }>({
    title: 'The pipeline cannot access its storage',
    meaning:
      'The transfer service itself, not this action, was refused by the storage account (seen in Azure/azure-cli-extensions#8706).',
    evidence: 'pipelineRunErrorMessage "Failed to access storage … 403" (Azure/azure-cli-extensions#8706).',
    message: (v) => `Run ${v.run} was refused by its storage account: ${v.reason}`,
    remedy: () =>
      'ManagedIdentity pipelines: give the pipeline\'s identity "Storage Blob Data Contributor" on the container. SasToken pipelines: renew the SAS in the Key Vault secret (export r w l a, import r l d). In both: the storage account must be open to all networks, because the registry service is no trusted service of storage yet (Azure/acr#857).\n  az role assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID\n  az storage account update --name ACCOUNT --public-network-access Enabled --default-action Allow',
  }),
  ACRT4003: entry<{ what: string; minutes: string }>({
    title: 'The time limit was reached',
    meaning: 'timeout-minutes passed while something was still going on. A pipeline run goes on in Azure.',
    evidence: 'timeout-minutes, by the clock of the runner.',
    message: (v) => `${v.what} was not finished when the limit of ${v.minutes} min was reached.`,
    remedy: () =>
      'Run the workflow again: it takes up what is under way and repeats nothing. Raise timeout-minutes if this is its normal length.',
  }),
  ACRT4004: entry<{ run: string }>({
    title: 'A pipeline run vanished',
    meaning: 'ARM accepted the run and later knew it no more; somebody or something deleted it.',
    evidence: 'ARM: 404 for a run that was there.',
    message: (v) => `Run ${v.run} was started, but ARM no longer knows it.`,
    remedy: () => 'See the activity log of the registry for who deleted it, then run the workflow again.',
  }),
  ACRT4005: entry<{ blob: string; pipeline: string; minutes: string }>({
    title: 'The source trigger started no run',
    meaning:
      'With import-by: trigger the pipeline itself imports blobs within 15 minutes of their arrival, if they have Content-MD5, the metadata category=acr-transfer-blob and an age of at most 60 days (Microsoft: ACR Transfer troubleshooting).',
    evidence: 'No run with an underscore in its name, which runs of the trigger have.',
    message: (v) => `No run of ${v.pipeline} took up ${v.blob} within ${v.minutes} min.`,
    remedy: () =>
      'Enable the source trigger of the import pipeline, check that the blob kept Content-MD5 and metadata, and that a SAS has List. Or use import-by: run.',
  }),
  ACRT4006: entry<{ run: string; reason: string }>({
    title: 'The service refused a run',
    meaning: 'ARM did not accept the run; the code of the service is in the message.',
    evidence: 'ARM: an error answer to the PUT of the run.',
    message: (v) => `ARM refused run ${v.run}: ${v.reason}`,
    remedy: (v) => `Mend what the service names and run the workflow again. ${similarReports(v.reason)}`,
  }),
  ACRT4007: entry<{ run: string; blob: string }>({
    title: 'An export left no blob',
    meaning: 'The run succeeded, but the transfer blob is not in the source container.',
    evidence: 'Storage: 404 for the blob of a run that has succeeded.',
    message: (v) => `Run ${v.run} succeeded, but ${v.blob} is not in the source container.`,
    remedy: () =>
      'See whether a lifecycle rule or an import pipeline on this container deletes blobs, and whether source-container is the container of the export pipeline.',
  }),
  ACRT4008: entry<{ blob: string }>({
    title: 'A batch was not started',
    meaning: 'With fail-fast no further batch is started after the first failure.',
    evidence: 'An earlier batch has failed, and fail-fast is set.',
    message: (v) => `${v.blob} was not started: another batch failed and fail-fast is on.`,
    remedy: () => 'Mend the first failure and run the workflow again, or set fail-fast: false.',
  }),
  ACRT4009: entry<{ reference: string; expected: string; actual: string }>({
    title: 'A tag moved during the export',
    meaning: 'The tag points to another digest after the export than before, so the blob may hold either.',
    evidence: 'The digest of the tag before and after the export.',
    message: (v) => `${v.reference} moved while it was exported:\n  planned  ${v.expected}\n  now      ${v.actual}`,
    remedy: () => 'Run the workflow again: it plans with the digest of now. Let nothing push this tag meanwhile.',
  }),
  ACRT4010: entry<{ count: string; references: string }>({
    title: 'The source has moved since the plan',
    meaning:
      'A tag of the plan points to another digest than when it was planned, or its artifact is gone. Nothing was started.',
    evidence: 'The digests of the plan, against the registry.',
    message: (v) => `${v.count} since the plan was made:\n${v.references}`,
    remedy: () =>
      'Plan again (dry-run: true) and have it approved again. Or set on-drift: continue: what was planned travels by its digest, and the tags that moved stay as they are at the target.',
  }),
  ACRT4011: entry<{ run: string; reason: string }>({
    title: 'The pipeline cannot read its secret',
    meaning: 'The transfer service was refused by Key Vault, or found no such secret there.',
    evidence: 'pipelineRunErrorMessage speaks of Key Vault (Microsoft: ACR Transfer troubleshooting, 403 Forbidden).',
    message: (v) => `Run ${v.run} could not read the SAS from Key Vault: ${v.reason}`,
    remedy: () =>
      'If the secret is gone or has expired, store a new SAS under the same name. Else let the identity of the pipeline read it, and the vault let trusted services in:\n  az keyvault secret set --vault-name VAULT --name SECRET --value "$SAS" --expires END\n  az keyvault update --name VAULT --bypass AzureServices\n  az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --secret-permissions get\n  az role assignment create --role "Key Vault Secrets User" --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --scope VAULT_RESOURCE_ID',
  }),
  ACRT4012: entry<{ run: string; reason: string }>({
    title: 'The SAS of the pipeline is not valid',
    meaning:
      'Storage did not accept the SAS that the pipeline took from its secret: expired, revoked, of another account, or for something else than a container.',
    evidence:
      'pipelineRunErrorMessage holds AuthenticationFailed or AuthorizationResourceTypeMismatch, or speaks of the signature.',
    message: (v) => `Run ${v.run} came with a SAS that storage does not accept: ${v.reason}`,
    remedy: () =>
      'Make a new one and store it:\n  SAS=$(az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions rwlad --https-only --expiry END --output tsv)\n  az keyvault secret set --vault-name VAULT --name SECRET --value "$SAS" --expires END',
  }),
  ACRT4013: entry<{ run: string; reason: string }>({
    title: 'The container of the pipeline does not exist',
    meaning: 'Somebody deleted the container, or the pipeline names another one.',
    evidence: 'pipelineRunErrorMessage holds ContainerNotFound.',
    message: (v) => `Run ${v.run} found no container: ${v.reason}`,
    remedy: () => 'az storage container create --account-name ACCOUNT --name CONTAINER --auth-mode login',
  }),
  ACRT4014: entry<{ run: string; reason: string }>({
    title: 'The blob of an import does not exist',
    meaning: 'The import pipeline looked for a blob that is not in its container (any more).',
    evidence: 'pipelineRunErrorMessage holds BlobNotFound.',
    message: (v) => `Run ${v.run} found no blob: ${v.reason}`,
    remedy: () =>
      'Hand the blob over to the container of the import pipeline (mode: handoff), then run the workflow again. DeleteSourceBlobOnSuccess of another import may have removed it.',
  }),
  ACRT4015: entry<{ run: string; reason: string }>({
    title: 'A blob is in the way of an export',
    meaning: 'There is a blob of this name, and the pipeline may not overwrite it.',
    evidence: 'pipelineRunErrorMessage holds BlobAlreadyExists, or speaks of OverwriteBlobs.',
    message: (v) => `Run ${v.run} may not overwrite a blob: ${v.reason}`,
    remedy: () =>
      'Delete what is left of an earlier attempt, use another transfer-name, or give the export pipeline the option OverwriteBlobs:\n  az storage blob delete --account-name ACCOUNT --container-name CONTAINER --name BLOB --auth-mode login',
  }),
  ACRT4016: entry<{ run: string; reason: string }>({
    title: 'An artifact was gone when its export began',
    meaning: 'The plan saw it in the source registry; when the service came for it, it was not there.',
    evidence:
      'pipelineRunErrorMessage holds MANIFEST_UNKNOWN, NAME_UNKNOWN or TAG_UNKNOWN (OCI distribution specification).',
    message: (v) => `Run ${v.run} did not find an artifact: ${v.reason}`,
    remedy: () =>
      'Look for a retention policy or a clean-up job that deletes what is selected, then run the workflow again: it plans anew.',
  }),
  ACRT4017: entry<{ run: string; reason: string }>({
    title: 'A tag at the target could not be set',
    meaning: 'The tag is there with another digest, and the pipeline may not move it.',
    evidence: 'pipelineRunErrorMessage speaks of OverwriteTags, or of a tag that exists.',
    message: (v) => `Run ${v.run} could not set a tag: ${v.reason}`,
    remedy: () =>
      `Give the import pipeline the option OverwriteTags beside those that it has, or leave these tags out of the selection:\n  ${update('PIPELINE_RESOURCE_ID', 'properties.options=["OverwriteTags"]')}`,
  }),
  ACRT4018: entry<{ run: string; reason: string }>({
    title: 'A pipeline run was throttled',
    meaning: 'The registry or the storage account asked the transfer service for less, and the run gave up.',
    evidence: 'pipelineRunErrorMessage holds 429, TooManyRequests or ServerBusy.',
    message: (v) => `Run ${v.run} was throttled: ${v.reason}`,
    remedy: () => 'Run the workflow again: finished batches are not repeated. If it goes on, lower max-parallel-runs.',
  }),
  ACRT4019: entry<{ run: string; reason: string }>({
    title: 'The storage account takes no SAS',
    meaning: 'Shared keys are switched off for the account, mostly by policy, and with them every SAS signed with one.',
    evidence: 'pipelineRunErrorMessage holds KeyBasedAuthenticationNotPermitted (Microsoft: Blob service error codes).',
    message: (v) => `Run ${v.run} came with a SAS that the storage account never takes: ${v.reason}`,
    remedy: () =>
      'Create the pipeline again with the storage access mode ManagedIdentity, which needs no SAS, and give its identity the role:\n  az role assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT4020: entry<{ run: string; reason: string }>({
    title: 'The registry disallows it',
    meaning: 'The registry, the repository or the artifact is locked, or the registry is full.',
    evidence: 'pipelineRunErrorMessage holds "The operation is disallowed on this registry" (Microsoft: ACR FAQ).',
    message: (v) => `Run ${v.run} met a lock or a limit of the registry: ${v.reason}`,
    remedy: () =>
      'See what is locked and what is used, then unlock it:\n  az acr repository show --name REGISTRY --image REPOSITORY:TAG --query changeableAttributes\n  az acr show-usage --name REGISTRY --output table\n  az acr repository update --name REGISTRY --image REPOSITORY:TAG --write-enabled true --read-enabled true',
  }),
  ACRT4021: entry<{ run: string; reason: string }>({
    title: 'An artifact was too large for a run',
    meaning:
      'The transfer service carries layers up to 8 GB (Microsoft: ACR Transfer); one of this run was refused for its size.',
    evidence:
      'pipelineRunErrorMessage holds SIZE_INVALID (OCI distribution specification) or RequestBodyTooLarge (Microsoft: Blob service error codes).',
    message: (v) => `Run ${v.run} met something that is too large: ${v.reason}`,
    remedy: () => 'Make the layers smaller, or leave the artifact out of the selection:\n  !REPOSITORY:TAG',
  }),
  ACRT4022: entry<{ run: string; reason: string }>({
    title: 'The storage account of the pipeline cannot use its key',
    meaning:
      'The account is encrypted with a key of the customer, which was deleted, disabled, has expired, or is behind a firewall or without rights.',
    evidence: 'pipelineRunErrorMessage holds KeyVaultEncryptionKeyNotFound (Microsoft: Blob service error codes).',
    message: (v) => `Run ${v.run} met a storage account that cannot use its encryption key: ${v.reason}`,
    remedy: () =>
      'See which key it is, and give it back to the account:\n  az storage account show --name ACCOUNT --query encryption.keyVaultProperties',
  }),
  ACRT4023: entry<{ what: string }>({
    title: 'The transfer was cancelled',
    meaning: 'The step was told to end (SIGINT or SIGTERM), as by “Cancel workflow”. A pipeline run goes on in Azure.',
    evidence: 'A signal to the process of the action.',
    message: (v) => `${v.what} had not ended when the transfer was cancelled.`,
    remedy: () =>
      'Re-run the job, or run the workflow again: it takes up what is under way and repeats nothing. Pipeline runs that were started go on in Azure; the step’s post part lists them.',
  }),
} as const;
