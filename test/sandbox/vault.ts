import type { CloudContext, Principal, RunningService, TokenService } from './contracts.ts';
import { bearerToken } from './entra/bearer.ts';
import { z } from 'zod';
import { HttpAnswer, listen, readBody, sendJson } from './http.ts';
import type { Exchange, Route } from './http.ts';
import type { RoleAssignment, SecretOrder } from './description.ts';
import { send } from './request.ts';
import { holdsOnSecret } from './roles.ts';
import { createSecrets, seconds } from './vault-secrets.ts';
import type { SecretStore, SecretVersion } from './vault-secrets.ts';

/** The audience of Key Vault, in every cloud of the sandbox. */
export const VAULT_AUDIENCE = 'https://vault.azure.net';

const API_VERSION = '7.4';

/** A running Key Vault. */
export interface VaultService extends RunningService {
  /** Stores a new version of a secret. Resolves to its URI without a version. */
  readonly setSecret: (name: string, value: string, expires?: Date) => string;
  /** Stores a new version of an existing secret, with the changed members. */
  readonly changeSecret: (order: SecretOrder) => void;
  readonly deleteSecret: (name: string) => void;
  /** Names of the readable secrets. */
  readonly names: () => readonly string[];
  /**
   * Reads a secret over the network as a principal of this cloud, as ACR Transfer reads a SAS. Rejects with the vault's
   * refusal.
   * @param secretUri with or without a version
   */
  readonly readAs: (secretUri: string, principalId: string) => Promise<string>;
}

const vaultError = (status: number, code: string, message: string, headers: Record<string, string> = {}): HttpAnswer =>
  new HttpAnswer(status, { error: { code, message } }, headers);

/** 401 with the token service for clients, which send their first request without a token (Microsoft Learn, "Authentication"). */
function challenge(authority: string): HttpAnswer {
  return vaultError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.', {
    'www-authenticate': `Bearer authorization="${authority}", resource="${VAULT_AUDIENCE}"`,
  });
}

/** Permissions on secrets in access policies, and the roles that grant them. */
const RIGHTS = {
  get: ['Key Vault Secrets User', 'Key Vault Secrets Officer'],
  set: ['Key Vault Secrets Officer'],
  delete: ['Key Vault Secrets Officer'],
  recover: ['Key Vault Secrets Officer'],
} as const satisfies Record<string, readonly RoleAssignment['role'][]>;

type Right = keyof typeof RIGHTS;

/** The caller, as refusals name it. */
const callerOf = ({ clientId, objectId }: Principal, tenantId: string): string =>
  `appid=${clientId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/`;

/** Text as in piyushsachdeva/Terraform_AKS#2, without the line of the resource's ID. */
const forbiddenByRbac = (caller: string, right: Right): HttpAnswer =>
  new HttpAnswer(403, {
    error: {
      code: 'Forbidden',
      message: `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: ${caller}\r\nAction: 'Microsoft.KeyVault/vaults/secrets/${right}Secret/action'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: transfer;location=westus\r\n`,
      innererror: { code: 'ForbiddenByRbac' },
    },
  });

/** Text as recorded for keys. */
const forbiddenByPolicy = (caller: string, right: Right): HttpAnswer =>
  new HttpAnswer(403, {
    error: {
      code: 'Forbidden',
      message: `The user, group or application '${caller}' does not have secrets ${right} permission on key vault 'transfer;location=westus'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`,
      innererror: { code: 'ForbiddenByPolicy' },
    },
  });

/** Microsoft Learn, "Authentication, requests and responses" and Azure/azure-sdk-for-net#21385: a disabled secret cannot be read. */
const disabled = (): HttpAnswer =>
  new HttpAnswer(403, {
    error: {
      code: 'Forbidden',
      message: 'Operation get is not allowed on a disabled secret.',
      innererror: { code: 'SecretDisabled' },
    },
  });

/** An expired secret can still be read: `exp` is reported, not enforced (Microsoft Learn, "About Azure Key Vault secrets"). */
function describe(
  id: string,
  { value, created, expires, notBefore, enabled, tags, contentType }: SecretVersion,
): Record<string, unknown> {
  const attributes = {
    enabled,
    nbf: notBefore,
    exp: expires,
    created,
    updated: created,
    recoveryLevel: 'Recoverable+Purgeable',
  };
  return { value, id, attributes, tags, ...(contentType !== undefined && { contentType }) };
}

const orderSchema = z.strictObject({
  name: z.string().min(1),
  value: z.string().optional(),
  enabled: z.boolean().optional(),
  expires: z.iso.datetime().optional(),
  notBefore: z.iso.datetime().optional(),
});

/** Parses a change of a secret. Throws a ZodError. */
export const parseSecretOrder = (json: unknown): SecretOrder => orderSchema.parse(json) as SecretOrder;

/** The body of Set Secret (Microsoft REST reference). */
const setSchema = z.object({
  value: z.string(),
  contentType: z.string().optional(),
  tags: z.record(z.string(), z.string()).default({}),
  attributes: z
    .object({ enabled: z.boolean().default(true), exp: z.number().optional(), nbf: z.number().optional() })
    .default({ enabled: true }),
});

const secretNotFound = (name: string): HttpAnswer =>
  vaultError(
    404,
    'SecretNotFound',
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );

