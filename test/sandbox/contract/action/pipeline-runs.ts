import { expect } from '@jest/globals';
import { pipelineRuns, runArchive } from '../../../../src/azure/arm/pipeline-runs.ts';
import { classifyRun } from '../../../../src/transfer/errors/classify.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Comparisons } from '../compared.ts';
import { armAt, pipelineId, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const STARTED = Date.parse('2026-01-02T03:04:05.123Z');
const BLOB = 'https://account.blob.core.windows.net/containername/myblob.tar.gz';
/** The examples have `Succeeded` together with `Running`: the run hasn't ended. */
const RUNNING = { kind: 'running', percentage: 20 };

const requestIn = (text: string | undefined): unknown =>
  (JSON.parse(text ?? '{}') as { properties: { request: unknown } }).properties.request;

/** Pipeline runs, as transfers start, poll and remove them. */
export const pipelineRunFacts: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'GET-pipelineRun-200-spec': async (fact, replay) => {
      replay.answer(fact);
      expect(await pipelineRuns(armAt(replay), pipelineId('export')).find('run')).toMatchObject({
        name: 'run',
        blob: BLOB,
        state: RUNNING,
        startedAt: STARTED,
      });
      expect(replay.asked[0]?.path).toBe(fact.path);
    },
    'LIST-pipelineRuns-200-spec': async (fact, replay) => {
      replay.answer(fact);
      const run = { name: 'run', startedAt: STARTED };
      expect(await runArchive(armAt(replay), pipelineId('export')).list()).toEqual([
        { ...run, ended: false, pipelineId: `${PLACES.registry}/exportPipelines/pipeline` },
        { ...run, ended: true, pipelineId: `${PLACES.registry}/importPipelines/pipeline` },
      ]);
      expect(replay.asked[0]?.path).toBe(fact.path);
    },
    'PUT-pipelineRun-export-201-spec': async (fact, replay) => {
      const artifacts = ['team/app', 'team/app@sha256:00000000000000000000000000000000000'];
      for (const status of fact.statuses) {
        replay.answer({ ...fact, status });
        const runs = pipelineRuns(armAt(replay), pipelineId('export'));
        const run = await runs.start('run', { kind: 'export', blob: 'myblob.tar.gz', artifacts }, false);
        expect(run).toMatchObject({ name: 'run', state: RUNNING });
        const [asked] = replay.asked;
        expect([asked?.path, JSON.parse(asked?.body ?? '')]).toEqual([fact.path, fact.sends]);
      }
    },
    'PUT-pipelineRun-import-201-spec': async (fact, replay) => {
      replay.answer(fact);
      const runs = pipelineRuns(armAt(replay), pipelineId('import'));
      expect(await runs.start('run', { kind: 'import', blob: 'myblob.tar.gz' }, true)).toMatchObject({
        blob: BLOB,
        state: {
          kind: 'succeeded',
          importedArtifacts: ['team/app', 'team/app@sha256:00000000000000000000000000000000000'],
        },
      });
      const [asked] = replay.asked;
      // The action verifies what arrived itself, and sends no catalogDigest.
      expect(requestIn(JSON.stringify(fact.sends))).toMatchObject(requestIn(asked?.body) as object);
      expect(JSON.parse(asked?.body ?? '')).toMatchObject({ properties: { forceUpdateTag: expect.any(String) } });
    },
    'PUT-pipelineRun-failed-200-issue8706': async (fact, replay) => {
      replay.answer(fact);
      const runs = pipelineRuns(armAt(replay), pipelineId('export'));
      const run = await runs.start(
        'run',
        { kind: 'export', blob: 'blob.tar', artifacts: ['dotnet/sdk:8.0.407'] },
        false,
      );
      expect(run.state).toEqual({
        kind: 'failed',
        reason:
          'Failed to access storage. Service request failed. Status: 403 (This request is not authorized to perform this operation)',
      });
      expect(classifyRun(run.state.kind === 'failed' ? run.state.reason : '')).toBe('ACRT4002');
      expect(JSON.parse(replay.asked[0]?.body ?? '')).toEqual(fact.sends);
    },
    'DELETE-pipelineRun-200-202-204-spec': async (fact, replay) => {
      for (const status of fact.statuses) {
        replay.answer({ ...fact, status });
        await runArchive(armAt(replay), pipelineId('export')).remove('run');
        expect(replay.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`DELETE ${fact.path}`]);
      }
    },
  },
};
