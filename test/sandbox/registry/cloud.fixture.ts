import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '../content/connection.ts';
import type { Answer, Ask } from '../content/connection.ts';
import { pushClient, registryLogin } from '../content/index.ts';
import type { AccessTokens, PushClient, SignIn } from '../content/index.ts';
import { contextOf, createCloudState } from '../cloud-state.ts';
import type { CloudState } from '../cloud-state.ts';
import type { RegistryService } from '../contracts.ts';
import type { RoleAssignment, Side } from '../description.ts';
import { startEntra } from '../entra/index.ts';
import type { EntraService } from '../entra/index.ts';
import { createAuthority } from '../tls.ts';
import { AUDIENCES } from './access.ts';
import { startRegistry } from './index.ts';

/** A cloud with a directory and a registry only, and a client with all permissions. */
export interface RegistryCloud {
  readonly entra: EntraService;
  readonly registry: RegistryService;
  readonly state: CloudState;
  readonly ca: string;
  readonly signIn: SignIn;
  readonly accessTokens: AccessTokens;
  readonly pusher: PushClient;
  /** Sends a request to a path of the registry, with a token for a scope or without one. Resolves with any status. */
  readonly ask: (ask: Omit<Ask, 'url'> & { readonly path: string }, scope?: string) => Promise<Answer>;
  /** Roles of the client; none: those of a pusher who may delete. */
  readonly setRoles: (...roles: RoleAssignment['role'][]) => void;
  readonly close: () => Promise<void>;
}

const ANY_STATUS = Array.from({ length: 400 }, (_, index) => 200 + index);

/** Starts a cloud with a CA of its own. */
export async function startRegistryCloud(side: Side = 'source'): Promise<RegistryCloud> {
  const authority = await createAuthority(`${side} registry test`);
  const folder = await mkdtemp(path.join(tmpdir(), `registry-${side}-`));
  const [tenantId, client] = [
    randomUUID(),
    { clientId: randomUUID(), clientSecret: randomUUID(), objectId: randomUUID() },
  ];
  const state = createCloudState();
  const context = contextOf({ side, authority, tenantId, folder }, state);
  const entra = await startEntra(context, {
    applications: [{ ...client, secret: client.clientSecret, federatedCredentials: [] }],
    managedIdentities: [],
    identityHeader: '',
    resources: () => AUDIENCES,
  });
  const registry = await startRegistry(context, entra);
  const setRoles: RegistryCloud['setRoles'] = (...roles) => {
    state.roles.replace(roles.map((role) => ({ principalId: client.objectId, role })));
  };
  setRoles('AcrPush', 'AcrDelete');
  const ca = authority.certificate;
  const loginServer = new URL(registry.origin).host;
  const signIn = { entra: entra.origin, tenantId, client, registry: { id: '', name: '', loginServer } };
  const accessTokens = registryLogin(signIn, ca);
  const [connection, pusher] = [connect(ca), pushClient({ loginServer, accessTokens, ca })];
  return {
    ...{ entra, registry, state, ca, signIn, accessTokens, pusher, setRoles },
    ask: async ({ path: asked, headers, ...rest }, scope) => {
      const bearer = scope === undefined ? {} : { authorization: `Bearer ${await accessTokens(scope)}` };
      const url = new URL(asked, registry.origin).href;
      return connection.ask({ ...rest, url, headers: { ...bearer, ...headers } }, ...ANY_STATUS);
    },
    close: async () => {
      pusher.close();
      connection.close();
      await Promise.all([registry.close(), entra.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The JSON of an answer. */
export const jsonOf = (answer: Answer): unknown => JSON.parse(answer.body.toString('utf8'));
