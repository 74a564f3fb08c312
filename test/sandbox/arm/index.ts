import type { CloudContext, Principal, RunningService, TokenService, TransferEngine } from '../contracts.ts';
import type { Identity } from '../entra/directory.ts';
import { listen, sendJson } from '../http.ts';
import type { Route } from '../http.ts';
import { authorizationOperations } from './authorization.ts';
import type { Inventory } from '../description.ts';
import { operationRoute, registryId } from './endpoint.ts';
import type { RegistryPlace } from './endpoint.ts';
import { metadataDocument } from './metadata.ts';
import type { CloudEndpoints } from './metadata.ts';
import { identityOperations } from './identities.ts';
import { accountOperations, vaultOperations } from './neighbours.ts';
import type { Neighbours } from './neighbours.ts';
import { operationUrls } from './operation-url.ts';
import { pipelineOperations } from './pipeline-operations.ts';
import { parsePipeline } from './pipeline-request.ts';
import type { PipelineKind } from './pipeline-request.ts';
import { createPipelineStore, principalOf } from './pipelines.ts';
import { registryOperations } from './registries.ts';
import { runOperations } from './run-operations.ts';
import { createRunStore } from './runs.ts';
import { startSourceTrigger } from './source-trigger.ts';
import { createTransferLog } from './transfer-log.ts';
import type { TransferLog } from './transfer-log.ts';

/** The parts of its cloud that ARM needs. */
export interface ArmParts {
  readonly tokens: TokenService;
  readonly engine: TransferEngine;
  readonly place: RegistryPlace;
  /** The identifier of ARM in the directory, for which clients request tokens. */
  readonly audience: string;
  /** The metadata document. ARM adds its own address and audiences. */
  readonly endpoints: Pick<CloudEndpoints, 'name' | 'suffixes'>;
  /** The other resources in the resource group of the registry. */
  readonly neighbours: Omit<Neighbours, 'place'>;
  /** The principal behind the resource ID of a user-assigned identity. */
  readonly identityOf: (resourceId: string) => Identity | undefined;
}

/** A running Azure Resource Manager with the registry's resource provider. */
export interface ArmService extends RunningService {
  /** Audiences of its tokens: its identifier, and its address, as in the public clouds. */
  readonly audiences: readonly string[];
  readonly place: RegistryPlace;
  /** Every run that the engine executed, including deleted ones. */
  readonly transfers: TransferLog['all'];
  /**
   * Creates a pipeline like a PUT with that body, without checks of roles and rules. Resolves to its ID and to the principal
   * that reads and writes its container.
   */
  /** The pipelines and runs that exist. */
  readonly inventory: () => Pick<Inventory, 'pipelines' | 'runs'>;
  readonly createPipeline: (
    kind: PipelineKind,
    name: string,
    body: unknown,
    caller: Principal,
  ) => { readonly id: string; readonly principalId: string };
}

function metadataRoute(endpoints: CloudEndpoints): Route {
  return {
    method: 'GET',
    pattern: /^\/metadata\/endpoints\/?$/,
    handle: ({ response, url }) => {
      const document = metadataDocument(endpoints, url.searchParams.get('api-version') ?? '');
      const unsupported = { error: { code: 'InvalidApiVersionParameter', message: 'The api-version is invalid.' } };
      sendJson(response, document === null ? 400 : 200, document ?? unsupported);
    },
  };
}

/** Starts Azure Resource Manager for one cloud: metadata, registry, pipelines and runs. */
export async function startArm(context: CloudContext, parts: ArmParts): Promise<ArmService> {
  const { tokens, engine, place } = parts;
  const { settings, tenantId } = context;
  const routes: Route[] = [];
  const tls = await context.authority.issueServer('arm');
  const { origin, close } = await listen(tls, routes, context.interceptor('arm'));
  const audiences = [parts.audience, `${origin}/`];
  const pipelines = createPipelineStore(place, tenantId, parts.identityOf);
  const transfers = createTransferLog();
  const runs = createRunStore({ engine, transfers, settings: () => settings().runs, registryId: registryId(place) });
  const stopTrigger = startSourceTrigger({
    pipelines,
    runs,
    engine,
    everySeconds: () => settings().sourceTriggerSeconds,
  });

  const neighbours = { ...parts.neighbours, place };
  const gate = { context, tokens, place, audiences: () => audiences };
  const operations = [
    ...registryOperations(place, () => settings().registry),
    ...pipelineOperations('exportPipelines', pipelines, place, settings),
    ...pipelineOperations('importPipelines', pipelines, place, settings),
    ...runOperations({ runs, pipelines, place, settings, urls: operationUrls(origin) }),
    ...accountOperations(neighbours, settings),
    ...vaultOperations(neighbours, context),
    ...identityOperations(neighbours, context, parts.identityOf),
    ...authorizationOperations(neighbours, context.assigned, () => settings().propagationSeconds),
  ];
  routes.push(
    metadataRoute({ ...parts.endpoints, arm: origin, entra: tokens.origin, tenantId, audiences }),
    ...operations.map((operation) => operationRoute(gate, operation)),
  );
  return {
    origin,
    audiences,
    place,
    transfers: transfers.all,
    inventory: () => ({
      pipelines: (['exportPipelines', 'importPipelines'] as const).flatMap((kind) =>
        pipelines.list(kind).map(({ id }) => id),
      ),
      runs: runs.list().map(({ name }) => name),
    }),
    createPipeline: (kind, name, body, caller) => {
      const pipeline = pipelines.put(kind, name, parsePipeline(kind, body), caller);
      return { id: pipeline.id, principalId: principalOf(pipeline) };
    },
    close: async () => {
      stopTrigger();
      runs.close();
      await close();
    },
  };
}
