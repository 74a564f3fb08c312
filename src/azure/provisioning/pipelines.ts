/** Reads, creates, updates and removes pipelines. */
import type { DesiredPipeline, PipelineIdentity, PipelineState } from '../../provisioning/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import {
  assertOk,
  isAbsent,
  listItems,
  parseBody,
  pipelineFacts,
  pipelineSchema,
  readPipelineBody,
  type Arm,
  type PipelineBody,
} from '../arm/index.ts';

const identityBody = (identity: PipelineIdentity): object =>
  identity.kind === 'system'
    ? { type: 'SystemAssigned' }
    : { type: 'UserAssigned', userAssignedIdentities: { [identity.resourceId]: {} } };

/** In the mode ManagedIdentity, `keyVaultUri` must be absent. */
const endpointBody = ({ containerUri, access }: DesiredPipeline): object => ({
  type: 'AzureStorageBlobContainer',
  uri: containerUri,
  ...(access.kind === 'identity'
    ? { storageAccessMode: 'ManagedIdentity' }
    : { storageAccessMode: 'SasToken', keyVaultUri: access.secretUri }),
});

const TRIGGER_STATUS = { enabled: 'Enabled', disabled: 'Disabled' } as const;

/**
 * Body of a PUT.
 * @param location of the existing pipeline; null: the service uses the registry's
 */
export function pipelineBody(kind: PipelineId['kind'], desired: DesiredPipeline, location: string | null): object {
  const { identity, options, sourceTrigger } = desired;
  return {
    ...(location !== null && { location }),
    identity: identityBody(identity),
    properties: {
      [kind === 'export' ? 'target' : 'source']: endpointBody(desired),
      ...(sourceTrigger !== null && { trigger: { sourceTrigger: { status: TRIGGER_STATUS[sourceTrigger] } } }),
      options: [...options],
    },
  };
}

/** Recorded: responses contain `systemAssigned` where the request had `SystemAssigned`. */
function identityOf(identity: PipelineBody['identity']): PipelineIdentity | null {
  const type = identity?.type?.toLowerCase();
  if (type === 'systemassigned') return { kind: 'system' };
  const [resourceId] = Object.keys(identity?.userAssignedIdentities ?? {});
  return type === 'userassigned' && resourceId !== undefined ? { kind: 'user', resourceId } : null;
}

const stateOf = (body: PipelineBody, kind: PipelineId['kind'], resourceId: string): PipelineState => ({
  ...pipelineFacts(body, kind),
  resourceId: body.id ?? resourceId,
  identity: identityOf(body.identity),
  location: body.location ?? null,
});

/** Reads the state of a pipeline; null if it doesn't exist. */
export async function readState(arm: Arm, id: PipelineId): Promise<PipelineState | null> {
  const body = await readPipelineBody(arm, id);
  return body === null ? null : stateOf(body, id.kind, id.resourceId);
}

/** Creates or updates a pipeline. Recorded 2021 to 2026: the response contains the finished pipeline. */
export async function putState(
  arm: Arm,
  id: PipelineId,
  desired: DesiredPipeline,
  location: string | null,
): Promise<PipelineState> {
  const response = await arm.put(id.resourceId, pipelineBody(id.kind, desired, location));
  return stateOf(parseBody(arm, response, pipelineSchema, `write the pipeline ${id.name}`), id.kind, id.resourceId);
}

/** Removes a pipeline. Recorded: 200, or 204 if it doesn't exist. */
export async function removeState(arm: Arm, id: PipelineId): Promise<'done' | 'unchanged'> {
  const response = await arm.delete(id.resourceId);
  if (isAbsent(response) || response.status === 204) return 'unchanged';
  assertOk(arm, response, `remove the pipeline ${id.name}`);
  return 'done';
}

async function listKind(arm: Arm, registryId: string, kind: PipelineId['kind']): Promise<readonly PipelineState[]> {
  const what = `list the ${kind} pipelines`;
  const items = await listItems(arm, { id: `${registryId}/${kind}Pipelines`, query: null, item: pipelineSchema, what });
  return items.map(({ item }) => stateOf(item, kind, ''));
}

/** Lists all pipelines of a registry. */
export const listStates = async (arm: Arm, { registryId }: PipelineId): Promise<readonly PipelineState[]> =>
  (await Promise.all([listKind(arm, registryId, 'export'), listKind(arm, registryId, 'import')])).flat();
