import type { IncomingMessage } from 'node:http';
import { UnsecuredJWT } from 'jose';
import type { CloudContext, Principal, TokenService } from '../contracts.ts';
import type { RoleAssignment } from '../description.ts';
import { HttpAnswer } from '../http.ts';
import { reaching } from '../roles.ts';
import { authenticationFailed, challenged, keysSwitchedOff, malformedToken, permissionMismatch } from './refusal.ts';

/** The target of a request. */
export interface Resource {
  readonly method: string;
  readonly url: URL;
  /** Undefined for requests on the account. */
  readonly container: string | undefined;
}

/** Authenticates and authorizes a request. Resolves to the Authorization header for Azurite. Throws Refusal. */
export type Authorize = (request: IncomingMessage, resource: Resource) => Promise<string | undefined>;

/** Header, claims and signature. */
const JWT_PARTS = 3;

const GENERAL_AUDIENCE = 'https://storage.azure.com';
const READER: RoleAssignment['role'] = 'Storage Blob Data Reader';
const CONTRIBUTOR: RoleAssignment['role'] = 'Storage Blob Data Contributor';

/** Each has the action generateUserDelegationKey (Microsoft Learn, "Azure built-in roles for Storage"). */
const KEY_ROLES: readonly RoleAssignment['role'][] = [READER, CONTRIBUTOR, 'Storage Blob Delegator'];

const isKeyRequest = (resource: Resource): boolean => resource.url.searchParams.get('comp') === 'userdelegationkey';

/**
 * A role on a container doesn't apply to the account, so it can't list containers or get a user delegation key (Microsoft
 * Learn, "Create a user delegation SAS": the role must be scoped to the account or above).
 */
function holdsRole(roles: readonly RoleAssignment[], objectId: string, resource: Resource): boolean {
  const held = reaching(roles, 'Microsoft.Storage')
    .filter(({ principalId }) => principalId === objectId)
    .filter(({ container }) => container === undefined || container === resource.container)
    .map(({ role }) => role);
  if (isKeyRequest(resource)) return held.some((role) => KEY_ROLES.includes(role));
  const reads = resource.method === 'GET' || resource.method === 'HEAD';
  return held.includes(CONTRIBUTOR) || (reads && held.includes(READER));
}

/**
 * A token that Azurite accepts. It reads these claims without checking the signature, and derives user delegation keys from oid
 * and tid.
 */
export const azuriteToken = (objectId: string, tenantId: string): string =>
  new UnsecuredJWT({ oid: objectId, tid: tenantId })
    .setIssuer(`https://sts.windows.net/${tenantId}/`)
    .setAudience(GENERAL_AUDIENCE)
    .setIssuedAt()
    .setNotBefore('-1 minute')
    .setExpirationTime('1 hour')
    .encode();

/** Texts as in microsoft/AzureStorageExplorer#3219 (with a start) and floci-io/floci-az#89 (without). */
function timeProblem(query: URLSearchParams, now: Date): string | null {
  const [start, expiry] = [query.get('st'), query.get('se')].map((text) => (text === null ? null : new Date(text)));
  if (!expiry || (expiry > now && !(start && start > now))) return null;
  return start
    ? `Signature not valid in the specified time frame: Start [${start.toUTCString()}] - Expiry [${expiry.toUTCString()}] - Current [${now.toUTCString()}]`
    : `Signed expiry time [${expiry.toUTCString()}] must be after signed start time [${now.toUTCString()}]`;
}

/** Assumed: the text, similar to that about the time of the SAS itself. */
function keyTimeProblem(query: URLSearchParams, now: Date): string | null {
  const [start, expiry] = [new Date(query.get('skt') ?? ''), new Date(query.get('ske') ?? '')];
  if (start <= now && now < expiry) return null;
  return `Signature not valid in the specified key time frame: Start [${start.toUTCString()}] - Expiry [${expiry.toUTCString()}] - Current [${now.toUTCString()}]`;
}

/**
 * Azurite checks signature and permissions of a SAS. This adds the service's texts about time, and the check that the owner of
 * a user delegation key still has the role (Microsoft Learn: the SAS grants the intersection of its permissions and those of
 * the principal's roles).
 */
function checkSas(context: CloudContext, resource: Resource): void {
  const query = resource.url.searchParams;
  const { allowSharedKeyAccess, skewSeconds } = context.settings().storage;
  const now = new Date(Date.now() + skewSeconds * 1000);
  const late = timeProblem(query, now);
  if (late !== null) throw authenticationFailed(late);
  const objectId = query.get('skoid');
  if (objectId === null) {
    if (!allowSharedKeyAccess) throw keysSwitchedOff();
    return;
  }
  const keyLate = keyTimeProblem(query, now);
  if (keyLate !== null) throw authenticationFailed(keyLate);
  if (query.get('sktid') !== context.tenantId) throw authenticationFailed('The key is of another tenant.');
  if (!holdsRole(context.roles(), objectId, resource)) throw permissionMismatch();
}

/** Authorization of requests to one account: bearer tokens and roles here, shared keys and SAS by Azurite. */
export function createAuthorizer(context: CloudContext, tokens: TokenService, account: string): Authorize {
  const verify = async (request: IncomingMessage, resource: Resource): Promise<Principal> => {
    const { origin } = resource.url;
    const resources = [GENERAL_AUDIENCE, `https://${account}.blob.core.windows.net`, origin, `${origin}/${account}`];
    const audiences = resources.flatMap((audience) => [audience, `${audience}/`]);
    try {
      return await tokens.verifyBearer(request, audiences);
    } catch (error) {
      if (!(error instanceof HttpAnswer)) throw error;
      throw challenged('InvalidAuthenticationInfo', `${tokens.origin}/${context.tenantId}`);
    }
  };

  return async (request, resource) => {
    const { authorization } = request.headers;
    if (!authorization?.startsWith('Bearer ')) {
      const allowsKeys = context.settings().storage.allowSharedKeyAccess;
      if (authorization?.startsWith('SharedKey') === true && !allowsKeys) throw keysSwitchedOff();
      if (resource.url.searchParams.has('sig')) checkSas(context, resource);
      return authorization;
    }
    if (authorization.split('.').length !== JWT_PARTS) throw malformedToken();
    const { objectId } = await verify(request, resource);
    const refused = isKeyRequest(resource) && context.settings().storage.delegation === 'refused';
    if (refused || !holdsRole(context.roles(), objectId, resource)) throw permissionMismatch();
    return `Bearer ${azuriteToken(objectId, context.tenantId)}`;
  };
}
