import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SignJWT, generateKeyPair, jwtVerify } from 'jose';
import type { StoragePipelineOptions } from '@azure/storage-blob';
import type { CloudContext, StorageService, TokenService } from '../contracts.ts';
import { createPolicyList } from '../policies.ts';
import { createRoleList } from '../roles.ts';
import type { CloudSettings, RoleAssignment, Side } from '../description.ts';
import { HttpAnswer } from '../http.ts';
import type { Interceptor } from '../http.ts';
import { defaultSettings } from '../settings.ts';
import { createAuthority } from '../tls.ts';
import type { CertificateAuthority } from '../tls.ts';
import { startAzurite } from './azurite.ts';
import { startStorage } from './index.ts';
import type { StorageOptions } from './index.ts';

/** A cloud with storage only. A test can change its roles and its interceptor. */
export interface StorageCloud {
  readonly storage: StorageService;
  readonly tokens: TokenService;
  readonly ca: string;
  readonly folder: string;
  readonly tenantId: string;
  roles: readonly RoleAssignment[];
  settings: CloudSettings['storage'];
  intercept: Interceptor;
}

/** Both clouds, and how to be rid of them. */
export interface StorageClouds extends Record<Side, StorageCloud> {
  readonly close: () => Promise<void>;
}

/** An issuer with a key of its own, so that the other cloud's tokens do not verify. */
async function createTokens(side: Side): Promise<TokenService> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const issuer = `https://${side}.test`;
  const verifyToken: TokenService['verifyToken'] = (token, audiences) =>
    jwtVerify(token, publicKey, { issuer, audience: [...audiences] }).then(
      ({ payload }) => ({ objectId: String(payload.sub), clientId: String(payload.sub) }),
      () => null,
    );
  return {
    origin: issuer,
    verifyToken,
    verifyBearer: async (request, audiences) => {
      const principal = await verifyToken((request.headers.authorization ?? '').replace('Bearer ', ''), audiences);
      if (principal === null) throw new HttpAnswer(401, { error: 'invalid_token' });
      return principal;
    },
    mintFor: (objectId, audience) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(issuer)
        .setSubject(objectId)
        .setAudience(audience)
        .setExpirationTime('1 hour')
        .sign(privateKey),
  };
}

async function startCloud(side: Side, authority: CertificateAuthority, options: StorageOptions): Promise<StorageCloud> {
  const folder = await mkdtemp(path.join(tmpdir(), `storage-${side}-`));
  const [tokens, tenantId] = [await createTokens(side), `tenant-of-${side}`];
  const live = {
    roles: [] as readonly RoleAssignment[],
    settings: defaultSettings.storage,
    intercept: (() => Promise.resolve(false)) as Interceptor,
  };
  const context: CloudContext = {
    side,
    authority,
    tenantId,
    folder,
    settings: () => ({ ...defaultSettings, sourceTriggerSeconds: 1, storage: live.settings }),
    roles: () => live.roles,
    assigned: createRoleList(),
    policies: createPolicyList(),
    noteSecret: () => undefined,
    interceptor: () => (request, response) => live.intercept(request, response),
  };
  const storage = await startStorage(context, tokens, options);
  return Object.assign(live, { storage, tokens, ca: authority.certificate, folder, tenantId });
}

/** Starts the storage of two clouds that can copy from each other and trust nothing else of each other. */
export async function startStorageClouds(): Promise<StorageClouds> {
  const [first, second] = await Promise.all([createAuthority('source CA'), createAuthority('target CA')]);
  const azurite = startAzurite();
  const options = { azurite, trustedCas: [first.certificate, second.certificate] };
  const [source, target] = await Promise.all([
    startCloud('source', first, options),
    startCloud('target', second, options),
  ]);
  return {
    source,
    target,
    close: async () => {
      await Promise.all(
        [source, target].map(async ({ storage, folder }) => {
          await storage.close();
          await rm(folder, { recursive: true, force: true });
        }),
      );
      await azurite.close();
    },
  };
}

/** Options of an SDK client that trusts one cloud's CA, and gives up soon. */
export const trusting = (ca: string): StoragePipelineOptions & { agent: Agent } => ({
  agent: new Agent({ ca, keepAlive: true }),
  retryOptions: { maxTries: 1 },
});
