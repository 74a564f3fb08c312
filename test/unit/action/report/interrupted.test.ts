import { describe, expect, it } from '@jest/globals';
import { interruptedLines, interruptedSummary } from '../../../../src/action/report/interrupted.ts';
import { parsePipelineId } from '../../../../src/transfer/model/pipeline-id.ts';
import type { CurrentRunState, InterruptedRun } from '../../../../src/transfer/pipelines/interrupted-runs.ts';

const REGISTRY =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/group/providers/Microsoft.ContainerRegistry/registries/source';

function runNow(now: CurrentRunState, portal: string | null = 'https://portal.azure.com'): InterruptedRun {
  const parsed = parsePipelineId(`${REGISTRY}/exportPipelines/pipeline`, 'export');
  if (!parsed.ok) throw new Error(parsed.problem);
  return { stage: 'export', run: 'run1', pipeline: parsed.value, now, portal };
}

describe('the report of the post step', () => {
  it.each([
    { name: 'no run was requested', runs: [], text: 'No pipeline run continues in Azure.' },
    { name: 'one run continues', runs: [runNow({ kind: 'running', percentage: 41.7 })], text: 'is running, 42 %' },
    { name: 'the state is unknown', runs: [runNow({ kind: 'unknown' })], text: 'One pipeline run continues' },
    { name: 'all runs have ended', runs: [runNow({ kind: 'succeeded' })], text: 'No pipeline run continues in Azure.' },
    {
      name: 'a run has failed',
      runs: [runNow({ kind: 'failed', reason: 'no access' })],
      text: 'has failed: no access',
    },
    { name: 'a run was not started', runs: [runNow({ kind: 'absent' })], text: 'was not started' },
  ])('text that $name, and how to resume', ({ runs, text }) => {
    const log = interruptedLines(runs).join('\n');

    expect(log).toContain(text);
    expect(log).toContain('re-run this job');
    expect(interruptedSummary(runs)).toContain('re-run this job');
  });

  it('links runs if the portal is known', () => {
    const summary = (portal: string | null): string => interruptedSummary([runNow({ kind: 'unknown' }, portal)]);

    expect(summary('https://portal.azure.com')).toContain(
      `(https://portal.azure.com/#@/resource${REGISTRY}/pipelineRuns/run1)`,
    );
    expect(summary(null)).not.toContain('](');
  });

  it('lists at most fifty runs', () => {
    const lines = interruptedLines(Array.from({ length: 60 }, () => runNow({ kind: 'running', percentage: null })));

    expect(lines).toHaveLength(53);
    expect(lines[51]).toContain('10 more');
    expect(interruptedLines(Array.from({ length: 50 }, () => runNow({ kind: 'absent' }))).join('\n')).not.toContain(
      'more',
    );
  });
});
