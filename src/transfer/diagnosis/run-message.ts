/** What the transfer service says of a failed run (`pipelineRunErrorMessage`), and what it means. */
import { recognise, type Rule } from './rule.ts';

/** Failures of runs; all of them speak of a run and of the service's own words. */
export type RunFailureId =
  | 'ACRT4001'
  | 'ACRT4002'
  | 'ACRT4011'
  | 'ACRT4012'
  | 'ACRT4013'
  | 'ACRT4014'
  | 'ACRT4015'
  | 'ACRT4016'
  | 'ACRT4017'
  | 'ACRT4018'
  | 'ACRT4019'
  | 'ACRT4020'
  | 'ACRT4021'
  | 'ACRT4022';

/**
 * The one text that is known from the wild is that of Azure/azure-cli-extensions#8706; as it holds the message of the storage
 * SDK, the codes of the services that the pipeline calls are looked for (Microsoft: error codes of Blob service, Key Vault,
 * and the OCI distribution specification).
 */
const RUN_RULES: readonly Rule<RunFailureId>[] = [
  // The key that the account is encrypted with, which lies in a Key Vault as well.
  { pattern: /KeyVault(?:EncryptionKeyNotFound|VaultNotFound|AccessTokenCannotBeAcquired)/, id: 'ACRT4022' },
  { pattern: /key ?vault|vault\.(?:azure|usgovcloudapi|azure\.cn)|SecretNotFound|secrets?\/get/i, id: 'ACRT4011' },
  { pattern: /KeyBasedAuthenticationNotPermitted|Key based authentication is not permitted/i, id: 'ACRT4019' },
  {
    pattern:
      /Signature (?:did not match|not valid)|signed expiry|AuthenticationFailed|NoAuthenticationInformation|Authorization(?:ResourceType|Service|SourceIP|Protocol)Mismatch/i,
    id: 'ACRT4012',
  },
  { pattern: /ContainerNotFound|specified container does not exist/i, id: 'ACRT4013' },
  { pattern: /BlobNotFound|specified blob does not exist/i, id: 'ACRT4014' },
  { pattern: /BlobAlreadyExists|blob already exists|OverwriteBlobs/i, id: 'ACRT4015' },
  { pattern: /MANIFEST_UNKNOWN|manifest (?:tagged|unknown)|NAME_UNKNOWN|TAG_UNKNOWN/i, id: 'ACRT4016' },
  { pattern: /OverwriteTags|tag already exists/i, id: 'ACRT4017' },
  { pattern: /REGISTRY_DISALLOWED_OPERATION|operation is disallowed on this registry|is locked/i, id: 'ACRT4020' },
  { pattern: /\bStatus(?: code)?:? 429\b|Too ?Many ?Requests|ServerBusy|throttl/i, id: 'ACRT4018' },
  { pattern: /SIZE_INVALID|RequestBodyTooLarge|layer is too large/i, id: 'ACRT4021' },
  {
    pattern:
      /Failed to access storage[^]{0,500}\b403\b|AuthorizationFailure|AuthorizationPermissionMismatch|InsufficientAccountPermissions/i,
    id: 'ACRT4002',
  },
];

/** What a failed run's message means; ACRT4001 when nobody knows it. */
export const runFailureId = (message: string): RunFailureId => recognise(RUN_RULES, message) ?? 'ACRT4001';
