import { randomUUID } from 'node:crypto';
import type { PipelineAccess, Principal } from '../contracts.ts';
import type { CloudSettings } from '../description.ts';
import type { Identity } from '../entra/directory.ts';
import { registryId } from './endpoint.ts';
import type { RegistryPlace } from './endpoint.ts';
import { badRequest } from './errors.ts';
import type { PipelineKind, PipelineRequest } from './pipeline-request.ts';
import { systemData } from './system-data.ts';
import type { SystemData } from './system-data.ts';
import { hasStorageAccessMode } from './versions.ts';

/** The identity as the service returns it: its type is in lower camel case, also if it was sent in another form (every recording). */
type PipelineIdentity =
  | { readonly type: 'systemAssigned'; readonly principalId: string; readonly tenantId: string }
  | {
      readonly type: 'userAssigned';
      readonly userAssignedIdentities: Readonly<Record<string, { principalId: string; clientId: string }>>;
    };

/** A pipeline as stored. */
export interface Pipeline extends Omit<PipelineRequest, 'identity'> {
  readonly kind: PipelineKind;
  readonly name: string;
  readonly id: string;
  readonly identity: PipelineIdentity;
  readonly systemData: SystemData;
}

/** The pipelines of one registry. */
export interface PipelineStore {
  readonly put: (kind: PipelineKind, name: string, request: PipelineRequest, caller: Principal) => Pipeline;
  readonly get: (kind: PipelineKind, name: string) => Pipeline | undefined;
  /** False if it didn't exist. */
  readonly remove: (kind: PipelineKind, name: string) => boolean;
  /** Oldest first. */
  readonly list: (kind: PipelineKind) => readonly Pipeline[];
  readonly byId: (id: string) => Pipeline | undefined;
}

/** The principal that reads and writes the container. */
export function principalOf({ identity }: Pipeline): string {
  if (identity.type === 'systemAssigned') return identity.principalId;
  return Object.values(identity.userAssignedIdentities)[0]?.principalId ?? '';
}

/** The access of the transfer engine to the pipeline's container. */
export function accessOf(pipeline: Pipeline): PipelineAccess {
  const principalId = principalOf(pipeline);
  const { storageAccessMode: kind, keyVaultUri } = pipeline.container;
  return kind === 'SasToken' ? { kind, principalId, secretUri: keyVaultUri ?? '' } : { kind, principalId };
}

/** The resource in a response. Members and their order are as recorded. Absent members are absent. */
export function describePipeline(
  pipeline: Pipeline,
  apiVersion: string,
  shown: CloudSettings['pipelines'],
): Record<string, unknown> {
  const { kind, container, identity, trigger, options } = pipeline;
  const { principalId, tenantId, type } = { principalId: undefined, tenantId: undefined, ...identity };
  return {
    type: `Microsoft.ContainerRegistry/registries/${kind}`,
    location: pipeline.location?.toUpperCase(),
    identity:
      shown.identity === 'none'
        ? undefined
        : identity.type === 'userAssigned'
          ? identity
          : { principalId, tenantId, type },
    id: pipeline.id,
    name: pipeline.name,
    systemData: pipeline.systemData,
    properties: {
      [kind === 'exportPipelines' ? 'target' : 'source']: {
        type: container.type,
        uri: container.uri,
        keyVaultUri: container.keyVaultUri,
        storageAccessMode: hasStorageAccessMode(apiVersion) ? container.storageAccessMode : undefined,
      },
      trigger,
      options,
      provisioningState: shown.provisioningState,
    },
  };
}

/**
 * Creates an empty store.
 * @param identityOf the principal of the resource ID of a user-assigned identity. An unknown one gets a principal at its first
 *   use
 */
export function createPipelineStore(
  place: RegistryPlace,
  tenantId: string,
  identityOf: (resourceId: string) => Identity | undefined,
): PipelineStore {
  const pipelines = new Map<string, Pipeline>();
  const invented = new Map<string, Identity>();
  const key = (kind: PipelineKind, name: string): string => `${kind}/${name}`.toLowerCase();

  const userAssigned = (id: string): { principalId: string; clientId: string } => {
    const known = identityOf(id) ?? invented.get(id.toLowerCase());
    const identity = known ?? { clientId: randomUUID(), objectId: randomUUID() };
    invented.set(id.toLowerCase(), identity);
    return { principalId: identity.objectId, clientId: identity.clientId };
  };

  const resolveIdentity = (sent: PipelineRequest['identity'], before?: PipelineIdentity): PipelineIdentity => {
    const ids = Object.keys(sent.userAssignedIdentities ?? {});
    switch (sent.type.toLowerCase()) {
      case 'systemassigned':
        return before?.type === 'systemAssigned'
          ? before
          : { type: 'systemAssigned', principalId: randomUUID(), tenantId };
      case 'userassigned':
        if (ids.length === 0) throw badRequest(`The property 'userAssignedIdentities' must name an identity.`);
        return {
          type: 'userAssigned',
          userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, userAssigned(id)])),
        };
      default:
        throw badRequest(`The identity type '${sent.type}' is not supported.`);
    }
  };

  const get: PipelineStore['get'] = (kind, name) => pipelines.get(key(kind, name));
  return {
    get,
    put: (kind, name, request, caller) => {
      const before = get(kind, name);
      const pipeline: Pipeline = {
        ...request,
        kind,
        name: before?.name ?? name,
        id: before?.id ?? `${registryId(place)}/${kind}/${name}`,
        identity: resolveIdentity(request.identity, before?.identity),
        systemData: systemData(caller, before?.systemData),
      };
      pipelines.set(key(kind, name), pipeline);
      return pipeline;
    },
    remove: (kind, name) => pipelines.delete(key(kind, name)),
    list: (kind) => [...pipelines.values()].filter((pipeline) => pipeline.kind === kind),
    byId: (id) => [...pipelines.values()].find((pipeline) => pipeline.id.toLowerCase() === id.toLowerCase()),
  };
}
