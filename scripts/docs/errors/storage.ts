/** ACRT5…: handoff and storage. */
export const STORAGE_NOTES = {
  ACRT5001: {
    meaning: "The transfer manifest or the input names a blob that isn't in the container.",
    evidence: 'Storage: 404 for the blob.',
  },
  ACRT5002: {
    meaning: 'Size or MD5 of the blob differs from the transfer manifest or from the Content-MD5 of its source.',
    evidence: 'Size and MD5 of the blob and in the transfer manifest.',
  },
  ACRT5003: {
    meaning:
      'The action reads a blob with a fixed ETag: in mode full with the ETag of its export, otherwise with the ETag when it was found. The blob was overwritten since.',
    evidence: 'Storage: 412 for the first ETag of the blob.',
  },
  ACRT5004: {
    meaning: 'The container responded with 401 or 403 to the token or SAS of the action.',
    evidence: 'Storage: 401 or 403 (AuthorizationPermissionMismatch).',
  },
  ACRT5005: {
    meaning: 'A storage request failed for another reason than access, also after retries.',
    evidence: 'Storage: an error that matches none of the entries below.',
  },
  ACRT5006: {
    meaning: 'The service writes every transfer blob with Content-MD5. A copy by another tool can lose it.',
    evidence: 'Storage: no Content-MD5 in the properties of the blob.',
  },
  ACRT5007: {
    meaning:
      'The plan estimates the size of blobs from their content. The service created a larger blob than estimated. The blob was not copied.',
    evidence: 'The size of the blob.',
  },
  ACRT5008: {
    meaning:
      'With handoff-method: server, the target storage account reads the blob from the source account. A firewall, a private endpoint, or the isolation of a cloud blocks this (Microsoft: Put Block From URL, CannotVerifyCopySource).',
    evidence: 'Storage: CannotVerifyCopySource, x-ms-copy-source-status-code.',
  },
  ACRT5009: {
    meaning: 'The handoff replaces an existing blob with different content only with overwrite: true.',
    evidence: 'Size and MD5 of the existing blob.',
  },
  ACRT5010: {
    meaning: 'The SAS from the inputs has expired or expires within five minutes. The copy was not started.',
    evidence: 'The field se of the SAS.',
  },
  ACRT5011: {
    meaning: 'The MD5 of a block differs between the sender and the receiver, also after retries.',
    evidence: 'MD5 of the bytes at both ends; storage: Md5Mismatch.',
  },
  ACRT5012: {
    meaning:
      "A block blob has at most 50,000 blocks (Microsoft: scalability targets for Blob storage). With stream, a larger blob needs blocks that don't fit in the memory of the step.",
    evidence: 'The size of the blob.',
  },
  ACRT5013: {
    meaning:
      'Another tool started an upload of a blob with this name and did not finish it. Storage accepts only block IDs of one length (Microsoft: Put Block).',
    evidence: 'Storage: InvalidBlobOrBlock, InvalidBlockId.',
  },
  ACRT5014: {
    meaning: 'A handoff to or from a directory received an error from the file system.',
    evidence: 'The error code of the file system.',
  },
  ACRT5015: {
    meaning:
      'The SAS has expired, was revoked, belongs to another account, is restricted to other IP addresses, or was truncated when it was stored as a secret.',
    evidence:
      'Storage: AuthenticationFailed, NoAuthenticationInformation, PublicAccessNotPermitted, AuthorizationSourceIPMismatch.',
  },
  ACRT5016: {
    meaning: 'Storage refuses all requests from this network, with any credential.',
    evidence: 'Storage: AuthorizationFailure (Microsoft: "Troubleshoot 403 errors of Azure Storage").',
  },
  ACRT5017: {
    meaning:
      'Shared key access is disabled (with every SAS that is signed with a shared key), the SAS is for another protocol, or the account is disabled.',
    evidence: 'Storage: KeyBasedAuthenticationNotPermitted, AuthorizationProtocolMismatch, AccountIsDisabled.',
  },
  ACRT5018: {
    meaning: "An immutability policy, a lease or snapshots protect the blob, so it can't be replaced.",
    evidence: 'Storage: BlobImmutableDueToPolicy, LeaseIdMissing, SnapshotsPresent.',
  },
  ACRT5019: {
    meaning: "Blobs in the archive tier can't be read until they are rehydrated, which takes hours.",
    evidence: 'Storage: BlobArchived, BlobBeingRehydrated.',
  },
  ACRT5020: {
    meaning:
      'The account is encrypted with a customer-managed key. The key was deleted, is disabled, has expired, is behind a firewall, or the account has no permission to use it.',
    evidence: 'Storage: KeyVaultEncryptionKeyNotFound, KeyVaultVaultNotFound, KeyVaultAccessTokenCannotBeAcquired.',
  },
  ACRT5021: {
    meaning:
      'Another writer of the container replaced the blob, or its properties, after the action had written or hashed it. The import was not started.',
    evidence: 'Storage: the ETag of the blob right before the import run.',
  },
  ACRT5022: {
    meaning:
      'The blob is not the one that the action checked before the import run. Therefore it is unknown what the run imported. The artifacts that it lists are compared with the plan.',
    evidence:
      'Storage: the ETag of the blob after the import run. Only with DeleteSourceBlobOnSuccess, the blob can be missing then.',
  },
} as const;
