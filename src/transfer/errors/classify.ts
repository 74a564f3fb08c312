/**
 * Texts and codes of services to ids.
 *
 * Why a registry could not be read (OCI distribution specification; Microsoft: "Troubleshoot network issues with registry").
 */
import type { TransferErrorId } from './catalog.ts';

/** By what a failure is recognised. Patterns have no nested repetition: texts of services are long, and nobody's friend. */
interface Rule<Id extends TransferErrorId> {
  readonly pattern: RegExp;
  readonly id: Id;
}

/** The most of a text that is looked at; what a service says stands at its beginning. */
const MAX_READ = 8000;

/** The first rule that a text fits; null when none does. Special cases come before general ones. */
function classify<Id extends TransferErrorId>(rules: readonly Rule<Id>[], text: string): Id | null {
  const read = text.slice(0, MAX_READ);
  return rules.find(({ pattern }) => pattern.test(read))?.id ?? null;
}

/** Failures of signing in; all of them speak of a side, an authority, a tenant and Entra's own words. */
export type SignInErrorId = 'ACRT2001' | 'ACRT2006' | 'ACRT2007' | 'ACRT2008' | 'ACRT2009' | 'ACRT2010' | 'ACRT2011';

const SIGN_IN_RULES: readonly Rule<SignInErrorId>[] = [
  // Tenant not found, no such tenant in this cloud; resource principal not in this tenant. The identity library looks for
  // the endpoints of a tenant first, and says in its own words that there are none.
  { pattern: /AADSTS(?:90002|900021|900023|90072|500011|5000224)\b|endpoints_resolution_error/, id: 'ACRT2006' },
  // Application not in the directory, without a service principal there, or disabled.
  { pattern: /AADSTS(?:700016|7000229|7000112)\b/, id: 'ACRT2007' },
  // Secret wrong, expired, missing.
  { pattern: /AADSTS(?:7000215|7000222|7000216|70002)\b/, id: 'ACRT2008' },
  // No federated credential at all, or none for the issuer, the audience or the subject of the id-token.
  { pattern: /AADSTS(?:70021|70025|700211|700212|700213|7002138)\b/, id: 'ACRT2009' },
  // Conditional Access, multi-factor authentication, blocked for risk; federation switched off in the tenant, or for
  // issuers without its enterprise claim (Microsoft: "Troubleshoot an Azure Resource Manager workload identity service
  // connection").
  {
    pattern: /AADSTS(?:53000|53001|53003|530035|530036|50076|50079|50158|700223|700238|7002381)\b/,
    id: 'ACRT2010',
  },
  // Assertion outside of its time, with a signature that Entra cannot check, or of an issuer that it cannot ask.
  { pattern: /AADSTS(?:700024|700027|50013|500133|50166)\b/, id: 'ACRT2011' },
];

/** What a refusal of Entra means; ACRT2001 when nobody knows it. */
export const classifySignIn = (reason: string): SignInErrorId => classify(SIGN_IN_RULES, reason) ?? 'ACRT2001';

/** Failures of ARM; all of them speak of a side, of what was tried, and of ARM's own words. */
export type ArmErrorId =
  'ACRT3002' | 'ACRT3009' | 'ACRT3036' | 'ACRT3037' | 'ACRT3038' | 'ACRT3039' | 'ACRT3040' | 'ACRT3041';

const ARM_RULES: readonly Rule<ArmErrorId>[] = [
  { pattern: /ScopeLocked|ResourceLocked/, id: 'ACRT3036' },
  { pattern: /RequestDisallowedByPolicy|DisallowedByPolicy/, id: 'ACRT3037' },
  {
    pattern: /SubscriptionNotFound|InvalidSubscriptionId|InvalidAuthenticationToken|ExpiredAuthenticationToken/,
    id: 'ACRT3038',
  },
  // InvalidResourceType is a 404: the cloud has no such type, or not in this api-version.
  {
    pattern: /MissingSubscriptionRegistration|NoRegisteredProviderFound|SubscriptionNotRegistered|InvalidResourceType/,
    id: 'ACRT3039',
  },
  // "Understand how Azure Resource Manager throttles requests".
  { pattern: /TooManyRequests|RequestsThrottled|\bHTTP 429\b/, id: 'ACRT3040' },
  // "… because the registry 'X' has exports disabled." (Azure-Samples/holiday-peak-hub#830).
  { pattern: /exports? (?:is |are )?disabled|exportPolicy/i, id: 'ACRT3041' },
];

/**
 * What a refusal of ARM means.
 * @param refused whether its status says that the caller may not (401, 403)
 */
export const classifyArm = (reason: string, refused: boolean): ArmErrorId =>
  classify(ARM_RULES, reason) ?? (refused ? 'ACRT3002' : 'ACRT3009');

/**
 * Whether a 404 says that the resource is not there. ARM also answers 404 when it doesn't know the subscription (ACRT3038),
 * or the type or api-version (ACRT3039).
 */
export const isNotFound = (status: number, reason: string | null): boolean =>
  status === 404 && (reason === null || classify(ARM_RULES, reason) === null);

/** Failures of the network; all of them speak of a host and a reason. */
export type NetworkErrorId = 'ACRT2005' | 'ACRT2012' | 'ACRT2013';

const NETWORK_RULES: readonly Rule<NetworkErrorId>[] = [
  { pattern: /^(?:ENOTFOUND|EAI_AGAIN)$/, id: 'ACRT2012' },
  { pattern: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)/, id: 'ACRT2013' },
];

/** What a code means; ACRT2005 when it says no more than that nothing came back. */
export const classifyNetwork = (code: string | null): NetworkErrorId =>
  (code === null ? null : classify(NETWORK_RULES, code)) ?? 'ACRT2005';

/** Failures of reading a registry; all of them speak of a registry, of what was to be read, and of the registry's own words. */
export type RegistryErrorId = 'ACRT6004' | 'ACRT6005' | 'ACRT6006';

const REGISTRY_RULES: readonly Rule<RegistryErrorId>[] = [
  // "client with IP '…' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
  { pattern: /is not allowed access|aka\.ms\/acr\/firewall/i, id: 'ACRT6005' },
  { pattern: /Too ?Many ?Requests|\bHTTP 429\b/i, id: 'ACRT6006' },
];

/** What a refusal of a registry means; ACRT6004 when nobody knows it. */
export const classifyRegistry = (reason: string): RegistryErrorId => classify(REGISTRY_RULES, reason) ?? 'ACRT6004';

/** Failures of runs; all of them speak of a run and of the service's own words. */
export type RunErrorId =
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
const RUN_RULES: readonly Rule<RunErrorId>[] = [
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
export const classifyRun = (message: string): RunErrorId => classify(RUN_RULES, message) ?? 'ACRT4001';

/** Refusals of storage; all of them speak of a side, a container and storage's own words. */
export type StorageErrorId = 'ACRT5004' | 'ACRT5015' | 'ACRT5016' | 'ACRT5017' | 'ACRT5018' | 'ACRT5019' | 'ACRT5020';

const STORAGE_RULES: readonly Rule<StorageErrorId>[] = [
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
export const classifyStorage = (code: string | null): StorageErrorId | null =>
  code === null ? null : classify(STORAGE_RULES, code);
