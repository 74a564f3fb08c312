/**
 * Every failure a user can meet: the one place where ids, texts and remedies stand. `docs/errors.md` is generated from it.
 *
 * Ids never change their meaning. 1xxx inputs, 2xxx sign-in and network, 3xxx what must exist before the first run,
 * 4xxx pipeline runs, 5xxx handoff and storage, 6xxx verification, 7xxx documents, 9xxx our own faults.
 */
import { presentedIn } from './diagnosis/aadsts.ts';
import { searchLink } from './diagnosis/search-link.ts';
import { assignmentInBicep, policyInBicep } from './setup/bicep.ts';

/** One entry: texts are functions of the values that the place of failure knows. */
export interface CatalogueEntry<Values> {
  readonly title: string;
  /** What it means and where it comes from; for the docs. */
  readonly meaning: string;
  /** By what it is recognised, and who says so; for the docs. */
  readonly evidence: string;
  readonly message: (values: Values) => string;
  readonly remedy: (values: Values) => string;
}

/** An entry of the catalog; infers the values that its texts need. */
export const entry = <Values extends Readonly<Record<string, string>>>(
  definition: CatalogueEntry<Values>,
): CatalogueEntry<Values> => definition;

/** Where others may have met the same words. */
export const othersWith = (reason: string, about?: string): string =>
  `Others who have met the same: ${searchLink(reason, about)}`;

/** The command that lets a workflow sign in with the id-token that Entra has seen. */
export function federatedCredential(reason: string): string {
  const { issuer, subject, audience } = presentedIn(reason);
  const parameters = { name: 'github', issuer, subject, audiences: [audience] };
  return `az ad app federated-credential create --id CLIENT_ID --parameters '${JSON.stringify(parameters)}'`;
}

/** Changes one property of a pipeline and keeps the others: pipelines are changed by PUT alone, which this reads for first. */
export const update = (id: string, property: string): string =>
  `az resource update --ids ${id} --api-version 2025-06-01-preview --set '${property}'`;

