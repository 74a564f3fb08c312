/**
 * Maps texts and codes of services to error IDs.
 *
 * Sources for registries: OCI distribution specification; Microsoft: "Troubleshoot network issues with registry".
 */
import type { TransferErrorId } from './catalog.ts';

/** A pattern and its error ID. Patterns have no nested repetition, because texts of services are long and untrusted. */
interface Rule<Id extends TransferErrorId> {
  readonly pattern: RegExp;
  readonly id: Id;
}

/** UTF-16 units that are searched. The cause is at the beginning of a service's text. */
const MAX_READ = 8000;

/** The ID of the first rule that matches a text; null if none does. Special cases come before general ones. */
function classify<Id extends TransferErrorId>(rules: readonly Rule<Id>[], text: string): Id | null {
  const read = text.slice(0, MAX_READ);
  return rules.find(({ pattern }) => pattern.test(read))?.id ?? null;
}

/** Errors of the sign-in. Their values are a side, an authority, a tenant, and Entra's text. */
type SignInErrorId = 'ACRT2001' | 'ACRT2006' | 'ACRT2007' | 'ACRT2008' | 'ACRT2009' | 'ACRT2010' | 'ACRT2011';

const SIGN_IN_RULES: readonly Rule<SignInErrorId>[] = [
  // Tenant not found, no such tenant in this cloud; resource principal not in this tenant. The identity library first
  // resolves the endpoints of a tenant, and reports with its own code that there are none.
  { pattern: /AADSTS(?:90002|900021|900023|90072|500011|5000224)\b|endpoints_resolution_error/, id: 'ACRT2006' },
  // Application not in the directory, without a service principal in it, or disabled.
  { pattern: /AADSTS(?:700016|7000229|7000112)\b/, id: 'ACRT2007' },
  // Secret wrong, expired, missing.
  { pattern: /AADSTS(?:7000215|7000222|7000216|70002)\b/, id: 'ACRT2008' },
  // No federated credential, or none for the issuer, the audience or the subject of the id-token.
  { pattern: /AADSTS(?:70021|70025|700211|700212|700213|7002138)\b/, id: 'ACRT2009' },
  // Conditional Access, multi-factor authentication, blocked because of risk; federation disabled in the tenant, or for
  // issuers without its enterprise claim (Microsoft: "Troubleshoot an Azure Resource Manager workload identity service
  // connection").
  {
    pattern: /AADSTS(?:53000|53001|53003|530035|530036|50076|50079|50158|700223|700238|7002381)\b/,
    id: 'ACRT2010',
  },
  // Assertion outside of its validity period, with a signature that Entra can't verify, or of an unreachable issuer.
  { pattern: /AADSTS(?:700024|700027|50013|500133|50166)\b/, id: 'ACRT2011' },
];

/** The resource isn't in the tenant: AADSTS codes of Entra and of a disconnected cloud, and App Service's text without a code. */
const UNKNOWN_RESOURCE = /AADSTS(?:500011|50001)\b|resource principal named/i;

/** Whether the directory refused a token because it doesn't know the audience. */
export const isUnknownAudience = (reason: string): boolean => UNKNOWN_RESOURCE.test(reason.slice(0, MAX_READ));

/** The error ID of a refusal by Entra; ACRT2001 if it is unknown. */
export const classifySignIn = (reason: string): SignInErrorId => classify(SIGN_IN_RULES, reason) ?? 'ACRT2001';

/** Errors of ARM. Their values are a side, the attempted operation, and ARM's text. */
type ArmErrorId = 'ACRT3002' | 'ACRT3009' | 'ACRT3036' | 'ACRT3037' | 'ACRT3038' | 'ACRT3039' | 'ACRT3040' | 'ACRT3041';

const ARM_RULES: readonly Rule<ArmErrorId>[] = [
  { pattern: /ScopeLocked|ResourceLocked/, id: 'ACRT3036' },
  { pattern: /RequestDisallowedByPolicy|DisallowedByPolicy/, id: 'ACRT3037' },
  {
    pattern: /SubscriptionNotFound|InvalidSubscriptionId|InvalidAuthenticationToken|ExpiredAuthenticationToken/,
    id: 'ACRT3038',
  },
  // InvalidResourceType has status 404: the cloud doesn't have the type, or not in this api-version.
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
 * The error ID of an error response of ARM.
 * @param refused whether the status is 401 or 403
 */
export const classifyArm = (reason: string, refused: boolean): ArmErrorId =>
  classify(ARM_RULES, reason) ?? (refused ? 'ACRT3002' : 'ACRT3009');

/**
 * Whether a 404 means that the resource doesn't exist. ARM also returns 404 for an unknown subscription (ACRT3038) and for
 * an unknown type or api-version (ACRT3039).
 */
export const isNotFound = (status: number, reason: string | null): boolean =>
  status === 404 && (reason === null || classify(ARM_RULES, reason) === null);

/** Errors of the network. Their values are a host and a reason. */
type NetworkErrorId = 'ACRT2005' | 'ACRT2012' | 'ACRT2013' | 'ACRT2018';

const NETWORK_RULES: readonly Rule<NetworkErrorId>[] = [
  { pattern: /^(?:ENOTFOUND|EAI_AGAIN)$/, id: 'ACRT2012' },
  { pattern: /^PROXY_(?:REFUSED|FAILED)$/, id: 'ACRT2018' },
  { pattern: /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)/, id: 'ACRT2013' },
];

