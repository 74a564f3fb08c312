import { failure } from '../failure.ts';
import { readyPipeline } from '../preflight/setup.ts';
import { conclude } from './conclude.ts';
import type { RotateRequest } from './request.ts';
import type { SetupResult } from './result.ts';
import { containerNeed } from './roles.ts';
import { planSas } from './sas-step.ts';
import { sideOf } from './side.ts';
import type { SetupWorld } from './world.ts';

/**
 * Renews the SAS of a pipeline when it has to be, and does nothing otherwise.
 * @throws ACRT3001, ACRT3003, ACRT3048, ACRT3049 before anything is changed; every other failure is in the result
 */
export async function rotate(request: RotateRequest, world: SetupWorld): Promise<SetupResult> {
  const { pipeline, life } = request;
  const state = readyPipeline(sideOf(pipeline), pipeline, await world.estate.pipeline());
  if (state.access.kind === 'identity') throw failure('ACRT3049', { pipeline: pipeline.name });
  const { permissions } = containerNeed(pipeline.kind, state.options);
  const containerUri = state.containerUri.replace(/\/+$/, '');
  const order = { pipeline, containerUri, secretUri: state.access.secretUri, permissions, life, isElsewhere: false };
  const sas = await planSas(world.estate, order, world);
  return conclude(request, world, sas.steps, {
    facts: () => ({ principalId: state.principalId, sasExpiresAt: sas.endsAt() }),
    // What is stored has been tried already, and whether the pipeline may read the secret has not changed.
    proof: () => Promise.resolve([]),
  });
}