/** ACRT2…: sign-in, discovery of clouds, and the network. */
export const SIGN_IN_ERRORS = {
  ACRT2001: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'Sign-in was refused',
    meaning: 'Entra ID gave no token for this side. The AADSTS code in the cause says why.',
    evidence: 'An answer of Entra that none of the entries below knows.',
    message: (v) => `No token for the ${v.side} side from ${v.authority} (tenant ${v.tenant}): ${v.reason}`,
    remedy: (v) =>
      `Check ${v.side}-tenant-id, ${v.side}-client-id and ${v.side}-cloud. With OIDC the app registration needs a federated credential whose subject is this workflow's, and the audience of the cloud (${v.side}-audience). ${othersWith(v.reason, 'azure login')}`,
  }),
  ACRT2002: entry<{ side: string }>({
    title: 'The job may not ask for an id-token',
    meaning: 'OIDC was chosen (tenant and client id without a secret), but GitHub gives this job no id-token.',
    evidence: 'ACTIONS_ID_TOKEN_REQUEST_URL is not set (GitHub: OpenID Connect).',
    message: (v) => `The ${v.side} side signs in with OIDC, but this job has no permission to ask for an id-token.`,
    remedy: (v) =>
      `Add to the job:\n  permissions:\n    id-token: write\nor give ${v.side}-client-secret. Workflows from forks never get an id-token.`,
  }),
  ACRT2003: entry<{ side: string; reason: string }>({
    title: 'No credential for this side',
    meaning:
      'No credential inputs were given and the job holds none (environment, workload identity, managed identity, az login).',
    evidence: 'No credential of the identity library could be used.',
    message: (v) => `Found no credential for the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Give ${v.side}-tenant-id and ${v.side}-client-id (OIDC), or sign in before this step. One az login serves one cloud only.`,
  }),
  ACRT2004: entry<{ endpoint: string; reason: string }>({
    title: 'The cloud could not be discovered',
    meaning: 'A custom cloud is discovered by the metadata endpoint of its ARM endpoint, which did not answer as one.',
    evidence: '/metadata/endpoints of the ARM endpoint.',
    message: (v) => `${v.endpoint} did not describe its cloud: ${v.reason}`,
    remedy: () =>
      'Give the ARM endpoint of the cloud as source-cloud or target-cloud, reachable from this runner:\n  az cloud show --query endpoints.resourceManager\nSet NODE_EXTRA_CA_CERTS when its certificates come from a private CA.',
  }),
  ACRT2005: entry<{ host: string; reason: string }>({
    title: 'A host could not be reached',
    meaning: 'DNS, network or TLS failed before any answer came, also after retries.',
    evidence: 'ECONNREFUSED, ECONNRESET, ETIMEDOUT, EHOSTUNREACH …, or no answer in time.',
    message: (v) => `No connection to ${v.host}: ${v.reason}`,
    remedy: (v) =>
      `Make ${v.host} reachable from this runner (DNS, firewall, proxy), or run this mode on a self-hosted runner of that network. For a certificate error set NODE_EXTRA_CA_CERTS.`,
  }),
  ACRT2006: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The tenant or the cloud is another one',
    meaning:
      'Entra knows no such tenant in this cloud, or the tenant knows nothing of the service that the token is for: most often the cloud or the tenant of the other side.',
    evidence: 'AADSTS90002, 900023, 90072, 500011 (Microsoft: Entra error codes).',
    message: (v) => `${v.authority} does not know what the ${v.side} side asks of tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Give the tenant and the cloud that belong together:\n  ${v.side}-tenant-id: ID_OF_THE_TENANT\n  ${v.side}-cloud: azurecloud | azureusgovernment | azurechinacloud`,
  }),
  ACRT2007: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The application is not in this tenant',
    meaning: 'The tenant has no application with this client id, no service principal of it, or has disabled it.',
    evidence: 'AADSTS700016, 7000229, 7000112 (Microsoft: Entra error codes).',
    message: (v) => `Tenant ${v.tenant} does not know the application of the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Give the application (client) id of a registration in this tenant, not its object id, as ${v.side}-client-id:\n  az ad app list --display-name NAME --query "[].appId"\nAn application of another tenant needs a service principal here:\n  az ad sp create --id CLIENT_ID`,
  }),
  ACRT2008: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The client secret is wrong or has expired',
    meaning: 'Entra knows the application, but not this secret.',
    evidence: 'AADSTS7000215, 7000222 (Microsoft: Entra error codes).',
    message: (v) => `The client secret of the ${v.side} side was refused by tenant ${v.tenant}: ${v.reason}`,
    remedy: (v) =>
      `Store the value of a new secret (not its id) and give it as ${v.side}-client-secret, or use OIDC, which has no secret to expire:\n  az ad app credential reset --id CLIENT_ID`,
  }),
  ACRT2009: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'No federated credential fits this workflow',
    meaning:
      'Entra compares issuer, subject and audience of the id-token with the federated credentials of the application, letter by letter; one of them differs, or there is none at all.',
    evidence: 'AADSTS70021, 70025, 700211, 700212, 700213, 7002138 (Microsoft: Entra error codes).',
    message: (v) =>
      `No federated credential of the ${v.side} side's application fits the id-token of this job: ${v.reason}`,
    remedy: (v) =>
      `Add one that fits to the letter, or set ${v.side}-audience to the audience that it has:\n  ${federatedCredential(v.reason)}`,
  }),
  ACRT2010: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'A policy of the tenant stands against the sign-in',
    meaning:
      'Conditional Access, multi-factor authentication or a risk policy blocks this principal or the network that the runner is in, or the tenant does not allow sign-in by id-tokens of GitHub.',
    evidence:
      'AADSTS53003, 530035, 50076, 50079; 700223, 700238, 7002381 for federation (Microsoft: Entra error codes).',
    message: (v) => `A policy of tenant ${v.tenant} blocks the sign-in of the ${v.side} side: ${v.reason}`,
    remedy: () =>
      'Ask whoever runs the tenant to except this workload identity, or run the job on a runner in a network that the policy names. The sign-in log of the tenant shows the policy by the correlation id.',
  }),
  ACRT2011: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'The id-token was not accepted in time',
    meaning:
      'The id-token is outside of its time, or Entra cannot check its signature: a clock that is wrong, or an issuer that Entra cannot reach (GitHub Enterprise Server).',
    evidence: 'AADSTS700024, 700027, 50013, 50166 (Microsoft: Entra error codes).',
    message: (v) => `The id-token of the ${v.side} side was refused by ${v.authority}: ${v.reason}`,
    remedy: () =>
      'Set the clock of the runner (timedatectl set-ntp true). With GitHub Enterprise Server: let Entra reach https://HOST/_services/token/.well-known/openid-configuration.',
  }),
  ACRT2012: entry<{ host: string; reason: string }>({
    title: 'A host has no address',
    meaning:
      'The name is misspelt, belongs to another cloud, or is known in a private DNS zone only that this runner does not ask.',
    evidence: 'ENOTFOUND, EAI_AGAIN of the name server.',
    message: (v) => `${v.host} has no address here: ${v.reason}`,
    remedy: (v) =>
      `Check the name and the cloud. Behind a private endpoint: run the job on a runner in that network, and link its private DNS zone:\n  nslookup ${v.host}`,
  }),
  ACRT2013: entry<{ host: string; reason: string }>({
    title: 'The certificate of a host is not trusted',
    meaning:
      'Something on the way answers with a certificate of its own (a proxy that inspects TLS), or the cloud has a certificate authority that this runner does not know.',
    evidence: 'CERT_*, UNABLE_TO_*, SELF_SIGNED_*, ERR_TLS_* of Node and OpenSSL.',
    message: (v) => `${v.host} was not trusted: ${v.reason}`,
    remedy: () =>
      'Give the certificate authority to the step; verification itself is never switched off:\n  env:\n    NODE_EXTRA_CA_CERTS: /path/to/ca.pem',
  }),
} as const;

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
      `Run the workflow again: it takes up what is under way and repeats nothing. If it stays so, give the correlation id to Azure support. ${othersWith(v.reason)}`,
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

