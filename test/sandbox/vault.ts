import { randomUUID } from 'node:crypto';
import type { CloudContext, RunningService, TokenService } from './contracts.ts';
import { bearerToken } from './entra/bearer.ts';
import { z } from 'zod';
import { HttpAnswer, listen, sendJson } from './http.ts';
import type { Exchange, Route } from './http.ts';
import type { SecretOrder } from './description.ts';
import { send } from './request.ts';
import { holdsRole } from './roles.ts';

/** The audience of Key Vault, in every cloud of the sandbox. */
export const VAULT_AUDIENCE = 'https://vault.azure.net';

const API_VERSION = '7.4';

/** A running Key Vault. */
export interface VaultService extends RunningService {
  /** Stores a new version of a secret; resolves to its URI without a version. */
  readonly setSecret: (name: string, value: string, expires?: Date) => string;
  /** Stores a new version of a secret that is there, with what is different of it. */
  readonly changeSecret: (order: SecretOrder) => void;
  readonly deleteSecret: (name: string) => void;
  /**
   * Reads a secret over the network as a principal of this cloud does, the way ACR Transfer reads a SAS. Rejects with what the vault says.
   * @param secretUri with or without a version
   */
  readonly readAs: (secretUri: string, principalId: string) => Promise<string>;
}

interface SecretVersion {
  readonly version: string;
  readonly value: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number | undefined;
  readonly notBefore: number | undefined;
  readonly enabled: boolean;
}

const vaultError = (status: number, code: string, message: string, headers: Record<string, string> = {}): HttpAnswer =>
  new HttpAnswer(status, { error: { code, message } }, headers);

/** 401 that tells a client where to get its token; clients send their first request without one (Microsoft Learn, "Authentication"). */
function challenge(authority: string): HttpAnswer {
  return vaultError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.', {
    'www-authenticate': `Bearer authorization="${authority}", resource="${VAULT_AUDIENCE}"`,
  });
}

/** Assumed: abridged; the real text also names the vault, its location and the assignment that was looked for. */
const forbidden = (objectId: string): HttpAnswer =>
  new HttpAnswer(403, {
    error: {
      code: 'Forbidden',
      message: `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: oid=${objectId}\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'`,
      innererror: { code: 'ForbiddenByRbac' },
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

/** An expired secret can still be read: `exp` is told, not enforced (Microsoft Learn, "About Azure Key Vault secrets"). */
function describe(id: string, { value, created, expires, notBefore, enabled }: SecretVersion): Record<string, unknown> {
  const attributes = {
    enabled,
    nbf: notBefore,
    exp: expires,
    created,
    updated: created,
    recoveryLevel: 'Recoverable+Purgeable',
  };
  return { value, id, attributes, tags: {} };
}

const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

const orderSchema = z.strictObject({
  name: z.string().min(1),
  value: z.string().optional(),
  enabled: z.boolean().optional(),
  expires: z.iso.datetime().optional(),
  notBefore: z.iso.datetime().optional(),
});

/** Reads what is to become of a secret out of JSON. Throws a ZodError that names what is wrong. */
export const parseSecretOrder = (json: unknown): SecretOrder => orderSchema.parse(json) as SecretOrder;

interface SecretStore {
  readonly find: (name: string, version: string) => SecretVersion | undefined;
  readonly change: (order: SecretOrder) => void;
  readonly remove: (name: string) => void;
}

const momentOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : seconds(new Date(text));

function createSecrets(): SecretStore {
  const secrets = new Map<string, readonly SecretVersion[]>();
  const versionsOf = (name: string): readonly SecretVersion[] => secrets.get(name.toLowerCase()) ?? [];
  return {
    find: (name, version) =>
      version === '' ? versionsOf(name).at(-1) : versionsOf(name).find((candidate) => candidate.version === version),
    change: ({ name, value, enabled = true, expires, notBefore }) => {
      const version: SecretVersion = {
        version: randomUUID().replaceAll('-', ''),
        value: value ?? versionsOf(name).at(-1)?.value ?? '',
        created: seconds(new Date()),
        expires: momentOf(expires),
        notBefore: momentOf(notBefore),
        enabled,
      };
      secrets.set(name.toLowerCase(), [...versionsOf(name), version]);
    },
    remove: (name) => {
      secrets.delete(name.toLowerCase());
    },
  };
}

const secretNotFound = (name: string): HttpAnswer =>
  vaultError(
    404,
    'SecretNotFound',
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
  );

/** Starts the vault of one cloud. It knows `GET /secrets/NAME[/VERSION]`, which is all that Transfer and its users need. */
export async function startVault(context: CloudContext, tokens: TokenService): Promise<VaultService> {
  const secrets = createSecrets();
  const authority = `${tokens.origin}/${context.tenantId}`;
  const routes: Route[] = [];
  const tls = await context.authority.issueServer('vault');
  const { origin, close } = await listen(tls, routes, context.interceptor('vault'));

  const read = async ({ request, response, params, url }: Exchange): Promise<void> => {
    const principal = await tokens.verifyToken(bearerToken(request) ?? '', [VAULT_AUDIENCE]);
    if (!principal) throw challenge(authority);
    if (!url.searchParams.has('api-version')) throw vaultError(400, 'BadParameter', 'api-version must be specified');
    if (!holdsRole(context.roles(), principal.objectId, 'Key Vault Secrets User')) throw forbidden(principal.objectId);
    const { name = '', version = '' } = params;
    const found = secrets.find(name, version);
    if (!found) throw secretNotFound(version === '' ? name : `${name}/${version}`);
    if (!found.enabled) throw disabled();
    sendJson(response, 200, describe(`${origin}/secrets/${name}/${found.version}`, found));
  };
  routes.push({ method: 'GET', pattern: /^\/secrets\/(?<name>[^/]+)(?:\/(?<version>[^/]*))?$/, handle: read });

  return {
    origin,
    close,
    setSecret: (name, value, expires) => {
      secrets.change({ name, value, ...(expires && { expires: expires.toISOString() }) });
      return `${origin}/secrets/${name}`;
    },
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
