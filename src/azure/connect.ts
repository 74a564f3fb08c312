import type { TokenCredential } from '@azure/core-auth';
import type { Inspector } from '../transfer/inspection.ts';
import type { PipelineId } from '../transfer/pipeline-id.ts';
import type { SideRequest } from '../transfer/request.ts';
import type { Clock, Side, SideServices } from '../transfer/services.ts';
import { connectArm, type Arm } from './arm.ts';
import { resolveCloud, type Cloud } from './cloud.ts';
import type { IdTokenSource } from './credential.ts';
import { inspector } from './inspect/inspector.ts';
import type { SecretAccess } from './inspect/secret.ts';
import { onceDone } from './once.ts';
import { pipelineRuns, runArchive } from './pipeline-runs.ts';
import { readPipeline, readRegistry } from './pipelines.ts';
import { connectRegistry } from './registry.ts';
import { connectContainer } from './storage/container.ts';

/** What connecting needs of the runner. */
export interface ConnectOptions {
  readonly idToken: IdTokenSource;
  readonly mask: (secret: string) => void;
  readonly clock: Clock;
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
  const cloudOf = onceDone(() => resolveCloud(request.cloud));
  // The identity library is half of all that this action loads: it waits until somebody signs in.
  const connect = onceDone(async (): Promise<Connection> => {
    const [cloud, { sideCredential }] = await Promise.all([cloudOf(), import('./credential.ts')]);
    return { cloud, credential: sideCredential(request.identity, { side, cloud, ...options }) };
  });
  const arm = async ({ subscriptionId }: PipelineId): Promise<Arm> => {
    const { cloud, credential } = await connect();
    return connectArm(side, cloud, credential, subscriptionId);
  };
  const inspectors = new Map<string, Inspector>();
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
      const secrets = async (): Promise<SecretAccess> => ({ ...(await connect()), mask: options.mask });
      const made = inspectors.get(id.resourceId) ?? inspector(id, { arm: () => arm(id), secrets });
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