/** ACRT3042 to ACRT3049: provisioning. */
export const PROVISIONING_ERRORS = {
  ACRT3042: entry<{ role: string; roleId: string; principal: string; scope: string; reason: string }>({
    title: 'This step may not assign the role that the pipeline needs',
    meaning:
      'Assigning roles is a right of its own (Microsoft.Authorization/roleAssignments/write). Everything else has been set up; whoever has that right can do the rest.',
    evidence: 'ARM: 403 to the PUT of a role assignment (Microsoft: "Assign Azure roles using the REST API").',
    message: (v) => `"${v.role}" could not be assigned to ${v.principal} at ${v.scope}: ${v.reason}`,
    remedy: (v) =>
      `Let somebody with the role "Role Based Access Control Administrator" there do one of these, then run this step again:\n  az role assignment create --role ${v.roleId} --assignee-object-id ${v.principal} --assignee-principal-type ServicePrincipal --scope ${v.scope}\nor in Bicep, in the resource group of the scope:\n  ${assignmentInBicep(v)}`,
  }),
  ACRT3043: entry<{ principal: string; vault: string; vaultId: string; reason: string }>({
    title: 'This step may not open the vault to the pipeline',
    meaning:
      'Access policies are changed with a right of its own (Microsoft.KeyVault/vaults/accessPolicies/write). Everything else has been set up; whoever has that right can do the rest.',
    evidence: 'ARM: 403 to the PUT of an access policy (Microsoft: "Vaults - Update Access Policy").',
    message: (v) => `${v.principal} could not be given secrets/get in vault ${v.vault}: ${v.reason}`,
    remedy: (v) =>
      `Let somebody with the role "Key Vault Contributor" there do one of these, then run this step again:\n  az keyvault set-policy --name ${v.vault} --object-id ${v.principal} --secret-permissions get\nor in Bicep, in the resource group of the vault:\n  ${policyInBicep(v)}`,
  }),
  ACRT3044: entry<{ side: string; what: string; subscription: string; reason: string }>({
    title: 'What the pipeline stands on was not found',
    meaning:
      'Storage account and vault are looked for by their address among those of the subscription that the pipeline is in, as far as this step may see them.',
    evidence: 'ARM: lists of storage accounts and vaults.',
    message: (v) => `On the ${v.side} side there is no ${v.what} in subscription ${v.subscription}: ${v.reason}`,
    remedy: (v) =>
      `Check the address. If it is right, let this step see it:\n  az role assignment create --assignee CLIENT_ID --role Reader --scope /subscriptions/${v.subscription}`,
  }),
  ACRT3045: entry<{ pipeline: string; minutes: string; reason: string }>({
    title: 'The pipeline does not work yet',
    meaning:
      'Everything is set up, but a trial run is still refused by storage or Key Vault. New role assignments need up to ten minutes, more when the identity is new.',
    evidence: 'A trial run that failed with ACRT4002, ACRT4011, ACRT4012 or ACRT4013.',
    message: (v) => `${v.pipeline} does not reach its container ${v.minutes} minutes after it was set up: ${v.reason}`,
    remedy: () =>
      'Run this step again in some minutes; it goes on where it was. If it stays so, mode: doctor of the transfer action says what is closed.',
  }),
  ACRT3046: entry<{ account: string; key: string; reason: string }>({
    title: 'There is no key to sign a SAS with',
    meaning:
      'A user delegation key takes the role "Storage Blob Delegator" on the account; an account key takes the right to list keys, and an account that allows them.',
    evidence: 'Storage: 403 to Get User Delegation Key; ARM: 403 to listKeys, or allowSharedKeyAccess false.',
    message: (v) => `No SAS could be made for ${v.account} with its ${v.key}: ${v.reason}`,
    remedy: (v) =>
      v.key === 'account key'
        ? 'Use sas-key: user-delegation, or let this step list the keys:\n  az role assignment create --assignee CLIENT_ID --role "Storage Account Key Operator Service Role" --scope ACCOUNT_RESOURCE_ID'
        : 'az role assignment create --assignee CLIENT_ID --role "Storage Blob Delegator" --scope ACCOUNT_RESOURCE_ID',
  }),
  ACRT3047: entry<{ container: string; reason: string }>({
    title: 'Storage does not accept the new SAS',
    meaning:
      'The SAS was tried before it is stored, and refused: who signs by user delegation gives no more than he has himself, and an account may allow no keys.',
    evidence: 'Storage: the answer to a list with the new SAS.',
    message: (v) => `A new SAS for ${v.container} does not work: ${v.reason}`,
    remedy: () =>
      'Nothing was stored. Where the account allows no keys, use sas-key: user-delegation. Else give this step what it passes on (minutes may pass until it holds):\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID',
  }),
  ACRT3048: entry<{ secret: string; reason: string }>({
    title: 'The secret could not be stored',
    meaning: 'The vault refused a new version of the secret that the pipeline reads its SAS from.',
    evidence: 'Key Vault: the answer to Set Secret.',
    message: (v) => `${v.secret} could not be stored: ${v.reason}`,
    remedy: () =>
      'Let this step set secrets, by the role or by the policy that the vault uses:\n  az role assignment create --assignee CLIENT_ID --role "Key Vault Secrets Officer" --scope VAULT_RESOURCE_ID\n  az keyvault set-policy --name VAULT --object-id PRINCIPAL_ID --secret-permissions get set list recover delete',
  }),
  ACRT3049: entry<{ pipeline: string }>({
    title: 'The pipeline has no SAS to rotate',
    meaning: 'A pipeline in the storage access mode ManagedIdentity reads no secret, so that nothing of it expires.',
    evidence: 'ARM: storageAccessMode of the pipeline.',
    message: (v) => `${v.pipeline} reaches its container with its managed identity; there is no SAS to rotate.`,
    remedy: () => 'Leave the step out, or change the pipeline first: storage-access-mode: SasToken',
  }),
} as const;

