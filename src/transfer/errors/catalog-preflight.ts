/** ACRT3001 to ACRT3041. */
import { entry, similarReports, update } from './catalog-entry.ts';

/** ACRT3…: prerequisites, checked before the first pipeline run. */
export const PREFLIGHT_ERRORS = {
  ACRT3001: entry<{ side: string; pipeline: string }>({
    title: "The pipeline doesn't exist",
    message: (v) => `The pipeline ${v.pipeline} doesn't exist on the ${v.side} side.`,
    remedy: (v) =>
      `Check subscription, resource group, registry and name in the resource ID, and ${v.side}-cloud. List the pipelines (exportPipelines or importPipelines):\n  az rest --method get --url "<registry ID>/exportPipelines?api-version=2025-06-01-preview"`,
  }),
  ACRT3002: entry<{ side: string; what: string; reason: string }>({
    title: 'A permission is missing',
    message: (v) => `The principal of the ${v.side} side isn't allowed to ${v.what}: ${v.reason}`,
    remedy: () =>
      'Assign the role for the refused request. On the registry: "Container Registry Transfer Pipeline Contributor" for pipelines and runs, "Reader" for the registry itself, "AcrPull" or "Container Registry Repository Reader" for manifests. On the container: "Storage Blob Data Contributor" for the handoff and the transfer manifest. A new assignment takes a few minutes.\n  az role assignment create --assignee CLIENT_ID --role "Container Registry Transfer Pipeline Contributor" --scope REGISTRY_RESOURCE_ID',
  }),
  ACRT3003: entry<{ pipeline: string; state: string }>({
    title: "The pipeline isn't ready",
    message: (v) => `Pipeline ${v.pipeline} is in the state ${v.state}.`,
    remedy: (v) =>
      `Wait until the state is Succeeded. If the state is Failed, delete the pipeline and create it again:\n  az acr export-pipeline show --registry REGISTRY --name ${v.pipeline} --query provisioningState\n  az acr import-pipeline show --registry REGISTRY --name ${v.pipeline} --query provisioningState`,
  }),
  ACRT3004: entry<{ side: string; registry: string }>({
    title: "The registry doesn't exist",
    message: (v) => `The registry ${v.registry} doesn't exist on the ${v.side} side.`,
    remedy: (v) =>
      `Check the resource ID of the pipeline and ${v.side}-cloud:\n  az resource show --ids ${v.registry}\n  az acr list --query "[].id" --output tsv`,
  }),
  ACRT3005: entry<{ reference: string; where: string; registry: string }>({
    title: "An artifact doesn't exist",
    message: (v) => `${v.reference} (${v.where}) isn't in ${v.registry}.`,
    remedy: (v) =>
      `Push the artifact before this step, or correct or remove the line. List the artifacts of the repository:\n  az acr manifest list-metadata --registry ${v.registry} --name ${v.reference.replace(/[:@].*$/, '')}`,
  }),
  ACRT3006: entry<{ side: string; container: string }>({
    title: "The container doesn't exist",
    message: (v) => `The container ${v.container} doesn't exist on the ${v.side} side.`,
    remedy: (v) =>
      `Correct ${v.side}-container or the pipeline, or create the container:\n  az storage container create --account-name ACCOUNT --name CONTAINER --auth-mode login`,
  }),
  ACRT3007: entry<{ registry: string; sku: string }>({
    title: "The registry isn't Premium",
    message: (v) => `Registry ${v.registry} has the SKU ${v.sku}, but ACR Transfer needs Premium.`,
    remedy: (v) => `Change the SKU:\n  az acr update --name ${v.registry} --sku Premium`,
  }),
  ACRT3008: entry<{ registry: string }>({
    title: "The registry doesn't allow exports",
    message: (v) => `The exportPolicy of registry ${v.registry} is disabled.`,
    remedy: (v) =>
      `Allow exports, which requires public network access:\n  az acr update --name ${v.registry} --allow-exports true`,
  }),
  ACRT3009: entry<{ side: string; what: string; reason: string }>({
    title: 'ARM returned an error',
    message: (v) => `The ${v.side} side couldn't ${v.what}: ${v.reason}`,
    remedy: (v) =>
      `Run the workflow again. It resumes running pipeline runs and repeats no finished work. If the error persists, send the correlation ID to Azure support. ${similarReports(v.reason)}`,
  }),
  ACRT3010: entry<{ registry: string; lines: string; reason: string }>({
    title: "The repositories can't be listed",
    message: (v) =>
      `The principal isn't allowed to list the repositories of ${v.registry} (${v.reason}). These lines need the list:\n${v.lines}`,
    remedy: (v) =>
      `Assign "Container Registry Repository Catalog Lister" on ${v.registry} to the principal (registries without ABAC: "AcrPull"), or write the repositories in full. Patterns in tags don't need the list.\n  az role assignment create --assignee CLIENT_ID --role "Container Registry Repository Catalog Lister" --scope REGISTRY_RESOURCE_ID`,
  }),
  ACRT3011: entry<{ line: string; where: string; registry: string; hint: string }>({
    title: 'A line matches no artifact',
    message: (v) => `"${v.line}" (${v.where}) matches no artifact in ${v.registry}${v.hint}.`,
    remedy: (v) => `Correct or remove the line. If it sometimes matches nothing, add optional:\n  ${v.line} optional`,
  }),
  ACRT3012: entry<{ reference: string; layers: string }>({
    title: 'An artifact has foreign layers',
    message: (v) => `${v.reference} has foreign layers, which are not transferred:\n${v.layers}`,
    remedy: (v) =>
      `Push the artifact with its layers (docker push --allow-nondistributable-artifacts; newer base images have no foreign layers), or exclude it:\n  !${v.reference}`,
  }),
  ACRT3013: entry<{ reference: string; what: string; size: string; limit: string }>({
    title: 'An artifact exceeds a size limit',
    message: (v) => `${v.reference}: ${v.what} has ${v.size}, more than the limit of ${v.limit}.`,
    remedy: (v) =>
      `Reduce the size of the artifact, raise max-blob-size if that is the limit, or exclude the artifact:\n  !${v.reference}`,
  }),
  ACRT3014: entry<{ side: string; pipeline: string; id: string }>({
    title: 'The pipeline has no managed identity',
    message: (v) => `The ${v.side} pipeline ${v.pipeline} has no managed identity.`,
    remedy: (v) => `Add an identity, and assign its roles:\n  ${update(v.id, 'identity.type=SystemAssigned')}`,
  }),
  ACRT3015: entry<{ side: string; registry: string; rule: string }>({
    title: 'The network access of the registry is restricted',
    message: (v) => `The ${v.side} registry ${v.registry} ${v.rule}. This runner might not reach it.`,
    remedy: (v) =>
      `Run the job on a runner in an allowed network, or allow its address:\n  az acr network-rule add --name ${v.registry} --ip-address RUNNER_IP`,
  }),
  ACRT3016: entry<{ side: string; registry: string }>({
    title: "The registry doesn't allow trusted services",
    message: (v) => `The ${v.side} registry ${v.registry} is restricted and doesn't allow trusted services.`,
    remedy: (v) => `Allow trusted services:\n  az acr update --name ${v.registry} --allow-trusted-services true`,
  }),
  ACRT3017: entry<{ pipeline: string; id: string; options: string; blob: string; count: string }>({
    title: "The export can't overwrite blobs",
    message: (v) =>
      `${v.count} already in the source container (${v.blob}), and ${v.pipeline} doesn't have the option OverwriteBlobs.`,
    remedy: (v) =>
      `Delete the blobs of the earlier attempt, set another transfer-name, or allow the pipeline to overwrite blobs:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3018: entry<{ pipeline: string; id: string; options: string; count: string; references: string }>({
    title: "The import can't overwrite tags",
    message: (v) =>
      `${v.count} at the target with another digest, and ${v.pipeline} doesn't have the option OverwriteTags:\n${v.references}`,
    remedy: (v) =>
      `Exclude these tags from the selection, or allow the pipeline to overwrite tags:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3019: entry<{ pipeline: string; id: string; options: string; by: string }>({
    title: "The import pipeline can't delete blobs",
    message: (v) =>
      `${v.pipeline} has the option DeleteSourceBlobOnSuccess, but ${v.by} doesn't allow it to delete blobs.`,
    remedy: (v) =>
      `Store a SAS with r, l and d (or assign the role Storage Blob Data Contributor), or remove the option DeleteSourceBlobOnSuccess:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3020: entry<{ pipeline: string; id: string }>({
    title: 'The source trigger can import the same blobs again',
    message: (v) => `The source trigger of ${v.pipeline} is enabled, but import-by is run.`,
    remedy: (v) =>
      `Set import-by: trigger, or disable the source trigger:\n  ${update(v.id, 'properties.trigger.sourceTrigger.status=Disabled')}`,
  }),
  ACRT3021: entry<{ pipeline: string; id: string }>({
    title: 'The source trigger is disabled',
    message: (v) => `The source trigger of ${v.pipeline} is disabled, but import-by is trigger.`,
    remedy: (v) =>
      `Set import-by: run, or enable the source trigger:\n  ${update(v.id, 'properties.trigger.sourceTrigger.status=Enabled')}`,
  }),
  ACRT3022: entry<{ side: string; account: string; rule: string }>({
    title: 'The network access of the storage account is restricted',
    message: (v) => `The ${v.side} storage account ${v.account} ${v.rule}.`,
    remedy: (v) =>
      `Open the account to all networks. Container Registry isn't a trusted service of storage yet (Azure/acr#857), so no network rule can allow a pipeline. Roles and SAS still restrict access to the blobs:\n  az storage account update --name ${v.account} --public-network-access Enabled --default-action Allow`,
  }),
  ACRT3023: entry<{ side: string; pipeline: string; secret: string; fault: string }>({
    title: "The secret of the pipeline can't be used",
    message: (v) => `The secret ${v.secret} of the ${v.side} pipeline ${v.pipeline} ${v.fault}.`,
    remedy: (v) =>
      `Store a new SAS in the secret:\n  az keyvault secret set --id ${v.secret} --value "$SAS" --expires END_OF_THE_SAS`,
  }),
  ACRT3024: entry<{ side: string; pipeline: string; secret: string; faults: string; permissions: string }>({
    title: 'The SAS of the pipeline is insufficient',
    message: (v) => `The SAS in ${v.secret} of the ${v.side} pipeline ${v.pipeline} is insufficient: ${v.faults}.`,
    remedy: (v) =>
      `Create a SAS of the container and store it:\n  SAS=$(az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions ${v.permissions} --https-only --expiry END --output tsv)\n  az keyvault secret set --id ${v.secret} --value "$SAS"`,
  }),
  ACRT3025: entry<{ side: string; what: string; ends: string }>({
    title: 'A SAS or a secret expires soon',
    message: (v) => `${v.what} on the ${v.side} side expires at ${v.ends}.`,
    remedy: () =>
      'Renew it before that time. A pipeline with a managed identity (storage access mode ManagedIdentity) needs no SAS.',
  }),
  ACRT3026: entry<{ side: string; pipeline: string; principal: string; container: string; role: string }>({
    title: 'The identity of the pipeline has no role on the container',
    message: (v) =>
      `The identity ${v.principal} of the ${v.side} pipeline ${v.pipeline} has no role to ${v.role === 'Storage Blob Data Reader' ? 'read' : 'write'} blobs in ${v.container}.`,
    remedy: (v) =>
      `Assign the role to the identity:\n  az role assignment create --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --role "${v.role}" --scope CONTAINER_RESOURCE_ID`,
  }),
  ACRT3027: entry<{ side: string; pipeline: string; principal: string; secret: string }>({
    title: "The identity of the pipeline can't read its secret",
    message: (v) =>
      `The identity ${v.principal} of the ${v.side} pipeline ${v.pipeline} isn't allowed to read ${v.secret}.`,
    remedy: (v) =>
      `If the vault uses roles:\n  az role assignment create --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --role "Key Vault Secrets User" --scope VAULT_RESOURCE_ID\nIf the vault uses access policies:\n  az keyvault set-policy --name VAULT --object-id ${v.principal} --secret-permissions get`,
  }),
  ACRT3028: entry<{ side: string; registry: string; registryId: string }>({
    title: "This workflow can't start pipeline runs",
    message: (v) => `The principal of the ${v.side} side isn't allowed to start pipeline runs of ${v.registry}.`,
    remedy: (v) =>
      `Assign the role to the principal:\n  az role assignment create --assignee CLIENT_ID --role "Container Registry Transfer Pipeline Contributor" --scope ${v.registryId}`,
  }),
  ACRT3029: entry<{ side: string; container: string; faults: string }>({
    title: 'The SAS from the inputs is insufficient',
    message: (v) => `${v.side}-sas for ${v.container} is insufficient: ${v.faults}.`,
    remedy: (v) =>
      `Set ${v.side}-sas to a SAS of the container with r and l${v.side === 'target' ? ', w, a and c' : ''}, or remove ${v.side}-sas and let the action sign in.`,
  }),
  ACRT3030: entry<{ registry: string; count: string; references: string }>({
    title: 'Tags at the target are locked',
    message: (v) =>
      `${v.count} locked in ${v.registry}, with another digest than the artifact to import:\n${v.references}`,
    remedy: (v) =>
      `Exclude these tags from the selection, or unlock the tags that you want to overwrite:\n  az acr repository update --name ${v.registry} --image REPOSITORY:TAG --write-enabled true`,
  }),
  ACRT3031: entry<{ registry: string; count: string; references: string }>({
    title: 'Artifacts are quarantined or locked',
    message: (v) => `${v.count} in ${v.registry} can't be pulled:\n${v.references}`,
    remedy: (v) =>
      `Wait for the scan, or unlock the artifacts:\n  az acr repository update --name ${v.registry} --image REPOSITORY:TAG --read-enabled true`,
  }),
  ACRT3032: entry<{ blob: string; container: string }>({
    title: 'A blob lacks the metadata for the source trigger',
    message: (v) => `${v.blob} in ${v.container} doesn't have the metadata category=acr-transfer-blob.`,
    remedy: (v) =>
      `Set import-by: run, or restore the metadata:\n  az storage blob metadata update --container-name CONTAINER --name ${v.blob} --metadata category=acr-transfer-blob`,
  }),
  ACRT3033: entry<{ blob: string; container: string; days: string }>({
    title: 'A blob is too old for the source trigger',
    message: (v) =>
      `${v.blob} in ${v.container} was last written ${v.days} days ago. The source trigger imports blobs up to 60 days old.`,
    remedy: () => 'Copy the blob again, or import it with a run:\n  import-by: run',
  }),
  ACRT3034: entry<{ side: string; container: string; right: string }>({
    title: "This workflow can't use the container",
    message: (v) => `The principal of the ${v.side} side isn't allowed to ${v.right} blobs in ${v.container}.`,
    remedy: () =>
      'Assign the role to the principal:\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT3035: entry<{ side: string; what: string; permissions: string }>({
    title: 'A SAS allows plain HTTP',
    message: (v) => `On the ${v.side} side, ${v.what} allows plain HTTP.`,
    remedy: (v) =>
      `Create the SAS with --https-only:\n  az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions ${v.permissions} --https-only --expiry END`,
  }),
  ACRT3036: entry<{ side: string; what: string; reason: string }>({
    title: 'A lock blocks the request',
    message: (v) => `A lock blocks the ${v.side} side, which couldn't ${v.what}: ${v.reason}`,
    remedy: () =>
      'Find the lock and ask its owner to remove it:\n  az lock list --resource-group RESOURCE_GROUP --output table',
  }),
  ACRT3037: entry<{ side: string; what: string; reason: string }>({
    title: 'Azure Policy blocks the request',
    message: (v) => `Azure Policy blocks the ${v.side} side, which couldn't ${v.what}: ${v.reason}`,
    remedy: () =>
      'Ask the owner of the policy for an exemption:\n  az policy assignment list --disable-scope-strict-match --output table',
  }),
  ACRT3038: entry<{ side: string; what: string; reason: string }>({
    title: "The subscription isn't in this tenant or cloud",
    message: (v) => `The ${v.side} side couldn't ${v.what}: ${v.reason}`,
    remedy: (v) =>
      `Check that ${v.side}-cloud, ${v.side}-tenant-id and the subscription in the resource ID belong together:\n  az account show --subscription SUBSCRIPTION --query "{tenant:tenantId, cloud:environmentName}"`,
  }),
  ACRT3039: entry<{ side: string; what: string; reason: string }>({
    title: "The resource provider isn't available",
    message: (v) => `The ${v.side} side couldn't ${v.what}: ${v.reason}`,
    remedy: () =>
      'Register the resource provider:\n  az provider register --namespace Microsoft.ContainerRegistry --wait',
  }),
  ACRT3040: entry<{ side: string; what: string; reason: string }>({
    title: 'ARM throttles requests',
    message: (v) => `ARM throttles the ${v.side} side, which couldn't ${v.what}: ${v.reason}`,
    remedy: () =>
      'Run the workflow again in a few minutes. It resumes running pipeline runs. If the error persists, lower the number of parallel runs:\n  max-parallel-runs: 3',
  }),
  ACRT3041: entry<{ side: string; what: string; reason: string }>({
    title: 'Exports are disabled',
    message: (v) => `The ${v.side} side couldn't ${v.what}: ${v.reason}`,
    remedy: () =>
      'Allow exports, which requires public network access:\n  az acr update --name REGISTRY --allow-exports true',
  }),
} as const;

/** ACRT3050 and later: checks that were added after the IDs of provisioning. */
export const MORE_PREFLIGHT_ERRORS = {
  ACRT3056: entry<{ side: string; pipeline: string; id: string; run: string; options: string }>({
    title: 'A pipeline leaves out artifacts without failing',
    message: (v) =>
      `${v.pipeline} on the ${v.side} side has the option ContinueOnErrors, so an ${v.run} can leave out artifacts and succeed nevertheless.`,
    remedy: (v) =>
      `Remove the option, so that a run fails if it can't transfer an artifact:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
} as const;
