/** ACRT5…. */
import { entry, similarReports } from './catalog-entry.ts';

/** ACRT5…: handoff and storage. */
export const STORAGE_ERRORS = {
  ACRT5001: entry<{ blob: string; container: string }>({
    title: 'A transfer blob is missing',
    message: (v) => `${v.blob} isn't in ${v.container}.`,
    remedy: () =>
      'Copy the blob first (mode: handoff), check the container, and check whether an import with DeleteSourceBlobOnSuccess has deleted the blob:\n  az storage blob list --account-name ACCOUNT --container-name CONTAINER --auth-mode login --output table',
  }),
  ACRT5002: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: "A transfer blob isn't identical to its source",
    message: (v) => `${v.blob} in ${v.container} has ${v.actual}. Expected: ${v.expected}.`,
    remedy: () => 'Delete the damaged blob and run the handoff again. Nothing was imported from it.',
  }),
  ACRT5003: entry<{ blob: string }>({
    title: 'A transfer blob changed while it was read',
    message: (v) => `${v.blob} was overwritten while the action was reading it, or after its export.`,
    remedy: () =>
      'Run the workflow again. Put all workflows that write this transfer name into one concurrency group, so that they run one at a time.',
  }),
  ACRT5004: entry<{ side: string; container: string; reason: string }>({
    title: 'Storage refused access',
    message: (v) => `The ${v.side} container ${v.container} refused access: ${v.reason}`,
    remedy: (v) =>
      `Assign "Storage Blob Data Contributor" on the container to the principal ("Storage Blob Data Reader" is sufficient to read), or set ${v.side}-sas to a container SAS that hasn't expired (r l w c; the source of a handoff needs only r l). The storage firewall must allow this runner.\n  az role assignment create --assignee CLIENT_ID --role "Storage Blob Data Contributor" --scope CONTAINER_RESOURCE_ID`,
  }),
  ACRT5005: entry<{ container: string; blob: string; reason: string }>({
    title: 'A storage request failed',
    message: (v) => `${v.container}/${v.blob}: ${v.reason}`,
    remedy: (v) => `Run the workflow again. Blobs that already arrived are skipped. ${similarReports(v.reason)}`,
  }),
  ACRT5006: entry<{ blob: string; container: string }>({
    title: 'A transfer blob has no Content-MD5',
    message: (v) => `${v.blob} in ${v.container} has no Content-MD5, so its content can't be verified.`,
    remedy: () => 'Delete the blob and export it again. Make sure that no other tool writes to this container.',
  }),
  ACRT5007: entry<{ blob: string; size: string; limit: string }>({
    title: 'A transfer blob is larger than max-blob-size',
    message: (v) => `${v.blob} has ${v.size}, more than max-blob-size (${v.limit}).`,
    remedy: () =>
      "Lower max-blob-size slightly and plan again, which forms smaller batches. The batches of an existing plan don't change.",
  }),
  ACRT5008: entry<{ blob: string; source: string; target: string; reason: string }>({
    title: "The target storage can't read the source",
    message: (v) => `${v.target} can't read ${v.blob} from ${v.source}: ${v.reason}`,
    remedy: () =>
      'Let the firewall of the source storage allow the target account, or copy the blob through this runner (auto does this automatically):\n  handoff-method: stream',
  }),
  ACRT5009: entry<{ blob: string; container: string; expected: string; actual: string }>({
    title: 'Another blob with this name is at the target',
    message: (v) => `${v.blob} in ${v.container} already exists: ${v.actual}. Expected: ${v.expected}.`,
    remedy: () =>
      "If you don't need the existing blob (a damaged copy, or a blob of an earlier export), delete it, or replace it:\n  overwrite: true\nOtherwise set another transfer-name.",
  }),
  ACRT5010: entry<{ side: string; container: string; ends: string }>({
    title: 'The SAS has expired or expires soon',
    message: (v) => `The SAS of the ${v.side} container ${v.container} expires at ${v.ends}.`,
    remedy: (v) =>
      `Set ${v.side}-sas to a SAS that stays valid until the copy ends, or remove ${v.side}-sas: the action then signs in and renews its access. Parts of a blob that already arrived are used again.`,
  }),
  ACRT5011: entry<{ blob: string; offset: string; where: string }>({
    title: 'A block was damaged in transit',
    message: (v) => `The block at byte ${v.offset} of ${v.blob} was damaged ${v.where}, also after retries.`,
    remedy: () =>
      'Check for a proxy that inspects TLS between this runner and the storage account. Run the workflow again. If the error persists, use another runner.',
  }),
  ACRT5012: entry<{ blob: string; size: string; limit: string; method: string }>({
    title: 'A transfer blob is too large for the handoff method',
    message: (v) => `${v.blob} has ${v.size}. handoff-method: ${v.method} copies up to ${v.limit}.`,
    remedy: () =>
      'Set max-blob-size in the export. If the storage accounts can reach each other, you can use the other method instead:\n  handoff-method: server',
  }),
  ACRT5013: entry<{ blob: string; container: string; reason: string }>({
    title: 'The blob has uncommitted blocks of another tool',
    message: (v) => `${v.blob} in ${v.container} has uncommitted blocks of another upload: ${v.reason}`,
    remedy: (v) =>
      `Write and delete an empty blob, which discards the blocks. Or wait a week until storage discards them:\n  az storage blob upload --blob-url ${v.container}/${v.blob} --data "" --auth-mode login && az storage blob delete --blob-url ${v.container}/${v.blob} --auth-mode login`,
  }),
  ACRT5014: entry<{ file: string; reason: string }>({
    title: "A file in the directory can't be read or written",
    message: (v) => `${v.file}: ${v.reason}`,
    remedy: () =>
      'Check that the medium is connected, writable and has free space. A file system with a limit of 4 GiB per file (FAT32) needs max-blob-size: 4GB, in the export and in this step. Run the workflow again. Blobs that already arrived are skipped.',
  }),
  ACRT5015: entry<{ side: string; container: string; reason: string }>({
    title: 'Storage rejected the credential',
    message: (v) => `The ${v.side} container ${v.container} rejected the credential: ${v.reason}`,
    remedy: (v) =>
      `Remove ${v.side}-sas and let the action sign in, or set it to a new SAS of the container:\n  az storage container generate-sas --account-name ACCOUNT --name CONTAINER --permissions rwl --https-only --expiry END`,
  }),
  ACRT5016: entry<{ side: string; container: string; reason: string }>({
    title: 'The storage firewall blocks the action',
    message: (v) => `The ${v.side} container ${v.container} refuses requests from this network: ${v.reason}`,
    remedy: () =>
      'Run the job on a runner in an allowed network, or allow its address:\n  az storage account network-rule add --account-name ACCOUNT --ip-address RUNNER_IP',
  }),
  ACRT5017: entry<{ side: string; container: string; reason: string }>({
    title: "The storage account doesn't allow this kind of access",
    message: (v) =>
      `The storage account of the ${v.side} container ${v.container} doesn't allow this access: ${v.reason}`,
    remedy: (v) =>
      `Remove ${v.side}-sas and let the action sign in (role "Storage Blob Data Contributor"), or set ${v.side}-sas to a user delegation SAS:\n  az storage container generate-sas --as-user --auth-mode login --account-name ACCOUNT --name CONTAINER --permissions rwl --https-only --expiry END`,
  }),
  ACRT5018: entry<{ side: string; container: string; reason: string }>({
    title: 'A blob is protected',
    message: (v) => `A blob in the ${v.side} container ${v.container} is protected: ${v.reason}`,
    remedy: () =>
      'Set another transfer-name, so that no blob is replaced, or break the lease:\n  az storage blob lease break --account-name ACCOUNT --container-name CONTAINER --blob-name BLOB',
  }),
  ACRT5019: entry<{ side: string; container: string; reason: string }>({
    title: 'A blob is archived',
    message: (v) => `A blob in the ${v.side} container ${v.container} is archived: ${v.reason}`,
    remedy: () =>
      'Rehydrate the blob, wait until its tier is Hot, and run the workflow again:\n  az storage blob set-tier --account-name ACCOUNT --container-name CONTAINER --name BLOB --tier Hot',
  }),
  ACRT5020: entry<{ side: string; container: string; reason: string }>({
    title: "The storage account can't use its encryption key",
    message: (v) =>
      `The storage account of the ${v.side} container ${v.container} can't use its encryption key: ${v.reason}`,
    remedy: () =>
      'Find the key, and restore the access of the account to it:\n  az storage account show --name ACCOUNT --query encryption.keyVaultProperties',
  }),
  ACRT5021: entry<{ blob: string; container: string }>({
    title: 'A transfer blob changed after it was checked',
    message: (v) => `${v.blob} in ${v.container} changed after the action checked it. Nothing was imported from it.`,
    remedy: () =>
      'Find out who can write to the container. If another workflow writes the same blobs, put both into one concurrency group. Then delete the blob, and run the workflow again.',
  }),
  ACRT5022: entry<{ blob: string; container: string; registry: string; actual: string }>({
    title: 'A transfer blob changed while it was imported',
    message: (v) =>
      `${v.blob} in ${v.container} changed while it was imported into ${v.registry}: ${v.actual}. What was imported is unknown.`,
    remedy: () =>
      "Find out who can write to the container. Don't use what was imported: compare it with the source, and remove what doesn't belong there. Then delete the blob, and run the workflow again.",
  }),
} as const;
