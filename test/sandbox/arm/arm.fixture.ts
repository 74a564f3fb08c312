import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { contextOf, createCloudState } from '../cloud-state.ts';
import type { CloudState } from '../cloud-state.ts';
import type { RunOrder, TransferEngine, TriggerBlob } from '../contracts.ts';
import type { Identity } from '../entra/directory.ts';
import { startEntra } from '../entra/index.ts';
import { send } from '../request.ts';
import type { Answer } from '../request.ts';
import { createAuthority } from '../tls.ts';
import { registryId } from './endpoint.ts';
import { startArm } from './index.ts';
import type { ArmService } from './index.ts';

/** ARM and Entra of one cloud, with an engine that does what the test says. */
export interface ArmCloud {
  readonly state: CloudState;
  readonly tenantId: string;
  readonly client: string;
  /** Orders that reached the engine. */
  readonly orders: RunOrder[];
  readonly transfers: ArmService['transfers'];
  /** Replaced by tests. */
  readonly engine: { run: TransferEngine['run']; blobs: readonly TriggerBlob[] };
  readonly registryId: string;
  readonly origin: string;
  /** PEM. */
  readonly ca: string;
  readonly audience: string;
  /** Asks with a good token unless told otherwise; `path` is below the registry when it does not start with `/subscriptions` or https. */
  readonly ask: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  readonly token: (audience?: string, objectId?: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** The version that the fixture asks with. */
export const VERSION = '2025-06-01-preview';

/** The body of an answer, as an object. */
export const bodyOf = ({ body }: Answer): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

/** The error of a refusal. */
export const errorOf = (answer: Answer): { code: string; message: string } =>
  bodyOf(answer)['error'] as { code: string; message: string };

const AUDIENCE = 'https://management.core.source.sandbox/';

const SURROUNDINGS = {
  endpoints: { name: 'Sandbox-source', suffixes: { registry: '127.0.0.1:1', vault: '', storage: '' } },
  neighbours: {
    account: 'sandboxsource',
    accountKey: '',
    blobEndpoint: 'https://127.0.0.1:1/sandboxsource/',
    vaultUri: 'https://127.0.0.1:2/',
  },
};

/** Starts it; the client holds the Transfer role. */
export async function startArmCloud(
  identityOf: (resourceId: string) => Identity | undefined = () => undefined,
): Promise<ArmCloud> {
  const authority = await createAuthority('arm test');
  const [tenantId, client, subscriptionId] = [randomUUID(), randomUUID(), randomUUID()];
  const state = createCloudState();
  const context = contextOf({ side: 'source', authority, tenantId, folder: tmpdir() }, state);
  const directory = { applications: [], managedIdentities: [], identityHeader: '', resources: () => [] };
  const entra = await startEntra(context, directory);
  const orders: RunOrder[] = [];
  const engine: ArmCloud['engine'] = {
    run: () => Promise.resolve({ importedArtifacts: ['hello:v1'], listed: ['hello:v1'], catalogDigest: 'sha256:0' }),
    blobs: [],
  };
  const place = { subscriptionId, resourceGroup: 'group', registry: 'sandboxsource', loginServer: '127.0.0.1:1' };
  const arm = await startArm(context, {
    tokens: entra,
    engine: {
      run: (order) => {
        orders.push(order);
        return engine.run(order);
      },
      triggerBlobs: () => Promise.resolve(engine.blobs),
    },
    audience: AUDIENCE,
    place,
    ...SURROUNDINGS,
    identityOf,
  });
  state.roles.add({ principalId: client, role: 'Container Registry Transfer Pipeline Contributor' });
  const token: ArmCloud['token'] = (wanted = AUDIENCE, objectId = client) => entra.mintFor(objectId, wanted);
  const absolute = (path: string): string => {
    if (path.startsWith('https:')) return path;
    const full = path.startsWith('/subscriptions') ? path : `${registryId(place)}${path}`;
    return `${arm.origin}${full}${full.includes('?') ? '&' : '?'}api-version=${VERSION}`;
  };
  return {
    state,
    tenantId,
    client,
    orders,
    transfers: arm.transfers,
    engine,
    audience: AUDIENCE,
    token,
    registryId: registryId(place),
    origin: arm.origin,
    ca: authority.certificate,
    ask: async (method, path, body, bearer) =>
      send(absolute(path), {
        ca: authority.certificate,
        method,
        headers: { authorization: `Bearer ${bearer ?? (await token())}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await Promise.all([arm.close(), entra.close()]);
    },
  };
}