/** The name of a softly deleted secret can't be used (Microsoft Learn, "Azure Key Vault soft-delete overview"). */
const inTheBin = (name: string): HttpAnswer =>
  new HttpAnswer(409, {
    error: {
      code: 'Conflict',
      message: `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
      innererror: { code: 'ObjectIsDeletedButRecoverable' },
    },
  });

type Handle = (name: string, exchange: Exchange) => Promise<object> | object;

/** The operations of the vault, by method and path (Microsoft REST reference, "Secrets", 7.4). */
function secretOperations(origin: string, secrets: SecretStore) {
  const shown = (name: string, version: SecretVersion): Record<string, unknown> =>
    describe(`${origin}/secrets/${name}/${version.version}`, version);
  const withoutValue = (name: string, version: SecretVersion): object => ({
    ...shown(name, version),
    value: undefined,
  });
  const binned = (name: string, version: SecretVersion): object => ({
    ...withoutValue(name, version),
    recoveryId: `${origin}/deletedsecrets/${name}`,
    deletedDate: seconds(new Date()),
  });
  const found = (name: string, version: SecretVersion | undefined): SecretVersion => {
    if (version === undefined) throw secretNotFound(name);
    return version;
  };
  const get: Handle = (name, { params }) => {
    const { version = '' } = params;
    const secret = found(version === '' ? name : `${name}/${version}`, secrets.find(name, version));
    if (!secret.enabled) throw disabled();
    return shown(name, secret);
  };
  const set: Handle = async (name, { request }) => {
    if (secrets.deleted(name) !== undefined) throw inTheBin(name);
    const { value, tags, contentType, attributes } = setSchema.parse(
      JSON.parse((await readBody(request)).toString()) as unknown,
    );
    const { enabled, exp: expires, nbf: notBefore } = attributes;
    return shown(name, secrets.add(name, { value, tags, contentType, enabled, expires, notBefore }));
  };
  const operations: readonly { method: string; path: string; right: Right; handle: Handle }[] = [
    { method: 'GET', path: '/secrets/(?<name>[^/]+)(?:/(?<version>[^/]*))?', right: 'get', handle: get },
    { method: 'PUT', path: '/secrets/(?<name>[^/]+)', right: 'set', handle: set },
    {
      method: 'DELETE',
      path: '/secrets/(?<name>[^/]+)',
      right: 'delete',
      handle: (name) => binned(name, found(name, secrets.put(name))),
    },
    {
      method: 'GET',
      path: '/deletedsecrets/(?<name>[^/]+)',
      right: 'get',
      handle: (name) => binned(name, found(name, secrets.deleted(name))),
    },
    {
      method: 'POST',
      path: '/deletedsecrets/(?<name>[^/]+)/recover',
      right: 'recover',
      handle: (name) => withoutValue(name, found(name, secrets.recover(name))),
    },
  ];
  return operations;
}

/** Whether a principal has a permission, by the roles of the vault or the secret. In the mode of access policies, also by those. */
function isAllowed(context: CloudContext, objectId: string, right: Right, name: string): boolean {
  const byRole = RIGHTS[right].some((role) => holdsOnSecret(context.roles(), objectId, role, name));
  const byPolicies = context.settings().vault.authorization === 'policies';
  return byRole || (byPolicies && context.policies.allows(objectId, right));
}

/** Starts the vault of one cloud, with the operations on secrets that Transfer, its users and setup need. */
export async function startVault(context: CloudContext, tokens: TokenService): Promise<VaultService> {
  const secrets = createSecrets();
  const authority = `${tokens.origin}/${context.tenantId}`;
  const routes: Route[] = [];
  const tls = await context.authority.issueServer('vault');
  const { origin, close } = await listen(tls, routes, context.interceptor('vault'));

  for (const { method, path, right, handle } of secretOperations(origin, secrets)) {
    routes.push({
      method,
      pattern: new RegExp(`^${path}/?$`),
      handle: async (exchange) => {
        const { request, response, params, url } = exchange;
        const principal = await tokens.verifyToken(bearerToken(request) ?? '', [VAULT_AUDIENCE]);
        if (!principal) throw challenge(authority);
        if (!url.searchParams.has('api-version')) {
          throw vaultError(400, 'BadParameter', 'api-version must be specified');
        }
        const { name = '' } = params;
        if (!isAllowed(context, principal.objectId, right, name)) {
          const byPolicies = context.settings().vault.authorization === 'policies';
          const caller = callerOf(principal, context.tenantId);
          throw byPolicies ? forbiddenByPolicy(caller, right) : forbiddenByRbac(caller, right);
        }
        sendJson(response, 200, await handle(name, exchange));
      },
    });
  }

  return {
    origin,
    close,
    setSecret: (name, value, expires) => {
      secrets.change({ name, value, ...(expires && { expires: expires.toISOString() }) });
      return `${origin}/secrets/${name}`;
    },
    names: secrets.names,
    changeSecret: secrets.change,
    deleteSecret: secrets.remove,
    readAs: async (secretUri, principalId) => {
      const token = await tokens.mintFor(principalId, VAULT_AUDIENCE);
      const { status, body } = await send(`${secretUri}?api-version=${API_VERSION}`, {
        ca: context.authority.certificate,
        headers: { authorization: `Bearer ${token}` },
      });
      const answer = JSON.parse(body) as { value?: string; error?: { message: string } };
      if (answer.value !== undefined) return answer.value;
      throw new Error(`${answer.error?.message ?? body}\r\nStatus: ${status}`);
    },
  };
}
