/** ACRT3001 to ACRT3041. */
import { entry, similarReports, update } from './catalog-entry.ts';

/** ACRT3…: what must exist before the first pipeline run. */
export const PREFLIGHT_ERRORS = {
  ACRT3001: entry<{ side: string; pipeline: string }>({
    title: 'The pipeline does not exist',
    meaning: 'ARM knows no pipeline by this resource ID.',
    evidence: 'ARM: 404 for the pipeline.',
    message: (v) => `There is no pipeline ${v.pipeline} on the ${v.side} side.`,
    remedy: (v) =>
      `Check subscription, resource group, registry and name in the resource ID, and ${v.side}-cloud. List what is there (or importPipelines):\n  az rest --method get --url "<registry ID>/exportPipelines?api-version=2025-06-01-preview"`,
  }),
  ACRT3002: entry<{ side: string; what: string; reason: string }>({
    title: 'The right to do this is missing',
    meaning: "The action's own principal is signed in, but may not do this on the resource.",
    evidence: 'ARM: 401 or 403 (AuthorizationFailed).',
    message: (v) => `The ${v.side} side may not ${v.what}: ${v.reason}`,
    remedy: () =>
      'Assign the role for what was refused. On the registry: "Container Registry Transfer Pipeline Contributor" for pipelines and runs, "Reader" for the registry itself, "AcrPull" or "Container Registry Repository Reader" for manifests. On the container: "Storage Blob Data Contributor" for the handoff and the transfer manifest. A new assignment takes some minutes.\n  az role assignment create --assignee CLIENT_ID --role "Container Registry Transfer Pipeline Contributor" --scope REGISTRY_RESOURCE_ID',
  }),
  ACRT3003: entry<{ pipeline: string; state: string }>({
    title: 'The pipeline is not ready',
    meaning: 'A pipeline takes runs only when its provisioningState is Succeeded.',
    evidence: 'ARM: provisioningState of the pipeline.',
    message: (v) => `Pipeline ${v.pipeline} is in the state ${v.state}.`,
    remedy: (v) =>
      `Wait until it is Succeeded; one that has failed is deleted and created again:\n  az acr export-pipeline show --registry REGISTRY --name ${v.pipeline} --query provisioningState\n  az acr import-pipeline show --registry REGISTRY --name ${v.pipeline} --query provisioningState`,
  }),
  ACRT3004: entry<{ side: string; registry: string }>({
    title: 'The registry does not exist',
    meaning: 'ARM knows no registry by the resource ID that the pipeline belongs to.',
    evidence: 'ARM: 404 for the registry.',
    message: (v) => `There is no registry ${v.registry} on the ${v.side} side.`,
    remedy: (v) =>
      `Check the pipeline's resource ID and ${v.side}-cloud:\n  az resource show --ids ${v.registry}\n  az acr list --query "[].id" --output tsv`,
  }),
  ACRT3005: entry<{ reference: string; where: string; registry: string }>({
    title: 'An artifact does not exist',
    meaning: 'A selected tag or digest is not in the source registry. Nothing was started.',
    evidence: 'Registry: 404 for the manifest.',
    message: (v) => `${v.reference} (${v.where}) is not in ${v.registry}.`,
    remedy: (v) =>
      `Push it before this step, correct the line, or take it out. See what is there:\n  az acr manifest list-metadata --registry ${v.registry} --name ${v.reference.replace(/[:@].*$/, '')}`,
  }),
  ACRT3006: entry<{ side: string; container: string }>({
    title: 'The container does not exist',
    meaning: 'The storage account has no container by this name.',
    evidence: 'Storage: ContainerNotFound; the file system for a directory.',
    message: (v) => `There is no container ${v.container} on the ${v.side} side.`,
    remedy: (v) =>
      `Correct ${v.side}-container or the pipeline, or create it:\n  az storage container create --account-name ACCOUNT --name CONTAINER --auth-mode login`,
  }),
  ACRT3007: entry<{ registry: string; sku: string }>({
    title: 'The registry is not Premium',
    meaning: 'ACR Transfer works on Premium registries only (Microsoft: ACR Transfer prerequisites).',
    evidence: 'ARM: sku of the registry (Microsoft: ACR Transfer prerequisites).',
    message: (v) => `Registry ${v.registry} has the SKU ${v.sku}; transfer needs Premium.`,
    remedy: (v) => `Change the SKU:\n  az acr update --name ${v.registry} --sku Premium`,
  }),
  ACRT3008: entry<{ registry: string }>({
    title: 'The registry forbids exports',
    meaning: 'exportPolicy is disabled on the source registry (data loss prevention).',
    evidence: 'ARM: exportPolicy of the registry (Microsoft: data loss prevention).',
    message: (v) => `Registry ${v.registry} has its exportPolicy disabled.`,
    remedy: (v) =>
      `Allow exports (public network access must be enabled for it):\n  az acr update --name ${v.registry} --allow-exports true`,
  }),
  ACRT3009: entry<{ side: string; what: string; reason: string }>({
    title: 'ARM answered with an error',
    meaning: 'A request to the control plane failed for another reason than rights, also after retries.',
    evidence: 'ARM: an error that none of the entries below knows, or an answer that is not understood.',
    message: (v) => `The ${v.side} side could not ${v.what}: ${v.reason}`,
    remedy: (v) =>
      `Run the workflow again: it takes up what is under way and repeats nothing. If it stays so, give the correlation id to Azure support. ${similarReports(v.reason)}`,
  }),
  ACRT3010: entry<{ registry: string; lines: string; reason: string }>({
    title: 'The repositories may not be listed',
    meaning:
      'A pattern in the repository part of a line needs the list of all repositories. On registries with ABAC the roles of a repository do not include it (Microsoft: ACR roles and permissions, catalog listing).',
    evidence: 'Registry: 401 or 403 for the catalog.',
    message: (v) =>
      `The repositories of ${v.registry} may not be listed (${v.reason}), which these lines need:\n${v.lines}`,
    remedy: (v) =>
      `Assign "Container Registry Repository Catalog Lister" on ${v.registry} to the principal (on registries without ABAC: "AcrPull"), or name the repositories in full: patterns in tags work without it.`,
  }),
  ACRT3011: entry<{ line: string; where: string; registry: string; hint: string }>({
    title: 'A line matches nothing',
    meaning: 'A pattern, or what its options leave of it, selects no tag of the source registry. Nothing was started.',
    evidence: 'The listings of the source registry.',
    message: (v) => `"${v.line}" (${v.where}) matches nothing in ${v.registry}${v.hint}.`,
    remedy: (v) => `Correct the line or take it out. If it may match nothing at times, say so:\n  ${v.line} optional`,
  }),
  ACRT3012: entry<{ reference: string; layers: string }>({
    title: 'An artifact has layers that do not travel',
    meaning:
      'Foreign (non-distributable) layers lie in another registry; the transfer service does not carry them, so a pull at the target would fail (Microsoft: ACR Transfer troubleshooting).',
    evidence: 'Layers with a non-distributable media type, or with urls (OCI image specification).',
    message: (v) => `${v.reference} has foreign layers, which stay behind:\n${v.layers}`,
    remedy: (v) =>
      `Push it with its layers (docker push --allow-nondistributable-artifacts, newer base images have none), or leave it out:\n  !${v.reference}`,
  }),
  ACRT3013: entry<{ reference: string; what: string; size: string; limit: string }>({
    title: 'An artifact is over a limit',
    meaning:
      'A layer is larger than the 8 GB that the service carries, or the artifact alone is larger than max-blob-size.',
    evidence: 'Sizes in the manifest, against the limits of the service (Microsoft: ACR Transfer).',
    message: (v) => `${v.reference}: ${v.what} takes ${v.size}, over the limit of ${v.limit}.`,
    remedy: (v) => `Make it smaller, raise max-blob-size if that is the limit, or leave it out:\n  !${v.reference}`,
  }),
  ACRT3014: entry<{ side: string; pipeline: string; id: string }>({
    title: 'The pipeline has no identity',
    meaning: 'Without an identity the pipeline can neither read its secret nor reach the storage.',
    evidence: 'ARM: `identity` of the pipeline is absent or None.',
    message: (v) => `The ${v.side} pipeline ${v.pipeline} has no managed identity.`,
    remedy: (v) => `Give it one, and the roles that it needs:\n  ${update(v.id, 'identity.type=SystemAssigned')}`,
  }),
  ACRT3015: entry<{ side: string; registry: string; rule: string }>({
    title: 'The network of the registry is restricted',
    meaning:
      'The registry takes requests from chosen networks only. The runner needs it to list and verify, the service itself does not.',
    evidence: 'ARM: publicNetworkAccess and networkRuleSet of the registry.',
    message: (v) => `The ${v.side} registry ${v.registry} ${v.rule}: this runner may not reach it.`,
    remedy: (v) =>
      `Run the job on a runner inside the network (or its address in the registry's rules):\n  az acr network-rule add --name ${v.registry} --ip-address RUNNER_IP`,
  }),
  ACRT3016: entry<{ side: string; registry: string }>({
    title: 'The registry lets no trusted services in',
    meaning:
      'The network of the registry is restricted and trusted Azure services are not let past, so that other services of Azure cannot reach it.',
    evidence:
      'ARM: networkRuleBypassOptions is None (Microsoft: "Allow trusted services to securely access a network-restricted registry").',
    message: (v) => `The ${v.side} registry ${v.registry} is restricted and lets no trusted services past.`,
    remedy: (v) => `az acr update --name ${v.registry} --allow-trusted-services true`,
  }),
  ACRT3017: entry<{ pipeline: string; id: string; options: string; blob: string; count: string }>({
    title: 'The export would have to overwrite blobs, and may not',
    meaning:
      'A blob of this name is in the source container, but no run of this transfer has finished it. Without OverwriteBlobs the export fails.',
    evidence:
      'ARM: `options` of the export pipeline; storage: the blob exists (Microsoft: ACR Transfer, "OverwriteBlobs").',
    message: (v) =>
      `${v.count} already in the source container (${v.blob}), and ${v.pipeline} has no option OverwriteBlobs.`,
    remedy: (v) =>
      `Delete what is left of an earlier attempt, use another transfer-name, or allow it:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3018: entry<{ pipeline: string; id: string; options: string; count: string; references: string }>({
    title: 'The import would have to move tags, and may not',
    meaning:
      'The target registry has another digest under these tags. Without OverwriteTags the import leaves them as they are.',
    evidence:
      'ARM: `options` of the import pipeline; registry: the tag has another digest (Microsoft: ACR Transfer, "OverwriteTags").',
    message: (v) =>
      `${v.count} at the target with another digest, and ${v.pipeline} has no option OverwriteTags:\n${v.references}`,
    remedy: (v) =>
      `Allow it, or leave these tags out of the selection:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3019: entry<{ pipeline: string; id: string; options: string; by: string }>({
    title: 'The import may not delete the blobs that it is told to delete',
    meaning:
      'The import pipeline has the option DeleteSourceBlobOnSuccess, but what it reads the storage with does not let it delete.',
    evidence: 'ARM: `options`; the `sp` of its SAS, or the roles of its identity.',
    message: (v) => `${v.pipeline} has DeleteSourceBlobOnSuccess, but ${v.by} does not let it delete blobs.`,
    remedy: (v) =>
      `Give a SAS with r, l and d (or the role Storage Blob Data Contributor), or drop the option DeleteSourceBlobOnSuccess:\n  ${update(v.id, `properties.options=${v.options}`)}`,
  }),
  ACRT3020: entry<{ pipeline: string; id: string }>({
    title: 'The source trigger may import the same blobs a second time',
    meaning:
      'This step starts import runs itself, and the trigger of the pipeline is enabled: it takes up every blob that arrives, too.',
    evidence: 'ARM: trigger.sourceTrigger.status of the import pipeline is Enabled, which is its default.',
    message: (v) => `The source trigger of ${v.pipeline} is enabled, and this step imports by run.`,
    remedy: (v) =>
      `Set import-by: trigger, or switch the trigger off:\n  ${update(v.id, 'properties.trigger.sourceTrigger.status=Disabled')}`,
  }),
  ACRT3021: entry<{ pipeline: string; id: string }>({
    title: 'The source trigger is switched off',
    meaning: 'This step waits for runs of the source trigger, which will start none.',
    evidence: 'ARM: trigger.sourceTrigger.status of the import pipeline is Disabled.',
    message: (v) => `import-by is trigger, but the source trigger of ${v.pipeline} is disabled.`,
    remedy: (v) =>
      `Set import-by: run, or switch the trigger on:\n  ${update(v.id, 'properties.trigger.sourceTrigger.status=Enabled')}`,
  }),
  ACRT3022: entry<{ side: string; account: string; rule: string }>({
    title: 'The storage account is closed to the network',
    meaning:
      'The firewall of the storage account lets in chosen networks only. Transfer pipelines fail with 403 "Failed to access storage" (Azure/azure-cli-extensions#8706), and the handoff cannot reach the blobs.',
    evidence: 'ARM: publicNetworkAccess and networkAcls of the storage account.',
    message: (v) => `The ${v.side} storage account ${v.account} ${v.rule}.`,
    remedy: (v) =>
      `Open the account to all networks: the registry service is no trusted service of storage yet (Azure/acr#857), so that no rule lets a pipeline in. Roles and SAS still keep everybody else out:\n  az storage account update --name ${v.account} --public-network-access Enabled --default-action Allow`,
  }),
  ACRT3023: entry<{ side: string; pipeline: string; secret: string; fault: string }>({
    title: 'The secret of the pipeline cannot be used',
    meaning:
      'The pipeline reads the SAS of its container from a Key Vault secret that is missing, disabled or expired.',
    evidence: 'Key Vault: the secret and its attributes.',
    message: (v) => `The secret ${v.secret} of the ${v.side} pipeline ${v.pipeline} ${v.fault}.`,
    remedy: (v) =>
      `Store a new SAS there:\n  az keyvault secret set --id ${v.secret} --value "$SAS" --expires END_OF_THE_SAS`,
  }),
  ACRT3024: entry<{ side: string; pipeline: string; secret: string; faults: string; permissions: string }>({
    title: 'The SAS of the pipeline does not give what it needs',
    meaning:
      "The SAS in the pipeline's secret is expired, not valid yet, for something else than a container, or lacks permissions.",
    evidence:
      'The fields se, st, sp, sr, srt, spr and ss of the SAS (Microsoft: "Create a service SAS", "Create an account SAS").',
    message: (v) => `The SAS in ${v.secret} of the ${v.side} pipeline ${v.pipeline} will not do: ${v.faults}.`,
    remedy: (v) =>
      `Make a SAS of the container and store it:\n  SAS=$(az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions ${v.permissions} --https-only --expiry END --output tsv)\n  az keyvault secret set --id ${v.secret} --value "$SAS"`,
  }),
  ACRT3025: entry<{ side: string; what: string; ends: string }>({
    title: 'A SAS or a secret expires soon',
    meaning: 'It still works, but not for long: the next nights will fail.',
    evidence: 'The `se` of the SAS, or the expiry of the secret.',
    message: (v) => `${v.what} of the ${v.side} side ends at ${v.ends}.`,
    remedy: () =>
      'Renew it before then; the managed identity of the pipeline (storage access mode ManagedIdentity) needs no SAS at all.',
  }),
  ACRT3026: entry<{ side: string; pipeline: string; principal: string; container: string; role: string }>({
    title: 'The identity of the pipeline has no role on the container',
    meaning: 'The pipeline reaches its storage with its identity, to which nobody has given a role there.',
    evidence:
      'ARM: role assignments of the identity at the container and above (Microsoft: ACR Transfer, storage access mode ManagedIdentity).',
    message: (v) =>
      `The identity ${v.principal} of the ${v.side} pipeline ${v.pipeline} has no role that ${v.role === 'Storage Blob Data Reader' ? 'reads' : 'writes'} blobs in ${v.container}.`,
    remedy: (v) =>
      `az role assignment create --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --role "${v.role}" --scope CONTAINER_RESOURCE_ID`,
  }),
  ACRT3027: entry<{ side: string; pipeline: string; principal: string; secret: string }>({
    title: 'The identity of the pipeline may not read its secret',
    meaning: 'The pipeline takes the SAS of its container from a Key Vault secret, which its identity may not read.',
    evidence:
      'ARM: role assignments or access policies of the vault (Microsoft: ACR Transfer troubleshooting, 403 Forbidden).',
    message: (v) => `The identity ${v.principal} of the ${v.side} pipeline ${v.pipeline} may not read ${v.secret}.`,
    remedy: (v) =>
      `With roles:\n  az role assignment create --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --role "Key Vault Secrets User" --scope VAULT_RESOURCE_ID\nor with access policies:\n  az keyvault set-policy --name VAULT --object-id ${v.principal} --secret-permissions get`,
  }),
  ACRT3028: entry<{ side: string; registry: string; registryId: string }>({
    title: 'This workflow may not start pipeline runs',
    meaning: 'What this step signs in as has no role that lets it write pipeline runs of the registry.',
    evidence: 'ARM: permissions of the caller at the registry (Microsoft.Authorization/permissions).',
    message: (v) => `The principal of the ${v.side} side may not start pipeline runs of ${v.registry}.`,
    remedy: (v) =>
      `az role assignment create --assignee CLIENT_ID --role "Container Registry Transfer Pipeline Contributor" --scope ${v.registryId}`,
  }),
  ACRT3029: entry<{ side: string; container: string; faults: string }>({
    title: 'The SAS that was given does not give what this step needs',
    meaning: 'The SAS given as source-sas or target-sas lacks permissions, or is for something else than a container.',
    evidence: 'The fields of the SAS; nothing was asked of the storage.',
    message: (v) => `${v.side}-sas for ${v.container} will not do: ${v.faults}.`,
    remedy: (v) =>
      `Give a SAS of the container with r and l${v.side === 'target' ? ', w, a and c' : ''}, or leave ${v.side}-sas out and let the action sign in.`,
  }),
  ACRT3030: entry<{ registry: string; count: string; references: string }>({
    title: 'Tags at the target are locked',
    meaning: 'A locked tag cannot be moved to another digest, whatever the pipeline may.',
    evidence: 'Registry: changeableAttributes.writeEnabled is false (Microsoft: "Lock a container image").',
    message: (v) => `${v.count} locked in ${v.registry}, with another digest than what would arrive:\n${v.references}`,
    remedy: (v) =>
      `Unlock what may change, or leave it out of the selection:\n  az acr repository update --name ${v.registry} --image REPOSITORY:TAG --write-enabled true`,
  }),
  ACRT3031: entry<{ registry: string; count: string; references: string }>({
    title: 'Artifacts are in quarantine, or may not be read',
    meaning:
      'The registry holds them back until a scanner has passed them, or somebody has locked them for readers. The export could not read them.',
    evidence:
      'Registry: changeableAttributes.readEnabled is false, or quarantineState is Quarantined (Azure/acr docs/preview/quarantine).',
    message: (v) => `${v.count} in ${v.registry} cannot be pulled:\n${v.references}`,
    remedy: (v) =>
      `Wait for the scan, or unlock them:\n  az acr repository update --name ${v.registry} --image REPOSITORY:TAG --read-enabled true`,
  }),
  ACRT3032: entry<{ blob: string; container: string }>({
    title: 'The source trigger will not see a blob',
    meaning: 'The trigger takes up only blobs with the metadata category=acr-transfer-blob; many tools lose it.',
    evidence: 'Storage: metadata of the blob (Microsoft: ACR Transfer troubleshooting).',
    message: (v) => `${v.blob} in ${v.container} has no metadata category=acr-transfer-blob.`,
    remedy: (v) =>
      `Set import-by: run, or put it back:\n  az storage blob metadata update --container-name CONTAINER --name ${v.blob} --metadata category=acr-transfer-blob`,
  }),
  ACRT3033: entry<{ blob: string; container: string; days: string }>({
    title: 'A blob is too old for the source trigger',
    meaning: 'The trigger takes up only blobs that were written within the last 60 days.',
    evidence: 'Storage: Last-Modified (Microsoft: ACR Transfer, source trigger).',
    message: (v) =>
      `${v.blob} in ${v.container} was last written ${v.days} days ago; the source trigger looks back 60.`,
    remedy: () => 'Set import-by: run, or copy the blob again.',
  }),
  ACRT3034: entry<{ side: string; container: string; right: string }>({
    title: 'This workflow may not use the container as it must',
    meaning: 'What this step signs in as may not read or write blobs in a container, which the step has to do.',
    evidence: 'ARM: role assignments of the principal, at the container and above.',
    message: (v) => `The principal of the ${v.side} side may not ${v.right} blobs in ${v.container}.`,
    remedy: () =>
      'az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT3035: entry<{ side: string; what: string; permissions: string }>({
    title: 'A SAS allows requests without TLS',
    meaning: 'A SAS that does not say `spr=https` may be sent over plain HTTP, where anybody on the way can read it.',
    evidence: 'The field spr of the SAS is absent or names http (Microsoft: "Create a service SAS").',
    message: (v) => `On the ${v.side} side, ${v.what} allows plain HTTP.`,
    remedy: (v) =>
      `Make it with --https-only:\n  az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions ${v.permissions} --https-only --expiry END`,
  }),
  ACRT3036: entry<{ side: string; what: string; reason: string }>({
    title: 'A lock stands against it',
    meaning: 'The registry, or what it lies in, has a management lock: read-only locks stop pipeline runs.',
    evidence: 'ARM: ScopeLocked.',
    message: (v) => `A lock on the ${v.side} side stands against it to ${v.what}: ${v.reason}`,
    remedy: () =>
      'See which lock it is, and ask its owner:\n  az lock list --resource-group RESOURCE_GROUP --output table',
  }),
  ACRT3037: entry<{ side: string; what: string; reason: string }>({
    title: 'A policy of Azure stands against it',
    meaning: 'Azure Policy denies what was asked for; the policy stands in the message.',
    evidence: 'ARM: RequestDisallowedByPolicy.',
    message: (v) => `Azure Policy on the ${v.side} side stands against it to ${v.what}: ${v.reason}`,
    remedy: () =>
      'Ask the owner of the policy for an exemption:\n  az policy assignment list --disable-scope-strict-match --output table',
  }),
  ACRT3038: entry<{ side: string; what: string; reason: string }>({
    title: 'The subscription is not of this tenant or cloud',
    meaning:
      'The token is good, but the subscription in the resource ID is unknown to who gave it: another tenant, another cloud, or one that was moved.',
    evidence: 'ARM: SubscriptionNotFound, InvalidAuthenticationToken*.',
    message: (v) => `The ${v.side} side cannot ${v.what}: ${v.reason}`,
    remedy: (v) =>
      `Check that ${v.side}-cloud, ${v.side}-tenant-id and the subscription in the resource ID belong together:\n  az account show --subscription SUBSCRIPTION --query "{tenant:tenantId, cloud:environmentName}"`,
  }),
  ACRT3039: entry<{ side: string; what: string; reason: string }>({
    title: 'The cloud does not offer it',
    meaning: 'The subscription has not registered the container registry, or the cloud has no such api-version yet.',
    evidence: 'ARM: MissingSubscriptionRegistration, NoRegisteredProviderFound, InvalidResourceType.',
    message: (v) => `The ${v.side} side cannot ${v.what}: ${v.reason}`,
    remedy: () => 'az provider register --namespace Microsoft.ContainerRegistry --wait',
  }),
  ACRT3040: entry<{ side: string; what: string; reason: string }>({
    title: 'ARM asks for fewer requests',
    meaning: 'The subscription or the principal has used up its requests to the control plane, also after waiting.',
    evidence: 'ARM: 429, TooManyRequests (Microsoft: "Understand how Azure Resource Manager throttles requests").',
    message: (v) => `ARM throttles the ${v.side} side, which could not ${v.what}: ${v.reason}`,
    remedy: () =>
      'Run the workflow again in some minutes: it takes up what is under way. If it comes back, let fewer runs go on at a time:\n  max-parallel-runs: 3',
  }),
  ACRT3041: entry<{ side: string; what: string; reason: string }>({
    title: 'Exports are switched off',
    meaning: 'ARM refuses what was asked for because the exportPolicy of the registry is disabled.',
    evidence: 'ARM: a message of exports that are disabled (Azure-Samples/holiday-peak-hub#830).',
    message: (v) => `The ${v.side} side could not ${v.what}: ${v.reason}`,
    remedy: () =>
      'Allow exports (public network access must be enabled for it):\n  az acr update --name REGISTRY --allow-exports true',
  }),
} as const;
