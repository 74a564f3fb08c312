import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { ROOT } from '../../scripts/action-definition.ts';
import { REUSABLE_WORKFLOWS, type WorkflowName } from '../../scripts/workflow-definition.ts';
import { openBench } from './fixture.ts';
import { conclusionsOf, jobOf, legsOf } from './result.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

const legs = (concurrency: string): string => `
transfer:
  strategy: { fail-fast: false, matrix: { shard: [1, 2, 3] } }
  concurrency: ${concurrency}
  runs-on: x
  steps: [{ run: sleep 0.3 }]
`;

describe('jobs in one concurrency group', () => {
  it('run one after the other, and of the pending ones only the newest', async () => {
    const run = await bench.jobs(legs('to-target'));
    expect(conclusionsOf(run)).toEqual({ transfer: 'success, cancelled, success' });
    expect(legsOf(run, 'transfer')[1]?.log).toContain("a higher priority waiting request for 'to-target' exists");
    expect(run.conclusion).toBe('cancelled');
  });

  it('all wait if the fault says so', async () => {
    expect(conclusionsOf(await bench.jobs(legs('{ group: to-target, queue: max }')))).toEqual({
      transfer: 'success, success, success',
    });
  });

  it('stop the current run on request', async () => {
    const slow = legs('{ group: to-target, cancel-in-progress: true }').replace(
      'sleep 0.3',
      "'sleep ${{ matrix.shard == 3 && 0.3 || 60 }}'",
    );
    expect(conclusionsOf(await bench.jobs(slow))).toEqual({ transfer: 'cancelled, cancelled, success' });
  });

  it('run in parallel in different groups', async () => {
    expect(conclusionsOf(await bench.jobs(legs("'shard ${{ matrix.shard }}'")))).toEqual({
      transfer: 'success, success, success',
    });
  });
});

/** One of this repository's workflows, as callers wait for it, with a job that only takes time. */
function idle(name: WorkflowName): string {
  const text = readFileSync(join(ROOT, '.github', 'workflows', `${name}.yml`), 'utf8');
  const workflow = load(text) as { on: { workflow_call: { outputs?: unknown } }; jobs: unknown };
  delete workflow.on.workflow_call.outputs;
  return dump({ ...workflow, jobs: { idle: { 'runs-on': 'x', steps: [{ run: 'sleep 0.3' }] } } });
}

describe('three callers at once', () => {
  const three = (name: WorkflowName): string => `
call:
  strategy: { fail-fast: false, matrix: { shard: [1, 2, 3] } }
  uses: acr-transfer/acr-transfer/.github/workflows/${name}.yml@v1
  with: { export-pipeline: from, import-pipeline: to }
`;
  const TAKES_NO_EXPORT = /export-pipeline: from, /;

  it.each(REUSABLE_WORKFLOWS)('of %s.yml', async (name) => {
    const workflows = { [`acr-transfer/acr-transfer/.github/workflows/${name}.yml`]: idle(name) };
    const text = name === 'import' ? three(name).replace(TAKES_NO_EXPORT, '') : three(name);
    const { call } = conclusionsOf(await bench.jobs(text, { workflows }));
    // GitHub Enterprise Server starts nothing with a queue (github/gh-aw#38341). The other settings work there too.
    expect(call).toBe(name === 'transfer' ? 'success, success, success' : 'success, cancelled, success');
  });
});

describe('another attempt', () => {
  const CALLED = `
on: workflow_call
jobs:
  plan:
    runs-on: x
    outputs: { at: '\${{ steps.at.outputs.attempt }}' }
    steps: [{ id: at, run: 'echo "attempt=$GITHUB_RUN_ATTEMPT" >> "$GITHUB_OUTPUT"' }]
  transfer:
    needs: plan
    strategy: { fail-fast: false, matrix: { shard: [1, 2] } }
    runs-on: x
    steps:
      - run: echo "planned in \${{ needs.plan.outputs.at }}, transferred in $GITHUB_RUN_ATTEMPT" > transferred.txt; cat transferred.txt
      - uses: actions/upload-artifact@v7
        with: { name: 'shard-\${{ matrix.shard }}', path: transferred.txt }
      - if: matrix.shard == 2 && github.run_attempt == 1
        run: exit 1
  report:
    needs: transfer
    if: '!cancelled()'
    runs-on: x
    steps:
      - uses: actions/download-artifact@v8
      - run: cat shard-*/transferred.txt
`;
  const text = 'call: { uses: acme/w/.github/workflows/called.yml@v1 }\nother: { runs-on: x, steps: [{ run: echo }] }';
  const options = { workflows: { 'acme/w/.github/workflows/called.yml': CALLED }, runId: 'again' };

  it('runs failed jobs and their dependents, and keeps the others', async () => {
    const first = await bench.jobs(text, options);
    expect(first.conclusion).toBe('failure');
    expect(conclusionsOf(first)).toMatchObject({ 'call / transfer': 'success, failure', 'call / report': 'success' });
    const second = await bench.jobs(text, { ...options, attempt: 2, previous: first });
    expect(second.conclusion).toBe('success');
    expect(jobOf(second, 'other')).toBe(jobOf(first, 'other'));
    expect(jobOf(second, 'call / plan')).toBe(jobOf(first, 'call / plan'));
    expect(legsOf(second, 'call / transfer')[0]).toBe(legsOf(first, 'call / transfer')[0]);
    expect(jobOf(second, 'call / report').log).toContain(
      'planned in 1, transferred in 1\nplanned in 1, transferred in 2',
    );
  });
});
