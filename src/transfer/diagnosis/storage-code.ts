/** Why Blob storage refused (Microsoft: "Blob service error codes", "Common REST API error codes"). */
import { recognise, type Rule } from './rule.ts';

/** Refusals of storage; all of them speak of a side, a container and storage's own words. */
export type StorageFailureId = 'ACRT5004' | 'ACRT5015' | 'ACRT5016' | 'ACRT5017' | 'ACRT5018' | 'ACRT5019' | 'ACRT5020';

const STORAGE_RULES: readonly Rule<StorageFailureId>[] = [
  // Without a credential that it can read, storage takes the request for one of the public.
  {
    pattern:
      /^(?:AuthenticationFailed|NoAuthenticationInformation|PublicAccessNotPermitted|AuthorizationSourceIPMismatch)$/,
    id: 'ACRT5015',
  },
  { pattern: /^AuthorizationFailure$/, id: 'ACRT5016' },
  {
    pattern: /^(?:KeyBasedAuthenticationNotPermitted|AuthorizationProtocolMismatch|AccountIsDisabled)$/,
    id: 'ACRT5017',
  },
  { pattern: /^(?:BlobImmutableDueToPolicy|LeaseIdMissing|LeaseLost|SnapshotsPresent)$/, id: 'ACRT5018' },
  { pattern: /^(?:BlobArchived|BlobBeingRehydrated)$/, id: 'ACRT5019' },
  { pattern: /^KeyVault(?:EncryptionKeyNotFound|VaultNotFound|AccessTokenCannotBeAcquired)$/, id: 'ACRT5020' },
];

/** What a code of storage means; null when it is none that is known. */
export const storageFailureId = (code: string | null): StorageFailureId | null =>
  code === null ? null : recognise(STORAGE_RULES, code);