/** ACRT4…: pipeline runs. */
export const RUN_ERRORS = {
  ACRT4001: entry<{ run: string; reason: string }>({
    title: 'A pipeline run failed',
    meaning: 'The transfer service ended the run as Failed or Canceled; its own words are in the message.',
    evidence: 'A pipelineRunErrorMessage that none of the entries below knows.',
    message: (v) => `Run ${v.run} failed: ${v.reason}`,
    remedy: (v) =>
      `Mend what the service names, then run the workflow again: finished batches are not repeated. The run stays in Azure for inspection (az acr pipeline-run show). ${othersWith(v.reason)}`,
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
    remedy: (v) => `Mend what the service names and run the workflow again. ${othersWith(v.reason)}`,
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

/** ACRT5…: handoff and storage. */
export const STORAGE_ERRORS = {
  ACRT5001: entry<{ blob: string; container: string }>({
    title: 'A transfer blob is missing',
    meaning: 'The transfer manifest or the input names a blob that is not in the container.',
    evidence: 'Storage: 404 for the blob.',
    message: (v) => `${v.blob} is not in ${v.container}.`,
    remedy: () =>
      'Hand it over first (mode: handoff), check the container, and see whether an import with DeleteSourceBlobOnSuccess has taken it already:\n  az storage blob list --account-name ACCOUNT --container-name CONTAINER --auth-mode login --output table',
  }),
  ACRT5002: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: 'A transfer blob is not what left',
    meaning: 'Size or MD5 of the blob differs from the transfer manifest or from the Content-MD5 of its source.',
    evidence: 'Size and MD5, against the transfer manifest.',
    message: (v) => `${v.blob} in ${v.container} is ${v.actual}, but must be ${v.expected}.`,
    remedy: () => 'Delete the damaged blob and run the handoff again. Nothing was imported from it.',
  }),
  ACRT5003: entry<{ blob: string }>({
    title: 'A transfer blob changed while it was copied',
    meaning: 'The handoff pins the source blob by its ETag; somebody wrote it while it was read.',
    evidence: 'Storage: 412 for the ETag that was seen first.',
    message: (v) => `${v.blob} changed in the source container while it was handed off.`,
    remedy: () => 'Let one workflow at a time write this transfer name (concurrency group) and run it again.',
  }),
  ACRT5004: entry<{ side: string; container: string; reason: string }>({
    title: 'Storage refused the action',
    meaning: "The container answered 401 or 403 to the action's own token or SAS.",
    evidence: 'Storage: 401 or 403 (AuthorizationPermissionMismatch).',
    message: (v) => `The ${v.side} container ${v.container} refused access: ${v.reason}`,
    remedy: (v) =>
      `Give the principal "Storage Blob Data Contributor" on the container (Reader is enough to read), or set ${v.side}-sas to a container SAS that has not expired (r l w c; r l is enough for the source of a handoff). The storage firewall must admit this runner.\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID`,
  }),
  ACRT5005: entry<{ container: string; blob: string; reason: string }>({
    title: 'Storage failed',
    meaning: 'A storage request failed for another reason than access, also after retries.',
    evidence: 'Storage: an error that none of the entries below knows.',
    message: (v) => `${v.container}/${v.blob}: ${v.reason}`,
    remedy: (v) => `Run the workflow again: what has arrived is not copied twice. ${othersWith(v.reason)}`,
  }),
  ACRT5006: entry<{ blob: string; container: string }>({
    title: 'A transfer blob has no Content-MD5',
    meaning: 'The service writes every transfer blob with Content-MD5; a copy by another tool may have lost it.',
    evidence: 'Storage: no Content-MD5 among the properties.',
    message: (v) => `${v.blob} in ${v.container} has no Content-MD5, so nobody can tell whether it is whole.`,
    remedy: () => 'Delete the blob and export it again, and let nothing else write this container.',
  }),
  ACRT5007: entry<{ blob: string; size: string; limit: string }>({
    title: 'A transfer blob is larger than max-blob-size',
    meaning:
      'Blobs are planned by the size of their content; the service has packed this one larger. It was not carried on.',
    evidence: 'The size of the blob.',
    message: (v) => `${v.blob} has ${v.size}, over max-blob-size (${v.limit}).`,
    remedy: () =>
      'Lower max-blob-size somewhat and plan again: smaller batches are formed. The batches of a plan that was given stay as they are.',
  }),
  ACRT5008: entry<{ blob: string; source: string; target: string; reason: string }>({
    title: 'The target storage cannot read the source',
    meaning:
      'With handoff-method: server the target storage account fetches the blob from the source account by itself. A firewall, a private endpoint, or a cloud that admits no visitors keeps it from doing so (Microsoft: Put Block From URL, CannotVerifyCopySource).',
    evidence: 'Storage: CannotVerifyCopySource, x-ms-copy-source-status-code.',
    message: (v) => `${v.target} cannot read ${v.blob} from ${v.source}: ${v.reason}`,
    remedy: () =>
      'Set handoff-method: stream (or auto, which falls back to it by itself), so that the bytes pass through this runner. Or let the source storage firewall admit the target account.',
  }),
  ACRT5009: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: 'Another blob of this name is at the target',
    meaning: 'The handoff never replaces a blob that differs from what it carries unless it is told to.',
    evidence: 'Size and MD5 of the blob that is there.',
    message: (v) =>
      `${v.blob} in ${v.container} is there already: ${v.actual}. It is not what would be carried: ${v.expected}.`,
    remedy: () =>
      'If nobody needs the blob that is there (a damaged copy, or one of an earlier export), set overwrite: true, or delete it. Otherwise use another transfer-name.',
  }),
  ACRT5010: entry<{ side: string; container: string; ends: string }>({
    title: 'The SAS is about to expire',
    meaning: 'The SAS that was given ends within five minutes, or has ended: the copy was not begun.',
    evidence: 'The field se of the SAS.',
    message: (v) => `The SAS of the ${v.side} container ${v.container} ends at ${v.ends}.`,
    remedy: (v) =>
      `Give ${v.side}-sas a SAS that outlives the copy, or leave it out and let the action sign in: what it makes itself it renews. What has arrived of a blob is used again.`,
  }),
  ACRT5011: entry<{ blob: string; offset: string; where: string }>({
    title: 'A block was damaged under way',
    meaning: 'The MD5 of a block at one end is not the MD5 at the other, also after several tries.',
    evidence: 'MD5 of the bytes at both ends; storage: Md5Mismatch.',
    message: (v) =>
      `The block at byte ${v.offset} of ${v.blob} was damaged ${v.where}, and again each time it was sent.`,
    remedy: () =>
      'Something between this runner and the storage account changes what passes: look for a proxy that inspects TLS. Run the workflow again, on another runner if it stays so.',
  }),
  ACRT5012: entry<{ blob: string; size: string; limit: string; method: string }>({
    title: 'A transfer blob is too large to be copied this way',
    meaning:
      'A block blob has at most 50,000 blocks (Microsoft: scalability targets for Blob storage). The blocks that stream needs for larger blobs do not fit into the memory of the step.',
    evidence: 'The size of the blob.',
    message: (v) => `${v.blob} has ${v.size}; handoff-method: ${v.method} carries up to ${v.limit}.`,
    remedy: () =>
      'Set handoff-method: server where the accounts can reach each other, or max-blob-size for the export.',
  }),
  ACRT5013: entry<{ blob: string; container: string; reason: string }>({
    title: 'Blocks of another tool are in the way',
    meaning:
      'Somebody else has begun to upload a blob of this name and has not ended it; storage accepts only block ids of one length (Microsoft: Put Block).',
    evidence: 'Storage: InvalidBlobOrBlock, InvalidBlockId.',
    message: (v) => `${v.blob} in ${v.container} has blocks of an upload by something else: ${v.reason}`,
    remedy: (v) =>
      `Discard them by writing and deleting an empty blob, or wait a week until storage does:\n  az storage blob upload --blob-url ${v.container}/${v.blob} --data "" --auth-mode login && az storage blob delete --blob-url ${v.container}/${v.blob} --auth-mode login`,
  }),
  ACRT5014: entry<{ file: string; reason: string }>({
    title: 'A file of the directory cannot be read or written',
    meaning: 'The handoff to or from a directory met an error of the file system.',
    evidence: 'The error code of the file system.',
    message: (v) => `${v.file}: ${v.reason}`,
    remedy: () =>
      'Check that the medium is there, writable and has room. A file system that ends at 4 GiB a file (FAT32) needs max-blob-size: 4GB, in the export and here. Run the workflow again: what has arrived is not copied twice.',
  }),
  ACRT5015: entry<{ side: string; container: string; reason: string }>({
    title: 'Storage does not accept the SAS or the signature',
    meaning:
      'The SAS has expired, was revoked, is of another account or for other addresses, or lost a character on its way into the secret.',
    evidence:
      'Storage: AuthenticationFailed, NoAuthenticationInformation, PublicAccessNotPermitted, AuthorizationSourceIPMismatch.',
    message: (v) => `Storage of the ${v.side} side, ${v.container}, does not accept the credential: ${v.reason}`,
    remedy: (v) =>
      `Make a new SAS of the container and give it as ${v.side}-sas, or leave it out and let the action sign in:\n  az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions rwl --https-only --expiry END`,
  }),
  ACRT5016: entry<{ side: string; container: string; reason: string }>({
    title: 'The firewall of the storage account does not let the action in',
    meaning: 'Whoever asks and with whatever credential: requests from this network are refused.',
    evidence: 'Storage: AuthorizationFailure (Microsoft: "Troubleshoot 403 errors of Azure Storage").',
    message: (v) => `Storage of the ${v.side} side, ${v.container}, refuses requests from this network: ${v.reason}`,
    remedy: () =>
      'Run the job on a runner inside the network, or let its address in:\n  az storage account network-rule add --account-name ACCOUNT --ip-address RUNNER_IP',
  }),
  ACRT5017: entry<{ side: string; container: string; reason: string }>({
    title: 'The storage account does not allow this kind of access',
    meaning:
      'Shared keys (and every SAS signed with one) are switched off, the SAS is for another protocol, or the account is disabled.',
    evidence: 'Storage: KeyBasedAuthenticationNotPermitted, AuthorizationProtocolMismatch, AccountIsDisabled.',
    message: (v) => `Storage of the ${v.side} side, ${v.container}, does not allow this access: ${v.reason}`,
    remedy: (v) =>
      `Leave ${v.side}-sas out and let the action sign in (role "Storage Blob Data Contributor"), or give a user delegation SAS:\n  az storage container generate-sas --as-user --auth-mode login --account-name ACCOUNT --name CONTAINER --permissions rwl --https-only --expiry END`,
  }),
  ACRT5018: entry<{ side: string; container: string; reason: string }>({
    title: 'A blob is protected',
    meaning: 'An immutability policy, a lease or snapshots keep the blob from being replaced.',
    evidence: 'Storage: BlobImmutableDueToPolicy, LeaseIdMissing, SnapshotsPresent.',
    message: (v) => `A blob in ${v.container} of the ${v.side} side is protected: ${v.reason}`,
    remedy: () =>
      'Use another transfer-name, so that nothing has to be replaced, or end the lease:\n  az storage blob lease break --account-name ACCOUNT --container-name CONTAINER --blob-name BLOB',
  }),
  ACRT5019: entry<{ side: string; container: string; reason: string }>({
    title: 'A blob is archived',
    meaning: 'Blobs in the archive tier cannot be read until they are rehydrated, which takes hours.',
    evidence: 'Storage: BlobArchived, BlobBeingRehydrated.',
    message: (v) => `A blob in ${v.container} of the ${v.side} side is archived: ${v.reason}`,
    remedy: () =>
      'Rehydrate it, wait until it is Hot, and run the workflow again:\n  az storage blob set-tier --account-name ACCOUNT --container-name CONTAINER --name BLOB --tier Hot',
  }),
  ACRT5020: entry<{ side: string; container: string; reason: string }>({
    title: 'The storage account cannot use its key',
    meaning:
      'The account is encrypted with a key of the customer, which was deleted, disabled, has expired, or is behind a firewall or without rights.',
    evidence: 'Storage: KeyVaultEncryptionKeyNotFound, KeyVaultVaultNotFound, KeyVaultAccessTokenCannotBeAcquired.',
    message: (v) => `Storage of the ${v.side} side, ${v.container}, cannot use its encryption key: ${v.reason}`,
    remedy: () =>
      'See which key it is, and give it back to the account:\n  az storage account show --name ACCOUNT --query encryption.keyVaultProperties',
  }),
} as const;

