import { expect } from '@jest/globals';
import { pipelineRuns, runArchive } from '../../../../src/azure/arm/pipeline-runs.ts';
import { readPipeline } from '../../../../src/azure/arm/pipelines.ts';
import { removeState } from '../../../../src/azure/provisioning/pipelines.ts';
import { unassignRole } from '../../../../src/azure/provisioning/role-assignments.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { each } from '../compared.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armAt, pipelineId, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const codeOf = ({ body }: Fact): string => (body as { error: { code: string } }).error.code;

/** Every request to ARM fails with this ID, in ARM's words. */
const failure =
  (id: string, requests = 1): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(fact);
    const failed = readPipeline(armAt(replay), pipelineId('export'));
    await expect(failed).rejects.toMatchObject({ facts: { id, message: expect.stringContaining(codeOf(fact)) } });
    expect(replay.asked).toHaveLength(requests);
  };

const ASSIGNMENT = `${PLACES.registry}/providers/Microsoft.Authorization/roleAssignments/name`;

/** Both forms mean that the resource doesn't exist. */
const absence: Compare<Replay> = async (fact, replay) => {
  replay.answer(fact);
  const [arm, id] = [armAt(replay), pipelineId('export')];
  expect([await readPipeline(arm, id), await pipelineRuns(arm, id).find('run')]).toEqual([null, null]);
  expect([await removeState(arm, id), await unassignRole(arm, ASSIGNMENT)]).toEqual(['unchanged', 'unchanged']);
  await runArchive(arm, id).remove('run');
};

/** A 404 about more than the resource doesn't mean that the resource is missing, also for a removal. */
const otherThanAbsence =
  (id: string): Compare<Replay> =>
  async (fact, replay) => {
    await failure(id)(fact, replay);
    const [arm, pipeline] = [armAt(replay), pipelineId('export')];
    const others = [
      () => removeState(arm, pipeline),
      () => unassignRole(arm, ASSIGNMENT),
      () => runArchive(arm, pipeline).remove('run'),
      () => pipelineRuns(arm, pipeline).list(),
    ];
    for (const other of others) await expect(other()).rejects.toMatchObject({ facts: { id } });
  };

/** Attempts of a temporary error. */
const MAX_TRIES = 10;

/** ARM's refusals and their reasons. */
export const resourceManager: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    ...each(
      [
        'GET-childResource-404-gateway',
        'arm-GET-404-ResourceNotFound-gateway-storage',
        'arm-GET-404-ResourceGroupNotFound',
      ],
      absence,
    ),
    'arm-GET-404-InvalidResourceType': otherThanAbsence('ACRT3039'),
    'arm-PUT-400-NoRegisteredProviderFound-issue': otherThanAbsence('ACRT3039'),
    'arm-GET-subscription-404-SubscriptionNotFound': async (fact, replay) => {
      await otherThanAbsence('ACRT3038')(fact, replay);
      const failed = readPipeline(armAt(replay), pipelineId('export'));
      await expect(failed).rejects.toMatchObject({ facts: { correlationId: '11111111-1111-4111-8111-111111111111' } });
    },
    'arm-DELETE-group-409-ScopeLocked': async (fact, replay) => {
      replay.answer(fact);
      const removed = removeState(armAt(replay), pipelineId('export'));
      await expect(removed).rejects.toMatchObject({ facts: { id: 'ACRT3036' } });
    },
    ...each(
      [
        'arm-GET-401-ExpiredAuthenticationToken',
        'arm-GET-401-InvalidAuthenticationTokenAudience-issue',
        'arm-GET-401-InvalidAuthenticationTokenTenant-issue',
        'arm-PUT-401-InvalidAuthenticationToken',
      ],
      failure('ACRT3038'),
    ),
    ...each(
      [
        'arm-GET-401-AuthenticationFailed-noHeader',
        'arm-GET-403-AuthorizationFailed',
        'arm-PUT-403-LinkedAuthorizationFailed-issue',
      ],
      failure('ACRT3002'),
    ),
    ...each(
      ['arm-GET-429-ResourceRequestsThrottled', 'arm-PUT-429-TooManyRequests-provider'],
      failure('ACRT3040', MAX_TRIES),
    ),
    'arm-GET-504-GatewayTimeout': failure('ACRT2019', MAX_TRIES),
  },
};
