/** ACRT4…. */
import { entry, similarReports, update } from './catalog-entry.ts';

/** ACRT4…: pipeline runs. */
export const RUN_ERRORS = {
  ACRT4001: entry<{ run: string; reason: string }>({
    title: 'A pipeline run failed',
    message: (v) => `Run ${v.run} failed: ${v.reason}`,
    remedy: (v) =>
      `Fix the cause that the service reports, then run the workflow again. Finished batches are not repeated. The run stays in Azure for inspection (az acr pipeline-run show). ${similarReports(v.reason)}`,
  }),
  ACRT4002: entry<{ run: string; reason: string }>({
    title: "The pipeline can't access its storage",
    message: (v) => `The storage account refused run ${v.run}: ${v.reason}`,
    remedy: () =>
      'ManagedIdentity pipelines: assign "Storage Blob Data Contributor" on the container to the identity of the pipeline. SasToken pipelines: renew the SAS in the Key Vault secret (export r w l a, import r l d). Both: open the storage account to all networks, because Container Registry isn\'t a trusted service of storage yet (Azure/acr#857).\n  az role assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID\n  az storage account update --name ACCOUNT --public-network-access Enabled --default-action Allow',
  }),
  ACRT4003: entry<{ what: string; minutes: string }>({
    title: 'The time limit was reached',
    message: (v) => `${v.what} didn't finish within the limit of ${v.minutes} min.`,
    remedy: () =>
      'Run the workflow again. It resumes running pipeline runs and repeats no finished work. If the transfer always takes this long, raise timeout-minutes.',
  }),
  ACRT4004: entry<{ run: string }>({
    title: 'A pipeline run no longer exists',
    message: (v) => `Run ${v.run} was started, but no longer exists in ARM.`,
    remedy: () => 'Check in the activity log of the registry who deleted the run, then run the workflow again.',
  }),
  ACRT4005: entry<{ blob: string; pipeline: string; minutes: string }>({
    title: 'The source trigger started no run',
    message: (v) => `${v.pipeline} started no run for ${v.blob} within ${v.minutes} min.`,
    remedy: () =>
      'Enable the source trigger of the import pipeline. Check that the blob still has Content-MD5 and its metadata, and that the SAS has the permission List. Or set import-by: run.',
  }),
  ACRT4006: entry<{ run: string; reason: string }>({
    title: 'Azure rejected a pipeline run',
    message: (v) => `ARM rejected run ${v.run}: ${v.reason}`,
    remedy: (v) => `Fix the cause that the service reports, and run the workflow again. ${similarReports(v.reason)}`,
  }),
  ACRT4007: entry<{ run: string; blob: string }>({
    title: 'An export produced no blob',
    message: (v) => `Run ${v.run} succeeded, but ${v.blob} isn't in the source container.`,
    remedy: () =>
      'Check whether a lifecycle rule or an import pipeline on this container deletes blobs, and whether source-container is the container of the export pipeline.',
  }),
  ACRT4008: entry<{ blob: string }>({
    title: "A batch wasn't started",
    message: (v) => `${v.blob} wasn't started, because another batch failed and fail-fast is on.`,
    remedy: () => 'Fix the first failure and run the workflow again, or continue after failures:\n  fail-fast: false',
  }),
  ACRT4009: entry<{ reference: string; expected: string; actual: string }>({
    title: 'A tag moved during the export',
    message: (v) => `${v.reference} moved during the export:\n  planned  ${v.expected}\n  now      ${v.actual}`,
    remedy: () =>
      'Run the workflow again. It plans with the current digest. Make sure that no job pushes this tag during the export.',
  }),
  ACRT4010: entry<{ count: string; references: string }>({
    title: 'The source has changed since the plan',
    message: (v) => `${v.count} since the plan was created:\n${v.references}`,
    remedy: () =>
      'Create a new plan (dry-run: true), and have it approved again. Or transfer the planned artifacts by digest, which leaves the tags that moved unchanged at the target:\n  on-drift: continue',
  }),
  ACRT4011: entry<{ run: string; reason: string }>({
    title: "The pipeline can't read its secret",
    message: (v) => `Run ${v.run} couldn't read the SAS from Key Vault: ${v.reason}`,
    remedy: () =>
      'If the secret was deleted or has expired, store a new SAS under the same name. Otherwise let the identity of the pipeline read the secret, and allow trusted services to access the vault:\n  az keyvault secret set --vault-name VAULT --name SECRET --value "$SAS" --expires END\n  az keyvault update --name VAULT --bypass AzureServices\n  az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --secret-permissions get\n  az role assignment create --role "Key Vault Secrets User" --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --scope VAULT_RESOURCE_ID',
  }),
  ACRT4012: entry<{ run: string; reason: string }>({
    title: 'The SAS of the pipeline is invalid',
    message: (v) => `Storage rejected the SAS of run ${v.run}: ${v.reason}`,
    remedy: () =>
      'Create a new SAS and store it:\n  SAS=$(az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions rwlad --https-only --expiry END --output tsv)\n  az keyvault secret set --vault-name VAULT --name SECRET --value "$SAS" --expires END',
  }),
  ACRT4013: entry<{ run: string; reason: string }>({
    title: "The container of the pipeline doesn't exist",
    message: (v) => `Run ${v.run} found no container: ${v.reason}`,
    remedy: () =>
      'Create the container:\n  az storage container create --account-name ACCOUNT --name CONTAINER --auth-mode login',
  }),
  ACRT4014: entry<{ run: string; reason: string }>({
    title: "The blob to import doesn't exist",
    message: (v) => `Run ${v.run} found no blob: ${v.reason}`,
    remedy: () =>
      'Copy the blob to the container of the import pipeline (mode: handoff), then run the workflow again. If another import has DeleteSourceBlobOnSuccess, it might have deleted the blob.',
  }),
  ACRT4015: entry<{ run: string; reason: string }>({
    title: 'The blob of an export already exists',
    message: (v) => `Run ${v.run} isn't allowed to overwrite a blob: ${v.reason}`,
    remedy: () =>
      'Set another transfer-name, add the option OverwriteBlobs to the export pipeline, or delete the blob of the earlier attempt:\n  az storage blob delete --account-name ACCOUNT --container-name CONTAINER --name BLOB --auth-mode login',
  }),
  ACRT4016: entry<{ run: string; reason: string }>({
    title: 'An artifact was deleted before its export',
    message: (v) => `Run ${v.run} didn't find an artifact: ${v.reason}`,
    remedy: () =>
      'Check whether a retention policy or a cleanup job deletes selected artifacts, then run the workflow again. It creates a new plan.',
  }),
  ACRT4017: entry<{ run: string; reason: string }>({
    title: "A tag at the target can't be overwritten",
    message: (v) => `Run ${v.run} couldn't set a tag: ${v.reason}`,
    remedy: () =>
      `Exclude these tags from the selection, or add OverwriteTags to the options of the import pipeline. The list must also contain the options that it already has:\n  ${update('PIPELINE_RESOURCE_ID', 'properties.options=["OverwriteTags"]')}`,
  }),
  ACRT4018: entry<{ run: string; reason: string }>({
    title: 'A pipeline run was throttled',
    message: (v) => `Run ${v.run} was throttled: ${v.reason}`,
    remedy: () =>
      'Run the workflow again. Finished batches are not repeated. If the error persists, lower max-parallel-runs.',
  }),
  ACRT4019: entry<{ run: string; reason: string }>({
    title: "The storage account doesn't allow SAS",
    message: (v) => `The storage account of run ${v.run} doesn't allow SAS: ${v.reason}`,
    remedy: () =>
      'Create the pipeline again with the storage access mode ManagedIdentity, which needs no SAS, and assign the role to its identity:\n  az role assignment create --assignee-object-id PRINCIPAL_ID --assignee-principal-type ServicePrincipal --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT4020: entry<{ run: string; reason: string }>({
    title: "The registry doesn't allow the operation",
    message: (v) => `A lock or a limit of the registry blocks run ${v.run}: ${v.reason}`,
    remedy: () =>
      'Check the locks and the usage, then unlock the artifact:\n  az acr repository show --name REGISTRY --image REPOSITORY:TAG --query changeableAttributes\n  az acr show-usage --name REGISTRY --output table\n  az acr repository update --name REGISTRY --image REPOSITORY:TAG --write-enabled true --read-enabled true',
  }),
  ACRT4021: entry<{ run: string; reason: string }>({
    title: 'An artifact is too large for a pipeline run',
    message: (v) => `An artifact of run ${v.run} is too large: ${v.reason}`,
    remedy: () => 'Reduce the size of the layers, or exclude the artifact from the selection:\n  !REPOSITORY:TAG',
  }),
  ACRT4022: entry<{ run: string; reason: string }>({
    title: "The storage account of the pipeline can't use its encryption key",
    message: (v) => `The storage account of run ${v.run} can't use its encryption key: ${v.reason}`,
    remedy: () =>
      'Find the key, and restore the access of the account to it:\n  az storage account show --name ACCOUNT --query encryption.keyVaultProperties',
  }),
  ACRT4023: entry<{ what: string }>({
    title: 'The transfer was canceled',
    message: (v) => `${v.what} was canceled before it finished.`,
    remedy: () =>
      'Run the job or the workflow again. It resumes running pipeline runs and repeats no finished work. Pipeline runs that were started continue in Azure. The post step lists them.',
  }),
  ACRT4030: entry<{ reference: string; run: string; reason: string }>({
    title: 'The export left out an artifact',
    message: (v) => `Run ${v.run} succeeded, but left out ${v.reference}: ${v.reason}`,
    remedy: () =>
      `Check whether the artifact can be pulled from the source registry, and push it again if it can't. Then run the workflow again: it exports the artifact under another blob name. To make runs fail instead, remove ContinueOnErrors from the options of the export pipeline, and keep the others:\n  ${update('PIPELINE_RESOURCE_ID', 'properties.options=["OverwriteBlobs"]')}`,
  }),
  ACRT4031: entry<{ run: string; reason: string; blob: string; container: string; registryId: string }>({
    title: "A failed run of the source trigger can't be repeated",
    message: (v) =>
      `Run ${v.run} of the source trigger failed, and this step isn't allowed to start a run: ${v.reason}`,
    remedy: (v) =>
      `Fix the cause that the run reports. Then let the action repeat the run, or delete ${v.blob} in ${v.container} and copy it again (mode: handoff), so that the trigger starts another run:\n  az role assignment create --role "Container Registry Transfer Pipeline Contributor" --assignee CLIENT_ID --scope ${v.registryId}`,
  }),
  ACRT4032: entry<{ reference: string; registry: string; blob: string; container: string }>({
    title: 'An artifact is missing, and its blob was deleted',
    message: (v) =>
      `${v.reference} isn't in ${v.registry} as it was imported, and ${v.blob} doesn't exist in ${v.container} any more.`,
    remedy: () =>
      'Copy the blob again (mode: handoff), then run the import again. It imports what is missing. If the blob is not in the source container either, run the export again first.',
  }),
} as const;
