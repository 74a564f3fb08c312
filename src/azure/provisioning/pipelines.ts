/** Reads, writes and removes pipelines. */
import * as z from 'zod';
import type { DesiredPipeline, PipelineIdentity, PipelineState } from '../../provisioning/index.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import {
  assertOk,
  isAbsent,
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

/** `keyVaultUri` must not be there at all in the mode ManagedIdentity. */
const endpointBody = ({ containerUri, access }: DesiredPipeline): object => ({
  type: 'AzureStorageBlobContainer',
  uri: containerUri,
  ...(access.kind === 'identity'
    ? { storageAccessMode: 'ManagedIdentity' }
    : { storageAccessMode: 'SasToken', keyVaultUri: access.secretUri }),
});

const TRIGGER_STATUS = { enabled: 'Enabled', disabled: 'Disabled' } as const;

/**
 * The body of a PUT.
 * @param location of the pipeline that is there; null: the service takes the registry's
 */
export function pipelineBody(kind: PipelineId['kind'], wish: DesiredPipeline, location: string | null): object {
  const { identity, options, sourceTrigger } = wish;
  return {
    ...(location !== null && { location }),
    identity: identityBody(identity),
    properties: {
      [kind === 'export' ? 'target' : 'source']: endpointBody(wish),
      ...(sourceTrigger !== null && { trigger: { sourceTrigger: { status: TRIGGER_STATUS[sourceTrigger] } } }),
      options: [...options],
    },
  };
}

/** Recorded: answers write `systemAssigned` where `SystemAssigned` was sent. */
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

/** The pipeline as it is; null when there is none. */
export async function readState(arm: Arm, id: PipelineId): Promise<PipelineState | null> {
  const body = await readPipelineBody(arm, id);
  return body === null ? null : stateOf(body, id.kind, id.resourceId);
}

/** Makes the pipeline so. Recorded 2021 to 2026: the answer is the finished pipeline. */
export async function putState(
  arm: Arm,
  id: PipelineId,
  wish: DesiredPipeline,
  location: string | null,
): Promise<PipelineState> {
  const answer = await arm.put(id.resourceId, pipelineBody(id.kind, wish, location));
  return stateOf(parseBody(arm, answer, pipelineSchema, `write the pipeline ${id.name}`), id.kind, id.resourceId);
}

/** Recorded: 200, or 204 when there is none. */
export async function removeState(arm: Arm, id: PipelineId): Promise<'done' | 'was-so'> {
  const answer = await arm.delete(id.resourceId);
  if (isAbsent(answer) || answer.status === 204) return 'was-so';
  assertOk(arm, answer, `remove the pipeline ${id.name}`);
  return 'done';
}

const listSchema = z.object({ value: z.array(pipelineSchema), nextLink: z.string().nullish() });

async function listKind(arm: Arm, registryId: string, kind: PipelineId['kind']): Promise<readonly PipelineState[]> {
  const states: PipelineState[] = [];
  let answer = await arm.get(`${registryId}/${kind}Pipelines`);
  for (;;) {
    const { value, nextLink } = parseBody(arm, answer, listSchema, `list the ${kind} pipelines`);
    states.push(...value.map((body) => stateOf(body, kind, '')));
    if (!nextLink) return states;
    answer = await arm.follow(nextLink);
  }
}

/** Every pipeline of a registry. */
export const listStates = async (arm: Arm, { registryId }: PipelineId): Promise<readonly PipelineState[]> =>
  (await Promise.all([listKind(arm, registryId, 'export'), listKind(arm, registryId, 'import')])).flat();
