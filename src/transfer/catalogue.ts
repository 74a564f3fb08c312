/**
 * Every failure a user can meet: the one place where ids, texts and remedies stand. `docs/errors.md` is generated from it.
 *
 * Ids never change their meaning. 1xxx inputs, 2xxx sign-in and network, 3xxx what must exist before the first run,
 * 4xxx pipeline runs, 5xxx handoff and storage, 6xxx verification, 7xxx documents, 9xxx our own faults.
 */

/** One entry: texts are functions of the values that the place of failure knows. */
export interface CatalogueEntry<Values> {
  readonly title: string;
  /** What it means and where it comes from; for the docs. */
  readonly meaning: string;
  readonly message: (values: Values) => string;
  readonly remedy: (values: Values) => string;
}

const entry = <Values extends Readonly<Record<string, string>>>(
  definition: CatalogueEntry<Values>,
): CatalogueEntry<Values> => definition;

/** The catalogue, by id. */
export const CATALOGUE = {
  ACRT1001: entry<{ count: string; problems: string }>({
    title: 'Inputs are not valid',
    meaning: 'One or more inputs of the step are missing, misspelt or do not fit each other. Nothing was contacted.',
    message: (v) => `${v.count} in the inputs of this step:\n${v.problems}`,
    remedy: () => 'Correct the inputs named above; the README lists every input with its form and default.',
  }),
  ACRT1002: entry<{ version: string; least: string }>({
    title: 'Node is too old',
    meaning:
      'GitHub runs the action on Node 24 (action.yml). Somebody started the bundle by hand, or the runner is too old.',
    message: (v) => `This is Node ${v.version}; the action needs Node ${v.least}. Nothing was contacted.`,
    remedy: () =>
      'Update the runner, or start the bundle with Node 24; in a clone of the repository:\n  npx node dist/index.js',
  }),
  ACRT2001: entry<{ side: string; authority: string; tenant: string; reason: string }>({
    title: 'Sign-in was refused',
    meaning: 'Entra ID gave no token for this side. The AADSTS code in the cause says why.',
    message: (v) => `No token for the ${v.side} side from ${v.authority} (tenant ${v.tenant}): ${v.reason}`,
    remedy: (v) =>
      `Check ${v.side}-tenant-id, ${v.side}-client-id and ${v.side}-cloud. With OIDC the app registration needs a federated credential whose subject is this workflow's, and the audience of the cloud (${v.side}-audience).`,
  }),
  ACRT2002: entry<{ side: string }>({
    title: 'The job may not ask for an id-token',
    meaning: 'OIDC was chosen (tenant and client id without a secret), but GitHub gives this job no id-token.',
    message: (v) => `The ${v.side} side signs in with OIDC, but this job has no permission to ask for an id-token.`,
    remedy: (v) =>
      `Add to the job:\n  permissions:\n    id-token: write\nor give ${v.side}-client-secret. Workflows from forks never get an id-token.`,
  }),
  ACRT2003: entry<{ side: string; reason: string }>({
    title: 'No credential for this side',
    meaning:
      'No credential inputs were given and the job holds none (environment, workload identity, managed identity, az login).',
    message: (v) => `Found no credential for the ${v.side} side: ${v.reason}`,
    remedy: (v) =>
      `Give ${v.side}-tenant-id and ${v.side}-client-id (OIDC), or sign in before this step. One az login serves one cloud only.`,
  }),
  ACRT2004: entry<{ endpoint: string; reason: string }>({
    title: 'The cloud could not be discovered',
    meaning: 'A custom cloud is discovered by the metadata endpoint of its ARM endpoint, which did not answer as one.',
    message: (v) => `${v.endpoint} did not describe its cloud: ${v.reason}`,
    remedy: () =>
      'Give the ARM endpoint of the cloud (https://management.…), reachable from this runner. Set NODE_EXTRA_CA_CERTS when its certificates come from a private CA.',
  }),
  ACRT2005: entry<{ host: string; reason: string }>({
    title: 'A host could not be reached',
    meaning: 'DNS, network or TLS failed before any answer came, also after retries.',
    message: (v) => `No connection to ${v.host}: ${v.reason}`,
    remedy: (v) =>
      `Make ${v.host} reachable from this runner (DNS, firewall, proxy), or run this mode on a self-hosted runner of that network. For a certificate error set NODE_EXTRA_CA_CERTS.`,
  }),
  ACRT3001: entry<{ side: string; pipeline: string }>({
    title: 'The pipeline does not exist',
    meaning: 'ARM knows no pipeline by this resource ID.',
    message: (v) => `There is no pipeline ${v.pipeline} on the ${v.side} side.`,
    remedy: (v) =>
      `Check subscription, resource group, registry and name in the resource ID, and ${v.side}-cloud. List what is there (or importPipelines):\n  az rest --method get --url "<registry ID>/exportPipelines?api-version=2025-06-01-preview"`,
  }),
  ACRT3002: entry<{ side: string; what: string; reason: string }>({
    title: 'The right to do this is missing',
    meaning: "The action's own principal is signed in, but may not do this on the resource.",
    message: (v) => `The ${v.side} side may not ${v.what}: ${v.reason}`,
    remedy: () =>
      'Assign on the registry "Container Registry Transfer Pipeline Contributor" (pipelines and runs), "Reader" if reading the registry itself is refused, "AcrPull" or "Container Registry Repository Reader" (manifests), and "Storage Blob Data Contributor" on the container (handoff and transfer manifest). New assignments need some minutes.',
  }),
  ACRT3003: entry<{ pipeline: string; state: string }>({
    title: 'The pipeline is not ready',
    meaning: 'A pipeline takes runs only when its provisioningState is Succeeded.',
    message: (v) => `Pipeline ${v.pipeline} is in the state ${v.state}.`,
    remedy: () => 'Wait until it is Succeeded, or create it again.',
  }),
  ACRT3004: entry<{ side: string; registry: string }>({
    title: 'The registry does not exist',
    meaning: 'ARM knows no registry by the resource ID that the pipeline belongs to.',
    message: (v) => `There is no registry ${v.registry} on the ${v.side} side.`,
    remedy: (v) => `Check the pipeline's resource ID and ${v.side}-cloud.`,
  }),
  ACRT3005: entry<{ reference: string; where: string; registry: string }>({
    title: 'An artifact does not exist',
    meaning: 'A selected tag or digest is not in the source registry. Nothing was started.',
    message: (v) => `${v.reference} (${v.where}) is not in ${v.registry}.`,
    remedy: (v) =>
      `Push it before this step, correct the line, or take it out. See what is there:\n  az acr manifest list-metadata --registry ${v.registry} --name ${v.reference.replace(/[:@].*$/, '')}`,
  }),
  ACRT3006: entry<{ side: string; container: string }>({
    title: 'The container does not exist',
    meaning: 'The storage account has no container by this name.',
    message: (v) => `There is no container ${v.container} on the ${v.side} side.`,
    remedy: (v) => `Create it, or correct ${v.side}-container or the pipeline.`,
  }),
  ACRT3007: entry<{ registry: string; sku: string }>({
    title: 'The registry is not Premium',
    meaning: 'ACR Transfer works on Premium registries only (Microsoft: ACR Transfer prerequisites).',
    message: (v) => `Registry ${v.registry} has the SKU ${v.sku}; transfer needs Premium.`,
    remedy: (v) => `Change the SKU:\n  az acr update --name ${v.registry} --sku Premium`,
  }),
  ACRT3008: entry<{ registry: string }>({
    title: 'The registry forbids exports',
    meaning: 'exportPolicy is disabled on the source registry (data loss prevention).',
    message: (v) => `Registry ${v.registry} has its exportPolicy disabled.`,
    remedy: (v) =>
      `Allow exports (public network access must be enabled for it):\n  az acr update --name ${v.registry} --allow-exports true`,
  }),
  ACRT3009: entry<{ side: string; what: string; reason: string }>({
    title: 'ARM answered with an error',
    meaning: 'A request to the control plane failed for another reason than rights, also after retries.',
    message: (v) => `The ${v.side} side could not ${v.what}: ${v.reason}`,
    remedy: () =>
      'Run the workflow again: it takes up what is under way and repeats nothing. If it stays so, give the correlation id to Azure support.',
  }),
  ACRT3010: entry<{ registry: string; lines: string; reason: string }>({
    title: 'The repositories may not be listed',
    meaning:
      'A pattern in the repository part of a line needs the list of all repositories. On registries with ABAC the roles of a repository do not include it (Microsoft: ACR roles and permissions, catalog listing).',
    message: (v) =>
      `The repositories of ${v.registry} may not be listed (${v.reason}), which these lines need:\n${v.lines}`,
    remedy: (v) =>
      `Assign "Container Registry Repository Catalog Lister" on ${v.registry} to the principal (on registries without ABAC: "AcrPull"), or name the repositories in full: patterns in tags work without it.`,
  }),
  ACRT3011: entry<{ line: string; where: string; registry: string; hint: string }>({
    title: 'A line matches nothing',
    meaning: 'A pattern, or what its options leave of it, selects no tag of the source registry. Nothing was started.',
    message: (v) => `"${v.line}" (${v.where}) matches nothing in ${v.registry}${v.hint}.`,
    remedy: (v) => `Correct the line or take it out. If it may match nothing at times, say so:\n  ${v.line} optional`,
  }),
  ACRT3012: entry<{ reference: string; layers: string }>({
    title: 'An artifact has layers that do not travel',
    meaning:
      'Foreign (non-distributable) layers lie in another registry; the transfer service does not carry them, so a pull at the target would fail (Microsoft: ACR Transfer troubleshooting).',
    message: (v) => `${v.reference} has foreign layers, which stay behind:\n${v.layers}`,
    remedy: (v) =>
      `Push it with its layers (docker push --allow-nondistributable-artifacts, newer base images have none), or leave it out:\n  !${v.reference}`,
  }),
  ACRT3013: entry<{ reference: string; what: string; size: string; limit: string }>({
    title: 'An artifact is over a limit',
    meaning:
      'A layer is larger than the 8 GB that the service carries, or the artifact alone is larger than max-blob-size.',
    message: (v) => `${v.reference}: ${v.what} takes ${v.size}, over the limit of ${v.limit}.`,
    remedy: (v) => `Make it smaller, raise max-blob-size if that is the limit, or leave it out:\n  !${v.reference}`,
  }),
  ACRT4001: entry<{ run: string; reason: string }>({
    title: 'A pipeline run failed',
    meaning: 'The transfer service ended the run as Failed or Canceled; its own words are in the message.',
    message: (v) => `Run ${v.run} failed: ${v.reason}`,
    remedy: () =>
      'Mend what the service names, then run the workflow again: finished batches are not repeated. The run stays in Azure for inspection (az acr pipeline-run show).',
  }),
  ACRT4002: entry<{ run: string; reason: string }>({
    title: 'The pipeline cannot access its storage',
    meaning:
      'The transfer service itself, not this action, was refused by the storage account (seen in Azure/azure-cli-extensions#8706).',
    message: (v) => `Run ${v.run} was refused by its storage account: ${v.reason}`,
    remedy: () =>
      'ManagedIdentity pipelines: give the pipeline\'s identity "Storage Blob Data Contributor" on the container. SasToken pipelines: renew the SAS in the Key Vault secret (export r w l a, import r l d). In both: the storage firewall must let the service in (trusted services, or public network access).',
  }),
  ACRT4003: entry<{ what: string; minutes: string }>({
    title: 'The time limit was reached',
    meaning: 'timeout-minutes passed while something was still going on. A pipeline run goes on in Azure.',
    message: (v) => `${v.what} was not finished when the limit of ${v.minutes} min was reached.`,
    remedy: () =>
      'Run the workflow again: it takes up what is under way and repeats nothing. Raise timeout-minutes if this is its normal length.',
  }),
  ACRT4004: entry<{ run: string }>({
    title: 'A pipeline run vanished',
    meaning: 'ARM accepted the run and later knew it no more; somebody or something deleted it.',
    message: (v) => `Run ${v.run} was started, but ARM no longer knows it.`,
    remedy: () => 'See the activity log of the registry for who deleted it, then run the workflow again.',
  }),
  ACRT4005: entry<{ blob: string; pipeline: string; minutes: string }>({
    title: 'The source trigger started no run',
    meaning:
      'With import-by: trigger the pipeline itself imports blobs within 15 minutes of their arrival, if they have Content-MD5, the metadata category=acr-transfer-blob and an age of at most 60 days (Microsoft: ACR Transfer troubleshooting).',
    message: (v) => `No run of ${v.pipeline} took up ${v.blob} within ${v.minutes} min.`,
    remedy: () =>
      'Enable the source trigger of the import pipeline, check that the blob kept Content-MD5 and metadata, and that a SAS has List. Or use import-by: run.',
  }),
  ACRT4006: entry<{ run: string; reason: string }>({
    title: 'The service refused a run',
    meaning: 'ARM did not accept the run; the code of the service is in the message.',
    message: (v) => `ARM refused run ${v.run}: ${v.reason}`,
    remedy: () => 'Mend what the service names and run the workflow again.',
  }),
  ACRT4007: entry<{ run: string; blob: string }>({
    title: 'An export left no blob',
    meaning: 'The run succeeded, but the transfer blob is not in the source container.',
    message: (v) => `Run ${v.run} succeeded, but ${v.blob} is not in the source container.`,
    remedy: () =>
      'See whether a lifecycle rule or an import pipeline on this container deletes blobs, and whether source-container is the container of the export pipeline.',
  }),
  ACRT4008: entry<{ blob: string }>({
    title: 'A batch was not started',
    meaning: 'With fail-fast no further batch is started after the first failure.',
    message: (v) => `${v.blob} was not started: another batch failed and fail-fast is on.`,
    remedy: () => 'Mend the first failure and run the workflow again, or set fail-fast: false.',
  }),
  ACRT4009: entry<{ reference: string; expected: string; actual: string }>({
    title: 'A tag moved during the export',
    meaning: 'The tag points to another digest after the export than before, so the blob may hold either.',
    message: (v) => `${v.reference} moved while it was exported:\n  planned  ${v.expected}\n  now      ${v.actual}`,
    remedy: () => 'Run the workflow again: it plans with the digest of now. Let nothing push this tag meanwhile.',
  }),
  ACRT4010: entry<{ count: string; references: string }>({
    title: 'The source has moved since the plan',
    meaning:
      'A tag of the plan points to another digest than when it was planned, or its artifact is gone. Nothing was started.',
    message: (v) => `${v.count} since the plan was made:\n${v.references}`,
    remedy: () =>
      'Plan again (dry-run: true) and have it approved again. Or set on-drift: continue: what was planned travels by its digest, and the tags that moved stay as they are at the target.',
  }),
  ACRT5001: entry<{ blob: string; container: string }>({
    title: 'A transfer blob is missing',
    meaning: 'The transfer manifest or the input names a blob that is not in the container.',
    message: (v) => `${v.blob} is not in ${v.container}.`,
    remedy: () =>
      'Hand it over first (mode: handoff), check the container, and see whether an import with DeleteSourceBlobOnSuccess has taken it already.',
  }),
  ACRT5002: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: 'A transfer blob is not what left',
    meaning: 'Size or MD5 of the blob differs from the transfer manifest or from the Content-MD5 of its source.',
    message: (v) => `${v.blob} in ${v.container} is ${v.actual}, but must be ${v.expected}.`,
    remedy: () => 'Delete the damaged blob and run the handoff again. Nothing was imported from it.',
  }),
  ACRT5003: entry<{ blob: string }>({
    title: 'A transfer blob changed while it was copied',
    meaning: 'The handoff pins the source blob by its ETag; somebody wrote it while it was read.',
    message: (v) => `${v.blob} changed in the source container while it was handed off.`,
    remedy: () => 'Let one workflow at a time write this transfer name (concurrency group) and run it again.',
  }),
  ACRT5004: entry<{ side: string; container: string; reason: string }>({
    title: 'Storage refused the action',
    meaning: "The container answered 401 or 403 to the action's own token or SAS.",
    message: (v) => `The ${v.side} container ${v.container} refused access: ${v.reason}`,
    remedy: (v) =>
      `Give the principal "Storage Blob Data Contributor" on the container (Reader is enough to read), or set ${v.side}-sas to a container SAS that has not expired (r l w c; r l is enough for the source of a handoff). The storage firewall must admit this runner.`,
  }),
  ACRT5005: entry<{ container: string; blob: string; reason: string }>({
    title: 'Storage failed',
    meaning: 'A storage request failed for another reason than access, also after retries.',
    message: (v) => `${v.container}/${v.blob}: ${v.reason}`,
    remedy: () => 'Run the workflow again: what has arrived is not copied twice.',
  }),
  ACRT5006: entry<{ blob: string; container: string }>({
    title: 'A transfer blob has no Content-MD5',
    meaning: 'The service writes every transfer blob with Content-MD5; a copy by another tool may have lost it.',
    message: (v) => `${v.blob} in ${v.container} has no Content-MD5, so nobody can tell whether it is whole.`,
    remedy: () => 'Delete the blob and export it again, and let nothing else write this container.',
  }),
  ACRT5007: entry<{ blob: string; size: string; limit: string }>({
    title: 'A transfer blob is larger than max-blob-size',
    meaning:
      'Blobs are planned by the size of their content; the service has packed this one larger. It was not carried on.',
    message: (v) => `${v.blob} has ${v.size}, over max-blob-size (${v.limit}).`,
    remedy: () =>
      'Lower max-blob-size somewhat and plan again: smaller batches are formed. The batches of a plan that was given stay as they are.',
  }),
  ACRT5008: entry<{ blob: string; source: string; target: string; reason: string }>({
    title: 'The target storage cannot read the source',
    meaning:
      'With handoff-method: server the target storage account fetches the blob from the source account by itself. A firewall, a private endpoint, or a cloud that admits no visitors keeps it from doing so (Microsoft: Put Block From URL, CannotVerifyCopySource).',
    message: (v) => `${v.target} cannot read ${v.blob} from ${v.source}: ${v.reason}`,
    remedy: () =>
      'Set handoff-method: stream (or auto, which falls back to it by itself), so that the bytes pass through this runner. Or let the source storage firewall admit the target account.',
  }),
  ACRT5009: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: 'Another blob of this name is at the target',
    meaning: 'The handoff never replaces a blob that differs from what it carries unless it is told to.',
    message: (v) =>
      `${v.blob} in ${v.container} is there already: ${v.actual}. It is not what would be carried: ${v.expected}.`,
    remedy: () =>
      'If nobody needs the blob that is there (a damaged copy, or one of an earlier export), set overwrite: true, or delete it. Otherwise use another transfer-name.',
  }),
  ACRT5010: entry<{ side: string; container: string; ends: string }>({
    title: 'The SAS is about to expire',
    meaning: 'The SAS that was given ends within five minutes, or has ended: the copy was not begun.',
    message: (v) => `The SAS of the ${v.side} container ${v.container} ends at ${v.ends}.`,
    remedy: (v) =>
      `Give ${v.side}-sas a SAS that outlives the copy, or leave it out and let the action sign in: what it makes itself it renews. What has arrived of a blob is used again.`,
  }),
  ACRT5011: entry<{ blob: string; offset: string; where: string }>({
    title: 'A block was damaged under way',
    meaning: 'The MD5 of a block at one end is not the MD5 at the other, also after several tries.',
    message: (v) =>
      `The block at byte ${v.offset} of ${v.blob} was damaged ${v.where}, and again each time it was sent.`,
    remedy: () =>
      'Something between this runner and the storage account changes what passes: look for a proxy that inspects TLS. Run the workflow again, on another runner if it stays so.',
  }),
  ACRT5012: entry<{ blob: string; size: string; limit: string; method: string }>({
    title: 'A transfer blob is too large to be copied this way',
    meaning:
      'A block blob has at most 50,000 blocks (Microsoft: scalability targets for Blob storage). The blocks that stream needs for larger blobs do not fit into the memory of the step.',
    message: (v) => `${v.blob} has ${v.size}; handoff-method: ${v.method} carries up to ${v.limit}.`,
    remedy: () =>
      'Set handoff-method: server where the accounts can reach each other, or max-blob-size for the export.',
  }),
  ACRT5013: entry<{ blob: string; container: string; reason: string }>({
    title: 'Blocks of another tool are in the way',
    meaning:
      'Somebody else has begun to upload a blob of this name and has not ended it; storage accepts only block ids of one length (Microsoft: Put Block).',
    message: (v) => `${v.blob} in ${v.container} has blocks of an upload by something else: ${v.reason}`,
    remedy: (v) =>
      `Discard them by writing and deleting an empty blob, or wait a week until storage does:\n  az storage blob upload --blob-url ${v.container}/${v.blob} --data "" --auth-mode login && az storage blob delete --blob-url ${v.container}/${v.blob} --auth-mode login`,
  }),
  ACRT5014: entry<{ file: string; reason: string }>({
    title: 'A file of the directory cannot be read or written',
    meaning: 'The handoff to or from a directory met an error of the file system.',
    message: (v) => `${v.file}: ${v.reason}`,
    remedy: () =>
      'Check that the medium is there, writable and has room. A file system that ends at 4 GiB a file (FAT32) needs max-blob-size: 4GB, in the export and here. Run the workflow again: what has arrived is not copied twice.',
  }),
  ACRT6001: entry<{ reference: string; registry: string; expected: string; actual: string }>({
    title: 'The target has another digest',
    meaning: 'What the target registry serves under this name is not what left the source.',
    message: (v) =>
      `${v.reference} in ${v.registry} is not what left the source:\n  left the source  ${v.expected}\n  at the target    ${v.actual}`,
    remedy: () =>
      'If the tag existed before, the import pipeline needs the option OverwriteTags. If the tag moved at the source during the export, run the workflow again. Otherwise do not use this artifact; use another transfer-name to export it afresh.',
  }),
  ACRT6002: entry<{ reference: string; registry: string; digest: string }>({
    title: 'An artifact did not arrive',
    meaning: 'The import run ended without error, yet the target registry does not have the artifact.',
    message: (v) => `${v.reference} (${v.digest}) is not in ${v.registry}.`,
    remedy: () =>
      'See importedArtifacts of the run (az acr pipeline-run show); with ContinueOnErrors a run leaves out what fails. Mend what it names and transfer again under another transfer-name.',
  }),
  ACRT6003: entry<{ reference: string; registry: string; child: string }>({
    title: 'A part of a multi-arch artifact is missing',
    meaning:
      'The index is there, but a manifest that it lists is not: at the target it did not arrive, at the source it was deleted or never pushed.',
    message: (v) => `${v.reference} in ${v.registry} lists ${v.child}, which is not there.`,
    remedy: () =>
      'In the source registry: push the index again with all its platforms. In the target registry: run the workflow again; if it stays so, export the missing manifest by its digest as well.',
  }),
  ACRT6004: entry<{ registry: string; reference: string; reason: string }>({
    title: 'A registry could not be read',
    meaning: 'A manifest could not be fetched for another reason than its absence.',
    message: (v) => `Reading ${v.reference} from ${v.registry} failed: ${v.reason}`,
    remedy: () =>
      'Give the principal "AcrPull" (ABAC registries: "Container Registry Repository Reader") and let the runner reach the registry; verify: false skips the check, and says so in the receipt.',
  }),
  ACRT7001: entry<{ document: string; place: string; reason: string }>({
    title: 'A document cannot be read',
    meaning: 'A plan, transfer manifest or receipt is not there, not JSON, or not of the published schema.',
    message: (v) => `${v.document} ${v.place}: ${v.reason}`,
    remedy: () =>
      'If a plan is not there: give the path of the plan.json that the dry run wrote, relative to the workspace (download its workflow artifact first). If a transfer manifest is not there: run export and handoff first, and give the manifest or transfer-name of the workflow run that exported (the default name holds the run id; shares of a plan have a manifest each, NAME.1-of-2). If it is damaged: hand over the file as the action wrote it; docs/schemas has its schema.',
  }),
  ACRT7002: entry<{ document: string; place: string; version: string; known: string }>({
    title: 'A document is of a newer version',
    meaning: 'The document was written by a newer release of this action than the one that reads it.',
    message: (v) => `${v.document} ${v.place} has version ${v.version}; this release reads up to ${v.known}.`,
    remedy: () => 'Use the same release of the action on both sides, the newer of the two.',
  }),
  ACRT7003: entry<{ count: string; references: string }>({
    title: 'The transfer manifest is not complete',
    meaning: 'The export that wrote the manifest failed for these artifacts, so they were never handed over.',
    message: (v) => `${v.count} of this transfer never left the source:\n${v.references}`,
    remedy: () => 'See why the export failed, run it again, then hand over and import again: nothing is repeated.',
  }),
  ACRT7004: entry<{ transferName: string }>({
    title: 'Two transfers of one workflow run have the same name',
    meaning:
      'Another step or job of this workflow run has written a transfer manifest of the same name, with other blobs. The second would hide the first.',
    message: (v) => `Another step of this workflow run already uses the transfer name ${v.transferName}.`,
    remedy: () => 'Give each step that exports its own transfer-name, and name it in handoff and import too.',
  }),
  ACRT7005: entry<{ place: string; reason: string }>({
    title: 'The plan does not fit this step',
    meaning:
      'A plan is carried out exactly, so it must be of the same source registry and pipelines, and as it was written.',
    message: (v) => `The plan ${v.place} cannot be carried out: ${v.reason}.`,
    remedy: () =>
      'Give the same pipelines as when it was planned, and the file as the dry run wrote it; or plan again.',
  }),
  ACRT9001: entry<{ reason: string }>({
    title: 'Unexpected error',
    meaning: 'Something happened that this action does not know. That is a bug of ours.',
    message: (v) => `Unexpected: ${v.reason}`,
    remedy: () =>
      'Please report it with the log of a run with debug logging (Re-run jobs → Enable debug logging). Running the workflow again is safe.',
  }),
} as const;

/** Ids of failures. */
export type FailureId = keyof typeof CATALOGUE;

/** The values that a failure's texts need. */
export type FailureValues<Id extends FailureId> = Parameters<(typeof CATALOGUE)[Id]['message']>[0];
