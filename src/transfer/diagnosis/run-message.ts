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
  | 'ACRT4018';

/**
 * The one text that is known from the wild is that of Azure/azure-cli-extensions#8706; as it holds the message of the storage
 * SDK, the codes of the services that the pipeline calls are looked for (Microsoft: error codes of Blob service, Key Vault,
 * and the OCI distribution specification).
 */
const RULES: readonly Rule<RunFailureId>[] = [
  { pattern: /key ?vault|vault\.(?:azure|usgovcloudapi|azure\.cn)|SecretNotFound|secrets?\/get/i, id: 'ACRT4011' },
  { pattern: /Signature (?:did not match|not valid)|signed expiry|AuthenticationFailed/i, id: 'ACRT4012' },
  { pattern: /ContainerNotFound|specified container does not exist/i, id: 'ACRT4013' },
  { pattern: /BlobNotFound|specified blob does not exist/i, id: 'ACRT4014' },
  { pattern: /BlobAlreadyExists|blob already exists|OverwriteBlobs/i, id: 'ACRT4015' },
  { pattern: /MANIFEST_UNKNOWN|manifest (?:tagged|unknown)|NAME_UNKNOWN|TAG_UNKNOWN/i, id: 'ACRT4016' },
  { pattern: /OverwriteTags|tag already exists|is locked|operation is disallowed/i, id: 'ACRT4017' },
  { pattern: /\b429\b|TooManyRequests|ServerBusy|throttl/i, id: 'ACRT4018' },
  {
    pattern: /Failed to access storage[^]{0,500}\b403\b|AuthorizationFailure|AuthorizationPermissionMismatch/i,
    id: 'ACRT4002',
  },
];

/** What a failed run's message means; ACRT4001 when nobody knows it. */
export const runFailureId = (message: string): RunFailureId => recognise(RULES, message) ?? 'ACRT4001';