/** ACRT6…: verification and registry reads. */
export const REGISTRY_ERRORS = {
  ACRT6001: entry<{ reference: string; registry: string; expected: string; actual: string }>({
    title: 'The target has another digest',
    meaning: 'What the target registry serves under this name is not what left the source.',
    evidence: 'The digest at the target, against the one that left.',
    message: (v) =>
      `${v.reference} in ${v.registry} is not what left the source:\n  left the source  ${v.expected}\n  at the target    ${v.actual}`,
    remedy: () =>
      'If the tag existed before, the import pipeline needs the option OverwriteTags. If the tag moved at the source during the export, run the workflow again. Otherwise do not use this artifact; use another transfer-name to export it afresh.',
  }),
  ACRT6002: entry<{ reference: string; registry: string; digest: string }>({
    title: 'An artifact did not arrive',
    meaning: 'The import run ended without error, yet the target registry does not have the artifact.',
    evidence: 'Registry: 404 at the target.',
    message: (v) => `${v.reference} (${v.digest}) is not in ${v.registry}.`,
    remedy: () =>
      'See importedArtifacts of the run; with ContinueOnErrors a run leaves out what fails. Mend what it names and transfer again under another transfer-name.\n  az acr pipeline-run show --registry REGISTRY --resource-group RESOURCE_GROUP --name RUN --query response',
  }),
  ACRT6003: entry<{ reference: string; registry: string; child: string }>({
    title: 'A part of a multi-arch artifact is missing',
    meaning:
      'The index is there, but a manifest that it lists is not: at the target it did not arrive, at the source it was deleted or never pushed.',
    evidence: 'Registry: 404 for a manifest that the index names.',
    message: (v) => `${v.reference} in ${v.registry} lists ${v.child}, which is not there.`,
    remedy: () =>
      'In the source registry: push the index again with all its platforms. In the target registry: run the workflow again; if it stays so, export the missing manifest by its digest as well.',
  }),
  ACRT6004: entry<{ registry: string; reference: string; reason: string }>({
    title: 'A registry could not be read',
    meaning: 'A manifest could not be fetched for another reason than its absence.',
    evidence: 'Registry: an error answer that is no 404.',
    message: (v) => `Reading ${v.reference} from ${v.registry} failed: ${v.reason}`,
    remedy: () =>
      'Give the principal "AcrPull" (ABAC registries: "Container Registry Repository Reader") and let the runner reach the registry; verify: false skips the check, and says so in the receipt.\n  az role assignment create --assignee CLIENT_ID --role AcrPull --scope REGISTRY_RESOURCE_ID',
  }),
  ACRT6005: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The firewall of the registry does not let the action in',
    meaning: 'The registry takes requests from chosen networks only, and this runner is in none of them.',
    evidence:
      'Registry: DENIED, "client with IP … is not allowed access" (Microsoft: "Troubleshoot network issues with registry").',
    message: (v) =>
      `${v.registry} refuses requests from this network, so ${v.reference} could not be read: ${v.reason}`,
    remedy: (v) =>
      `Run the job on a runner inside the network, or let its address in:\n  az acr network-rule add --name ${v.registry.replace(/\..*$/, '')} --ip-address RUNNER_IP`,
  }),
  ACRT6006: entry<{ registry: string; reference: string; reason: string }>({
    title: 'The registry asks for fewer requests',
    meaning:
      'The registry, or this principal, has used up its reads of the minute, also after waiting (Microsoft: ACR SKUs).',
    evidence: 'Registry: 429, TOOMANYREQUESTS.',
    message: (v) => `${v.registry} throttles this principal; ${v.reference} could not be read: ${v.reason}`,
    remedy: () => 'Run the workflow again in some minutes, and not at the same time as others that read this registry.',
  }),
} as const;

