/** Connects the services of one side. Each client is created when it is first needed. */
import type { TokenCredential } from '@azure/core-auth';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../transfer/model/request.ts';
import type { Side, SignedInIdentity } from '../transfer/model/side.ts';
import type { AccessInspector } from '../transfer/ports/access-inspector.ts';
import type { SideServices } from '../transfer/ports/side-services.ts';
import { createInspector } from './access/index.ts';
import { connectArm, pipelineRuns, readPipeline, readRegistry, runArchive, type Arm } from './arm/index.ts';
import { isKnownCloud, resolveCloud, type Cloud } from './cloud/cloud.ts';
import { hostGuard, type HostGuard } from './cloud/hosts.ts';
import type { ConnectOptions } from './identity/credential.ts';
import type { SecretReaderContext } from './key-vault/index.ts';
import { connectRegistry } from './registry/index.ts';
import { connectContainer } from './storage/index.ts';

/** Runs `work` at the first call, and caches the result. A rejection isn't cached. */
export function memoizeResolved<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let pending: Promise<Result> | undefined;
  return () => {
    pending ??= work().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}

interface Connection {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly requireHost: HostGuard;
}

/** Logs the audience that a registry accepts, again only if it changes. */
function audienceLog(log: ConnectOptions['log']): (loginServer: string) => (audience: string) => void {
  const audiences = new Map<string, string>();
  return (loginServer) => (audience) => {
    if (audiences.get(loginServer) === audience) return;
    audiences.set(loginServer, audience);
    log(`${loginServer} accepts tokens for ${audience}.`);
  };
}

/**
 * Connects one side. No request is sent before its result is needed, so a side that only gives access to its container by
 * SAS needs neither a credential nor ARM.
 *
 * The services throw ACRT2004 if a custom cloud can't be discovered.
 */
export function connectSide(side: Side, request: SideRequest, options: ConnectOptions): SideServices {
  let jobIdentity: SignedInIdentity | null = null;
  const onJobIdentity: ConnectOptions['onJobIdentity'] = (...named) => {
    [, jobIdentity] = named;
    options.onJobIdentity?.(...named);
  };
  const cloudOf = memoizeResolved(() => resolveCloud(request.cloud));
  // Loaded at the first sign-in, because the identity library is half of the code that this action loads.
  const connect = memoizeResolved(async (): Promise<Connection> => {
    const [cloud, { sideCredential }] = await Promise.all([cloudOf(), import('./identity/credential.ts')]);
    const credential = sideCredential(request.identity, { side, cloud, ...options, onJobIdentity });
    return { cloud, credential, requireHost: hostGuard(side, cloud, request.allowedHosts) };
  });
  let usesArm = false;
  const arm = async ({ subscriptionId }: PipelineId): Promise<Arm> => {
    usesArm = true;
    const { cloud, credential } = await connect();
    return connectArm(side, cloud, credential, subscriptionId);
  };
  const inspectors = new Map<string, AccessInspector>();
  const onAudience = audienceLog(options.log);
  return {
    pipeline: async (id) => readPipeline(await arm(id), id),
    registryFacts: async (id) => readRegistry(await arm(id), id),
    runs: async (id) => pipelineRuns(await arm(id), id),
    archive: async (id) => runArchive(await arm(id), id),
    identity: () => jobIdentity,
    portal: async () => {
      try {
        return (await cloudOf()).portal;
      } catch {
        return null;
      }
    },
    // One per pipeline, because it caches its observations.
    inspector: (id) => {
      const secrets = async (): Promise<SecretReaderContext> => ({ ...(await connect()), mask: options.mask });
      const inspector = inspectors.get(id.resourceId) ?? createInspector(id, { arm: () => arm(id), secrets });
      inspectors.set(id.resourceId, inspector);
      return inspector;
    },
    registry: async (loginServer) => {
      const { cloud, credential, requireHost } = await connect();
      requireHost('registry', `https://${loginServer}`);
      const { mask } = options;
      const audiences = cloud.registryAudiences;
      return connectRegistry(loginServer, { credential, audiences, mask, onAudience: onAudience(loginServer) });
    },
    container: async (uri) => {
      if (request.sas !== null) {
        // A custom cloud that nothing else was asked of isn't discovered for this: then the inputs name the container.
        if (usesArm || isKnownCloud(request.cloud)) {
          hostGuard(side, await cloudOf(), request.allowedHosts)('storage', uri);
        }
        return connectContainer(uri, side, { kind: 'sas', sas: request.sas }, options);
      }
      const { cloud, credential, requireHost } = await connect();
      requireHost('storage', uri);
      return connectContainer(uri, side, { kind: 'token', credential, audience: cloud.storageAudience }, options);
    },
  };
}
