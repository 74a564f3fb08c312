/** Sets up a pipeline and the resources that it needs. */
import { transferError } from '../transfer/errors/index.ts';
import type { PipelineId } from '../transfer/model/pipeline-id.ts';
import { sideOfPipeline } from '../transfer/model/side.ts';
import { changesOf, conclude, step, type Step } from './apply.ts';
import { pipelineChanges } from './pipeline-diff.ts';
import type {
  ContainerResource,
  PipelineState,
  ProvisioningClient,
  ProvisioningContext,
  VaultResource,
} from './ports.ts';
import type { EnsureRequest } from './request.ts';
import type { ProvisioningResult } from './result.ts';
import { containerNeed, roleSteps, secretAccessSteps, type Principal } from './role-grants.ts';
import { planSas, type SasPlan } from './sas-renewal.ts';
import { smokeTest } from './smoke-test.ts';

/** The resources before any change. */
interface Found {
  readonly state: PipelineState | null;
  readonly container: ContainerResource;
  readonly containerExists: boolean;
  /** Null for pipelines without a secret. */
  readonly vault: VaultResource | null;
}

async function checkRegistry({ pipeline }: EnsureRequest, client: ProvisioningClient): Promise<void> {
  const registry = await client.registry();
  if (registry === null)
    throw transferError('ACRT3004', { side: sideOfPipeline(pipeline), registry: pipeline.registryId });
  if (registry.sku.toLowerCase() !== 'premium') {
    throw transferError('ACRT3007', { registry: pipeline.registry, sku: registry.sku });
  }
  if (pipeline.kind === 'export' && !registry.exportsAllowed) {
    throw transferError('ACRT3008', { registry: pipeline.registry });
  }
}

async function find({ desired }: EnsureRequest, client: ProvisioningClient): Promise<Found> {
  const [state, container, containerExists, vault] = await Promise.all([
    client.pipeline(),
    client.container(desired.containerUri),
    client.containerExists(desired.containerUri),
    desired.access.kind === 'sas' ? client.vault(desired.access.secretUri) : null,
  ]);
  return { state, container, containerExists, vault };
}

/** The object ID of the pipeline's identity before the changes: of the existing pipeline, or of a user-assigned identity. */
async function principalBefore(
  { pipeline, desired: { identity } }: EnsureRequest,
  state: PipelineState | null,
  client: ProvisioningClient,
): Promise<string | null> {
  if (identity.kind === 'system') return state?.identity?.kind === 'system' ? state.principalId : null;
  const principalId = await client.principalOf(identity.resourceId);
  if (principalId === null) {
    const reason = 'it does not exist, or this step is not allowed to read it';
    const [, , subscription = ''] = identity.resourceId.split('/');
    throw transferError('ACRT3044', {
      side: sideOfPipeline(pipeline),
      what: `user-assigned identity ${identity.resourceId}`,
      subscription,
      reason,
    });
  }
  return principalId;
}

function pipelineStep(
  request: EnsureRequest,
  found: Found,
  client: ProvisioningClient,
  onPut: (state: PipelineState) => void,
): readonly Step[] {
  const { pipeline, desired } = request;
  const changes = pipelineChanges(pipeline.name, found.state, desired);
  if (changes.length === 0) return [];
  const run = async (): Promise<void> => {
    onPut(await client.putPipeline(desired, found.state?.location ?? null));
  };
  return [{ changes, dependency: 'required', run }];
}

function containerStep(
  { desired }: EnsureRequest,
  { containerExists }: Found,
  client: ProvisioningClient,
): readonly Step[] {
  if (containerExists) return [];
  const change = { subject: 'container', what: desired.containerUri, from: null, to: 'empty' } as const;
  return [step(change, () => client.createContainer(desired.containerUri), 'required')];
}

const NO_SAS: SasPlan = { steps: [], endsAt: () => null };

async function planAccess(
  request: EnsureRequest,
  found: Found,
  principal: Principal,
  context: ProvisioningContext,
): Promise<{ readonly grants: readonly Step[]; readonly sas: SasPlan }> {
  const { desired, pipeline, life } = request;
  const { containerUri, access } = desired;
  const need = containerNeed(pipeline.kind, desired.options);
  if (access.kind === 'identity' || found.vault === null) {
    return { grants: await roleSteps(context.client, containerUri, found.container, need, principal), sas: NO_SAS };
  }
  const before = found.state?.containerUri.replace(/\/+$/, '').toLowerCase() ?? null;
  const isElsewhere = before !== null && before !== containerUri.toLowerCase();
  const order = {
    pipeline,
    containerUri,
    secretUri: access.secretUri,
    permissions: need.permissions,
    life,
    isElsewhere,
  };
  const [grants, sas] = await Promise.all([
    secretAccessSteps(context.client, access, found.vault, principal),
    planSas(context.client, order, context),
  ]);
  return { grants, sas };
}

async function smokeTestStep(
  pipeline: PipelineId,
  state: PipelineState | null,
  minutes: number,
  context: ProvisioningContext,
): Promise<readonly string[]> {
  if (state === null) return [];
  const warning = await smokeTest(pipeline, state, minutes, context);
  return warning === null ? [] : [warning];
}

/**
 * Creates or changes a pipeline and the resources that it needs: container, pipeline, roles of its identity, SAS. Then runs a
 * smoke test.
 * @throws ACRT3004, ACRT3007, ACRT3008, ACRT3044, ACRT3048 before any change; every other error is in the result
 */
export async function ensure(request: EnsureRequest, context: ProvisioningContext): Promise<ProvisioningResult> {
  const { client } = context;
  const { pipeline, timeoutMinutes } = request;
  await checkRegistry(request, client);
  const found = await find(request, client);
  let state = found.state;
  const known = await principalBefore(request, state, client);
  const principalId = (): string => state?.principalId ?? known ?? '';
  const { grants, sas } = await planAccess(request, found, { known, principalId }, context);
  const steps = [
    ...containerStep(request, found, client),
    ...pipelineStep(request, found, client, (updated) => {
      state = updated;
    }),
    ...grants,
    ...sas.steps,
  ];
  const needsSmokeTest = changesOf(steps).some(({ subject }) => subject !== 'container');
  return conclude(request, context, steps, {
    facts: () => ({ principalId: state?.principalId ?? known, sasExpiresAt: sas.endsAt() }),
    verify: () => (needsSmokeTest ? smokeTestStep(pipeline, state, timeoutMinutes, context) : Promise.resolve([])),
  });
}
