/** ACRT5…. */
import { entry, similarReports } from './catalog-entry.ts';

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
    remedy: (v) => `Run the workflow again: what has arrived is not copied twice. ${similarReports(v.reason)}`,
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
