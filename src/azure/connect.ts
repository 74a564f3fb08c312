/** SideServices of one side, each client made when it is first needed (door for the entries). */
import type { TokenCredential } from '@azure/core-auth';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../transfer/model/request.ts';
import type { Side } from '../transfer/model/side.ts';
import type { AccessInspector } from '../transfer/ports/access-inspector.ts';
import type { SideServices } from '../transfer/ports/side-services.ts';
import { createInspector } from './access/index.ts';
import { connectArm, pipelineRuns, readPipeline, readRegistry, runArchive, type Arm } from './arm/index.ts';
import { resolveCloud, type Cloud } from './cloud/cloud.ts';
import type { ConnectOptions } from './identity/credential.ts';
import type { SecretReaderContext } from './key-vault/index.ts';
import { connectRegistry } from './registry/index.ts';
import { connectContainer } from './storage/index.ts';

/** Does it when it is first asked for, and once; again when it has failed. */
export function memoizeResolved<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | undefined;
  return () => {
    asked ??= work().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

interface Connection {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
}

/**
 * Makes the clients of one side. Nothing is asked of anybody before it is needed, so a side that only lends its container
 * by SAS needs neither credential nor control plane.
 *
 * The services throw ACRT2004 when a custom cloud cannot be discovered.
 */
export function connectSide(side: Side, request: SideRequest, options: ConnectOptions): SideServices {
  const cloudOf = memoizeResolved(() => resolveCloud(request.cloud));
  // The identity library is half of all that this action loads: it waits until somebody signs in.
  const connect = memoizeResolved(async (): Promise<Connection> => {
    const [cloud, { sideCredential }] = await Promise.all([cloudOf(), import('./identity/credential.ts')]);
    return { cloud, credential: sideCredential(request.identity, { side, cloud, ...options }) };
  });
  const arm = async ({ subscriptionId }: PipelineId): Promise<Arm> => {
    const { cloud, credential } = await connect();
    return connectArm(side, cloud, credential, subscriptionId);
  };
  const inspectors = new Map<string, AccessInspector>();
  return {
    pipeline: async (id) => readPipeline(await arm(id), id),
    registryFacts: async (id) => readRegistry(await arm(id), id),
    runs: async (id) => pipelineRuns(await arm(id), id),
    archive: async (id) => runArchive(await arm(id), id),
    portal: async () => {
      try {
        return (await cloudOf()).portal;
      } catch {
        return null;
      }
    },
    // One for all who ask: it keeps what it has seen.
    inspector: (id) => {
      const secrets = async (): Promise<SecretReaderContext> => ({ ...(await connect()), mask: options.mask });
      const made = inspectors.get(id.resourceId) ?? createInspector(id, { arm: () => arm(id), secrets });
      inspectors.set(id.resourceId, made);
      return made;
    },
    registry: async (loginServer) => {
      const { cloud, credential } = await connect();
      return connectRegistry(loginServer, { credential, audience: cloud.registryAudience, mask: options.mask });
    },
    container: async (uri) => {
      if (request.sas !== null) return connectContainer(uri, side, { kind: 'sas', sas: request.sas }, options);
      const { cloud, credential } = await connect();
      return connectContainer(uri, side, { kind: 'token', credential, audience: cloud.storageAudience }, options);
    },
  };
}