/** The catalog, by id. */
export const CATALOGUE = {
  ACRT1001: entry<{ count: string; problems: string }>({
    title: 'Inputs are not valid',
    meaning: 'One or more inputs of the step are missing, misspelt or do not fit each other. Nothing was contacted.',
    evidence: 'action.yml, and the forms that docs/reference.md gives.',
    message: (v) => `${v.count} in the inputs of this step:\n${v.problems}`,
    remedy: () => 'Correct the inputs named above; the documentation lists every input with its form and default.',
  }),
  ACRT1002: entry<{ version: string; least: string }>({
    title: 'Node is too old',
    meaning:
      'GitHub runs the action on Node 24 (action.yml). Somebody started the bundle by hand, or the runner is too old.',
    evidence: 'process.versions of the runtime.',
    message: (v) => `This is Node ${v.version}; the action needs Node ${v.least}. Nothing was contacted.`,
    remedy: () =>
      'Update the runner, or start the bundle with Node 24; in a clone of the repository:\n  npx node dist/index.js',
  }),
  ...SIGN_IN_ERRORS,
  ...PREFLIGHT_ERRORS,
  ...PROVISIONING_ERRORS,
  ...RUN_ERRORS,
  ...STORAGE_ERRORS,
  ...REGISTRY_ERRORS,
  ACRT7001: entry<{ document: string; place: string; reason: string }>({
    title: 'A document cannot be read',
    meaning: 'A plan, transfer manifest or receipt is not there, not JSON, or not of the published schema.',
    evidence: 'The file, or the blob, and its schema.',
    message: (v) => `${v.document} ${v.place}: ${v.reason}`,
    remedy: () =>
      'If a plan is not there: give the path of the plan.json that the dry run wrote, relative to the workspace (download its workflow artifact first). If a transfer manifest is not there: run export and handoff first, and give the manifest or transfer-name of the workflow run that exported (the default name holds the run id; shares of a plan have a manifest each, NAME.1-of-2). If it is damaged: hand over the file as the action wrote it; docs/schemas has its schema.',
  }),
  ACRT7002: entry<{ document: string; place: string; version: string; known: string }>({
    title: 'A document is of a newer version',
    meaning: 'The document was written by a newer release of this action than the one that reads it.',
    evidence: 'The member version of the document.',
    message: (v) => `${v.document} ${v.place} has version ${v.version}; this release reads up to ${v.known}.`,
    remedy: () => 'Use the same release of the action on both sides, the newer of the two.',
  }),
  ACRT7003: entry<{ count: string; references: string }>({
    title: 'The transfer manifest is not complete',
    meaning: 'The export that wrote the manifest failed for these artifacts, so they were never handed over.',
    evidence: 'The member missing of the manifest.',
    message: (v) => `${v.count} of this transfer never left the source:\n${v.references}`,
    remedy: () => 'See why the export failed, run it again, then hand over and import again: nothing is repeated.',
  }),
  ACRT7004: entry<{ transferName: string }>({
    title: 'Two transfers of one workflow run have the same name',
    meaning:
      'Another step or job of this workflow run has written a transfer manifest of the same name, with other blobs. The second would hide the first.',
    evidence: 'A manifest of this name, written by the same workflow run.',
    message: (v) => `Another step of this workflow run already uses the transfer name ${v.transferName}.`,
    remedy: () => 'Give each step that exports its own transfer-name, and name it in handoff and import too.',
  }),
  ACRT7005: entry<{ place: string; reason: string }>({
    title: 'The plan does not fit this step',
    meaning:
      'A plan is carried out exactly, so it must be of the same source registry and pipelines, and as it was written.',
    evidence: 'Registry and pipeline that the plan names.',
    message: (v) => `The plan ${v.place} cannot be carried out: ${v.reason}.`,
    remedy: () =>
      'Give the same pipelines as when it was planned, and the file as the dry run wrote it; or plan again.',
  }),
  ACRT9001: entry<{ reason: string }>({
    title: 'Unexpected error',
    meaning: 'Something happened that this action does not know. That is a bug of ours.',
    evidence: 'An error that nobody has caught.',
    message: (v) => `Unexpected: ${v.reason}`,
    remedy: (v) =>
      `Please report it with the log of a run with debug logging (Re-run jobs → Enable debug logging). Running the workflow again is safe. ${othersWith(v.reason)}`,
  }),
} as const;

/** Ids of failures. */
export type FailureId = keyof typeof CATALOGUE;

/** The values that a failure's texts need. */
export type FailureValues<Id extends FailureId> = Parameters<(typeof CATALOGUE)[Id]['message']>[0];