/** The error ID of a network error code; ACRT2005 if it is unknown or there is none. */
export const classifyNetwork = (code: string | null): NetworkErrorId =>
  (code === null ? null : classify(NETWORK_RULES, code)) ?? 'ACRT2005';

/** An error response, as far as it tells whether the service itself has answered the request. */
export interface ErrorResponse {
  readonly status: number;
  readonly contentType: string | null;
  /** Null if it was not read. */
  readonly body: string | null;
}

/** Errors of every service. Their values are a host and a reason. */
type OutageErrorId = 'ACRT2018' | 'ACRT2019';

const PROXY_AUTHENTICATION_REQUIRED = 407;

/** Server errors that say that a request isn't supported (RFC 9110, 15.6). A retry doesn't help, but the service is available. */
const UNSUPPORTED = [501, 505];

const isHtml = ({ contentType, body }: ErrorResponse): boolean =>
  /^text\/html\b/i.test(contentType ?? '') || /^\s*<(?:!doctype\s+html|html)\b/i.test((body ?? '').slice(0, 200));

/**
 * The error ID of a response that says nothing about the request, the identity or its permissions: the page of a proxy or
 * gateway, or a server error. Null for any other response.
 */
export function classifyOutage(response: ErrorResponse): OutageErrorId | null {
  const { status } = response;
  if (status < 400) return null;
  if (status === PROXY_AUTHENTICATION_REQUIRED || isHtml(response)) return 'ACRT2018';
  return status >= 500 && !UNSUPPORTED.includes(status) ? 'ACRT2019' : null;
}

/** Errors of a request that the service itself didn't answer, so that it isn't known whether it was carried out. */
export const UNANSWERED: readonly TransferErrorId[] = ['ACRT2005', 'ACRT2012', 'ACRT2018', 'ACRT2019', 'ACRT2020'];

/** Errors of a registry read. Their values are a registry, a reference, and the registry's text. */
type RegistryErrorId = 'ACRT6004' | 'ACRT6005' | 'ACRT6006';

const REGISTRY_RULES: readonly Rule<RegistryErrorId>[] = [
  // "client with IP '…' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
  { pattern: /is not allowed access|aka\.ms\/acr\/firewall/i, id: 'ACRT6005' },
  { pattern: /Too ?Many ?Requests|\bHTTP 429\b/i, id: 'ACRT6006' },
];

/** The error ID of a refusal by a registry; ACRT6004 if it is unknown. */
export const classifyRegistry = (reason: string): RegistryErrorId => classify(REGISTRY_RULES, reason) ?? 'ACRT6004';

/** Errors of pipeline runs. Their values are a run and the service's text. */
type RunErrorId =
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
 * The only published text is that of Azure/azure-cli-extensions#8706. It contains the message of the storage SDK, so the
 * rules match the codes of the services that a pipeline calls (Microsoft: error codes of Blob service, Key Vault, and the
 * OCI distribution specification).
 */
const RUN_RULES: readonly Rule<RunErrorId>[] = [
  // The encryption key of the account, which is in a Key Vault too.
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

/** The error ID of a failed run's message; ACRT4001 if it is unknown. */
export const classifyRun = (message: string): RunErrorId => classify(RUN_RULES, message) ?? 'ACRT4001';

/** Refusals by storage. Their values are a side, a container, and storage's text. */
type StorageErrorId = 'ACRT5004' | 'ACRT5015' | 'ACRT5016' | 'ACRT5017' | 'ACRT5018' | 'ACRT5019' | 'ACRT5020';

const STORAGE_RULES: readonly Rule<StorageErrorId>[] = [
  // Storage treats a request without a readable credential as anonymous.
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

/** The error ID of a storage error code; null if it is unknown. */
export const classifyStorage = (code: string | null): StorageErrorId | null =>
  code === null ? null : classify(STORAGE_RULES, code);
