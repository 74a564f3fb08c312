import { describe, expect, it } from '@jest/globals';
import { interruptedLines, interruptedSummary } from '../../../../src/action/report/interrupted.ts';
import { parsePipelineId } from '../../../../src/transfer/model/pipeline-id.ts';
import type { CurrentRunState, InterruptedRun } from '../../../../src/transfer/pipelines/interrupted-runs.ts';

const REGISTRY =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/source';

function runNow(now: CurrentRunState, portal: string | null = 'https://portal.azure.com'): InterruptedRun {
  const parsed = parsePipelineId(`${REGISTRY}/exportPipelines/pipeline`, 'export');
  if ('problem' in parsed) throw new Error(parsed.problem);
  return { stage: 'export', run: 'run1', pipeline: parsed.value, now, portal };
}

describe('what the post step says', () => {
  it.each([
    { name: 'nothing was begun', runs: [], says: 'Nothing of it goes on in Azure.' },
    { name: 'one run goes on', runs: [runNow({ kind: 'running', percentage: 41.7 })], says: 'is running, 42 %' },
    { name: 'nobody knows', runs: [runNow({ kind: 'unknown' })], says: 'One pipeline run goes on' },
    { name: 'all has ended', runs: [runNow({ kind: 'succeeded' })], says: 'Nothing of it goes on in Azure.' },
    {
      name: 'a run has failed',
      runs: [runNow({ kind: 'failed', reason: 'no access' })],
      says: 'has failed: no access',
    },
    { name: 'a run never began', runs: [runNow({ kind: 'absent' })], says: 'was not started' },
  ])('tells that $name, and how to go on', ({ runs, says }) => {
    const log = interruptedLines(runs).join('\n');

    expect(log).toContain(says);
    expect(log).toContain('re-run this job');
    expect(interruptedSummary(runs)).toContain('re-run this job');
  });

  it('links runs where there is a portal', () => {
    const summary = (portal: string | null): string => interruptedSummary([runNow({ kind: 'unknown' }, portal)]);

    expect(summary('https://portal.azure.com')).toContain(
      `(https://portal.azure.com/#@/resource${REGISTRY}/pipelineRuns/run1)`,
    );
    expect(summary(null)).not.toContain('](');
  });

  it('shows fifty runs at most', () => {
    const lines = interruptedLines(Array.from({ length: 60 }, () => runNow({ kind: 'running', percentage: null })));

    expect(lines).toHaveLength(53);
    expect(lines[51]).toContain('10 more');
  });
});
