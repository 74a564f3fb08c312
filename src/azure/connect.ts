/** Connects the services of one side. Each client is created when it is first needed. */
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import type { SideRequest } from '../transfer/model/request.ts';
import type { Side } from '../transfer/model/side.ts';
import type { AccessInspector } from '../transfer/ports/access-inspector.ts';
import type { SideServices } from '../transfer/ports/side-services.ts';
import { createInspector } from './access/index.ts';
import { pipelineRuns, readPipeline, readRegistry, runArchive, type Arm } from './arm/index.ts';
import { isKnownCloud } from './cloud/cloud.ts';
import { hostGuard } from './cloud/hosts.ts';
import { memoizeByKey, openConnection, type Connection } from './connection.ts';
import type { ConnectOptions } from './identity/credential.ts';
import { connectRegistry } from './registry/index.ts';
import { connectContainer } from './storage/index.ts';

/** Logs the audience that a registry accepts, again only if it changes. */
function audienceLog(log: ConnectOptions['log'], loginServer: string): (audience: string) => void {
  let last: string | null = null;
  return (audience) => {
    if (audience === last) return;
    last = audience;
    log(`${loginServer} accepts tokens for ${audience}.`);
  };
}

/** The services of a connected side. */
export function sideServices(connection: Connection): SideServices {
  const { side, request, options } = connection;
  const armOf = ({ subscriptionId }: PipelineId): Promise<Arm> => connection.arm(subscriptionId);
  const inspectors = new Map<string, AccessInspector>();
  return {
    pipeline: async (id) => readPipeline(await armOf(id), id),
    registryFacts: async (id) => readRegistry(await armOf(id), id),
    runs: async (id) => pipelineRuns(await armOf(id), id),
    archive: async (id) => runArchive(await armOf(id), id),
    identity: connection.identity,
    portal: async () => {
      try {
        return (await connection.cloud()).portal;
      } catch {
        return null;
      }
    },
    // One per pipeline, because it caches its observations.
    inspector: (id) => {
      const secrets = async () => ({ ...(await connection.signIn()), mask: options.mask });
      const inspector = inspectors.get(id.resourceId) ?? createInspector(id, { arm: () => armOf(id), secrets });
      inspectors.set(id.resourceId, inspector);
      return inspector;
    },
    registry: memoizeByKey(async (loginServer) => {
      const { cloud, credential, requireHost } = await connection.signIn();
      requireHost('registry', `https://${loginServer}`);
      const { mask, log } = options;
      const audiences = cloud.registryAudiences;
      return connectRegistry(loginServer, { credential, audiences, mask, onAudience: audienceLog(log, loginServer) });
    }),
    container: memoizeByKey(async (uri) => {
      if (request.sas !== null) {
        // A custom cloud that nothing else was asked of isn't discovered for this: then the inputs name the container.
        if (connection.usesArm() || isKnownCloud(request.cloud)) {
          hostGuard(side, await connection.cloud(), request.allowedHosts)('storage', uri);
        }
        return connectContainer(uri, side, { kind: 'sas', sas: request.sas }, options);
      }
      const { cloud, credential, requireHost } = await connection.signIn();
      requireHost('storage', uri);
      return connectContainer(uri, side, { kind: 'token', credential, audience: cloud.storageAudience }, options);
    }),
  };
}

/** Connects one side, and returns its services. */
export const connectSide = (side: Side, request: SideRequest, options: ConnectOptions): SideServices =>
  sideServices(openConnection(side, request, options));
