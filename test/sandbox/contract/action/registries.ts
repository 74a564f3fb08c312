import { expect } from '@jest/globals';
import { pipelineRuns } from '../../../../src/azure/arm/pipeline-runs.ts';
import { readPipeline, readRegistry } from '../../../../src/azure/arm/pipelines.ts';
import { readState } from '../../../../src/azure/provisioning/pipelines.ts';
import type { RegistryFacts } from '../../../../src/transfer/ports/pipelines.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armAt, pipelineId, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const OPEN = { publicAccess: true, restricted: false, trustedServices: true };

/** A registry with exports enabled and no network rules, with some differences. */
const registry =
  (changes: Partial<RegistryFacts> = {}): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(fact);
    const expected = { loginServer: 'registry.azurecr.io', sku: 'Premium', exportsAllowed: true, network: OPEN };
    expect(await readRegistry(armAt(replay), pipelineId('export'))).toEqual({ ...expected, ...changes });
  };

/** Registries, and the responses of their provider. */
export const registries: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'registry-lro-4-GET-200': registry(),
    'acr-PATCH-registry-200-policies': registry(),
    'acr-PATCH-registry-200-exportPolicy-disabled': registry({
      exportsAllowed: false,
      network: { ...OPEN, publicAccess: false, restricted: true },
    }),
    // Pipelines and runs are proxy types like this one. The provider itself responds if one is missing.
    'acr-GET-scopeMap-404-ResourceNotFound-provider': async (fact, replay) => {
      replay.answer(fact);
      const [arm, id] = [armAt(replay), pipelineId('export')];
      expect(await Promise.all([readPipeline(arm, id), readState(arm, id), pipelineRuns(arm, id).find('run')])).toEqual(
        [null, null, null],
      );
    },
    'PUT-registry-409-AlreadyInUse': async (fact, replay) => {
      replay.answer(fact);
      await expect(pipelineRuns(armAt(replay), pipelineId('export')).find('run')).rejects.toMatchObject({
        facts: { id: 'ACRT3009', message: expect.stringContaining('AlreadyInUse: The registry DNS name') },
      });
    },
  },
};
