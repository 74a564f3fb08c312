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

/** What there was before anything was changed. */
interface Found {
  readonly state: PipelineState | null;
  readonly place: ContainerResource;
  readonly containerExists: boolean;
  /** Null for pipelines that need no secret. */
  readonly vault: VaultResource | null;
}

async function checkRegistry({ pipeline }: EnsureRequest, estate: ProvisioningClient): Promise<void> {
  const registry = await estate.registry();
  if (registry === null)
    throw transferError('ACRT3004', { side: sideOfPipeline(pipeline), registry: pipeline.registryId });
  if (registry.sku.toLowerCase() !== 'premium') {
    throw transferError('ACRT3007', { registry: pipeline.registry, sku: registry.sku });
  }
  if (pipeline.kind === 'export' && !registry.exportsAllowed) {
    throw transferError('ACRT3008', { registry: pipeline.registry });
  }
}

async function find({ wish }: EnsureRequest, estate: ProvisioningClient): Promise<Found> {
  const [state, place, containerExists, vault] = await Promise.all([
    estate.pipeline(),
    estate.container(wish.containerUri),
    estate.containerExists(wish.containerUri),
    wish.access.kind === 'sas' ? estate.vault(wish.access.secretUri) : null,
  ]);
  return { state, place, containerExists, vault };
}

/** The object id that the pipeline has already, or will have: that of an identity which exists on its own. */
async function principalBefore(
  { pipeline, wish: { identity } }: EnsureRequest,
  state: PipelineState | null,
  estate: ProvisioningClient,
): Promise<string | null> {
  if (identity.kind === 'system') return state?.identity?.kind === 'system' ? state.principalId : null;
  const principalId = await estate.principalOf(identity.resourceId);
  if (principalId === null) {
    const reason = 'it does not exist, or may not be seen';
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
  estate: ProvisioningClient,
  keep: (state: PipelineState) => void,
): readonly Step[] {
  const { pipeline, wish } = request;
  const changes = pipelineChanges(pipeline.name, found.state, wish);
  if (changes.length === 0) return [];
  const run = async (): Promise<void> => {
    keep(await estate.putPipeline(wish, found.state?.location ?? null));
  };
  return [{ changes, place: 'carries-rest', run }];
}

function containerStep(
  { wish }: EnsureRequest,
  { containerExists }: Found,
  estate: ProvisioningClient,
): readonly Step[] {
  if (containerExists) return [];
  const change = { subject: 'container', what: wish.containerUri, from: null, to: 'empty' } as const;
  return [step(change, () => estate.createContainer(wish.containerUri), 'carries-rest')];
}

const NO_SAS: SasPlan = { steps: [], endsAt: () => null };

async function planAccess(
  request: EnsureRequest,
  found: Found,
  grantee: Principal,
  world: ProvisioningContext,
): Promise<{ readonly rights: readonly Step[]; readonly sas: SasPlan }> {
  const { wish, pipeline, life } = request;
  const { containerUri, access } = wish;
  const need = containerNeed(pipeline.kind, wish.options);
  if (access.kind === 'identity' || found.vault === null) {
    return { rights: await roleSteps(world.estate, containerUri, found.place, need, grantee), sas: NO_SAS };
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
  const [rights, sas] = await Promise.all([
    secretAccessSteps(world.estate, access, found.vault, grantee),
    planSas(world.estate, order, world),
  ]);
  return { rights, sas };
}

async function smokeTestStep(
  pipeline: PipelineId,
  state: PipelineState | null,
  minutes: number,
  world: ProvisioningContext,
): Promise<readonly string[]> {
  if (state === null) return [];
  const warning = await smokeTest(pipeline, state, minutes, world);
  return warning === null ? [] : [warning];
}

/**
 * Makes a pipeline and what it needs so, as far as it is not: container, pipeline, rights of its identity, SAS. Then tries it.
 * @throws ACRT3004, ACRT3007, ACRT3008, ACRT3044, ACRT3048 before anything is changed; every other failure is in the result
 */
export async function ensure(request: EnsureRequest, world: ProvisioningContext): Promise<ProvisioningResult> {
  const { estate } = world;
  const { pipeline, timeoutMinutes } = request;
  await checkRegistry(request, estate);
  const found = await find(request, estate);
  let state = found.state;
  const known = await principalBefore(request, state, estate);
  const principalId = (): string => state?.principalId ?? known ?? '';
  const { rights, sas } = await planAccess(request, found, { known, principalId }, world);
  const steps = [
    ...containerStep(request, found, estate),
    ...pipelineStep(request, found, estate, (made) => {
      state = made;
    }),
    ...rights,
    ...sas.steps,
  ];
  const needsTrial = changesOf(steps).some(({ subject }) => subject !== 'container');
  return conclude(request, world, steps, {
    facts: () => ({ principalId: state?.principalId ?? known, sasExpiresAt: sas.endsAt() }),
    proof: () => (needsTrial ? smokeTestStep(pipeline, state, timeoutMinutes, world) : Promise.resolve([])),
  });
}
