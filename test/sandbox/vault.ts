import { randomUUID } from 'node:crypto';
import type { CloudContext, RunningService, TokenService } from './contracts.ts';
import { bearerToken } from './entra/bearer.ts';
import { HttpAnswer, listen, sendJson } from './http.ts';
import type { Exchange, Route } from './http.ts';
import { send } from './request.ts';
import { holdsRole } from './roles.ts';

/** The audience of Key Vault, in every cloud of the sandbox. */
export const VAULT_AUDIENCE = 'https://vault.azure.net';

const API_VERSION = '7.4';

/** A running Key Vault. */
export interface VaultService extends RunningService {
  /** Stores a new version of a secret; resolves to its URI without a version. */
  readonly setSecret: (name: string, value: string, expires?: Date) => string;
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

function describe(id: string, { value, created, expires }: SecretVersion): Record<string, unknown> {
  const attributes = { enabled: true, exp: expires, created, updated: created, recoveryLevel: 'Recoverable+Purgeable' };
  return { value, id, attributes, tags: {} };
}

const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/** Starts the vault of one cloud. It knows `GET /secrets/NAME[/VERSION]`, which is all that Transfer and its users need. */
export async function startVault(context: CloudContext, tokens: TokenService): Promise<VaultService> {
  const secrets = new Map<string, readonly SecretVersion[]>();
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
    const versions = secrets.get(name.toLowerCase()) ?? [];
    const found = version === '' ? versions.at(-1) : versions.find((candidate) => candidate.version === version);
    if (!found) {
      throw vaultError(
        404,
        'SecretNotFound',
        `A secret with (name/id) ${version === '' ? name : `${name}/${version}`} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
      );
    }
    sendJson(response, 200, describe(`${origin}/secrets/${name}/${found.version}`, found));
  };
  routes.push({ method: 'GET', pattern: /^\/secrets\/(?<name>[^/]+)(?:\/(?<version>[^/]*))?$/, handle: read });

  return {
    origin,
    close,
    setSecret: (name, value, expires) => {
      const version = {
        version: randomUUID().replaceAll('-', ''),
        value,
        created: seconds(new Date()),
        expires: expires && seconds(expires),
      };
      secrets.set(name.toLowerCase(), [...(secrets.get(name.toLowerCase()) ?? []), version]);
      return `${origin}/secrets/${name}`;
    },
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
