import { randomUUID } from 'node:crypto';
import { HttpAnswer } from '../http.ts';

/** An error of the directory: `[HTTP status, OAuth error, AADSTS code, sentence]`. */
type Facts = readonly [status: number, error: string, code: number, sentence: string];

/**
 * The error body of the directory. Shape and status are those of Azure/azure-workload-identity#616 and microsoft/Agents#202.
 * Clients find the code only in the text.
 */
function refusal(origin: string, [status, error, code, sentence]: Facts): HttpAnswer {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return new HttpAnswer(status, {
    error,
    error_description: `AADSTS${code}: ${sentence} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${origin}/error?code=${code}`,
  });
}

const WRONG_TENANT =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.';
const FEDERATION_HINT =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation';

type Make = (...facts: Facts) => HttpAnswer;

const noMatch = (code: number, part: string, value: string): Facts => [
  401,
  'invalid_client',
  code,
  `No matching federated identity record found for presented assertion ${part} '${value}'. ${FEDERATION_HINT}`,
];

/** Refusals of a token request. */
export interface RequestErrors {
  readonly unknownTenant: (tenant: string) => HttpAnswer;
  readonly missingParameter: (name: string) => HttpAnswer;
  readonly unsupportedGrant: (grant: string) => HttpAnswer;
  readonly unknownClient: (clientId: string) => HttpAnswer;
  readonly wrongSecret: (clientId: string) => HttpAnswer;
  readonly noCredential: () => HttpAnswer;
  readonly invalidScope: (scope: string) => HttpAnswer;
  readonly unknownResource: (resource: string) => HttpAnswer;
}

/** Refusals of a federated client assertion. */
export interface AssertionErrors {
  readonly malformedAssertion: () => HttpAnswer;
  readonly issuerMismatch: (issuer: string) => HttpAnswer;
  readonly audienceMismatch: (audience: string) => HttpAnswer;
  readonly subjectMismatch: (subject: string) => HttpAnswer;
  /** Azure/login#517. Assumed: its second sentence. */
  readonly subjectCaseMismatch: (subject: string) => HttpAnswer;
  readonly issuerUnreachable: () => HttpAnswer;
  readonly badSignature: () => HttpAnswer;
  readonly assertionTime: (from: Date, until: Date) => HttpAnswer;
}

/** The refusals of one directory. Their texts are from public issues and from Microsoft's list of AADSTS codes. */
export interface DirectoryErrors extends RequestErrors, AssertionErrors {}

const requestErrors = (make: Make, tenantId: string): RequestErrors => ({
  unknownTenant: (tenant) =>
    make(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  missingParameter: (name) =>
    make(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`),
  unsupportedGrant: (grant) =>
    make(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`),
  unknownClient: (id) =>
    make(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${id}' was not found in the directory '${tenantId}'. ${WRONG_TENANT}`,
    ),
  wrongSecret: (id) =>
    make(
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${id}'.`,
    ),
  noCredential: () =>
    make(
      401,
      'invalid_client',
      7000216,
      `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
    ),
  invalidScope: (scope) =>
    make(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  unknownResource: (resource) =>
    make(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenantId}. ${WRONG_TENANT}`,
    ),
});

const assertionErrors = (make: Make): AssertionErrors => ({
  malformedAssertion: () => make(400, 'invalid_request', 50027, 'JWT token is invalid or malformed.'),
  issuerMismatch: (issuer) => make(...noMatch(700211, 'issuer', issuer)),
  audienceMismatch: (audience) => make(...noMatch(700212, 'audience', audience)),
  subjectMismatch: (subject) => make(...noMatch(700213, 'subject', subject)),
  subjectCaseMismatch: (subject) =>
    make(
      401,
      'invalid_client',
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.`,
    ),
  issuerUnreachable: () => make(400, 'invalid_request', 50166, 'Request to External OIDC endpoint failed.'),
  badSignature: () => make(401, 'invalid_client', 700027, 'Client assertion failed signature validation.'),
  assertionTime: (from, until) =>
    make(
      401,
      'invalid_client',
      700024,
      `Client assertion is not within its valid time range. Current time: ${new Date().toISOString()}, assertion valid from ${from.toISOString()}, expiry time of assertion ${until.toISOString()}.`,
    ),
});

/**
 * @param origin of the directory, for `error_uri`
 * @param tenantId ID for the texts
 */
export function directoryErrors(origin: string, tenantId: string): DirectoryErrors {
  const make: Make = (...facts) => refusal(origin, facts);
  return { ...requestErrors(make, tenantId), ...assertionErrors(make) };
}
