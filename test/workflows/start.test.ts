import { afterAll, describe, expect, it } from '@jest/globals';
import { openBench } from './fixture.ts';
import { jobOf } from './result.ts';
import type { RunOptions } from './run.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

const FORM = `
on:
  schedule: [{ cron: '17 2 * * *' }]
  workflow_dispatch:
    inputs:
      artifacts: { type: string, required: true }
      dry-run: { type: boolean, default: true }
      cloud: { type: choice, options: [azurecloud, azureusgovernment] }
      most: { type: number, default: 5 }
jobs:
  show:
    runs-on: x
    steps:
      - env: { INPUTS: '\${{ toJSON(inputs) }}', EVENT: '\${{ toJSON(github.event.inputs) }}' }
        run: echo "$INPUTS $EVENT" | tr -d '\\n '
`;

const shown = async (options: Partial<RunOptions>): Promise<string> =>
  jobOf(await bench.run(FORM, options), 'show').steps[0]?.log ?? '';

describe('inputs of the form', () => {
  it('keep their types, and are texts in the event', async () => {
    expect(await shown({ inputs: { artifacts: 'a', 'dry-run': false } })).toBe(
      '{"artifacts":"a","dry-run":false,"cloud":"azurecloud","most":5}{"artifacts":"a","dry-run":"false"}',
    );
  });

  it("don't exist on a schedule, including defaults", async () => {
    expect(await shown({ event: 'schedule' })).toBe('{}null');
  });

  it.each([
    [{}, "Required input 'artifacts' not provided"],
    [{ artifacts: 'a', artefacts: 'b' }, 'Unexpected inputs provided: ["artefacts"]'],
    [{ artifacts: 'a', cloud: 'moon' }, "Provided value 'moon' for input 'cloud' not in the list of allowed values"],
    [
      { artifacts: 'a', 'dry-run': 'yes' },
      "Provided value 'yes' for input 'dry-run' not in the list of allowed values",
    ],
  ])('are refused: %j', async (inputs, message) => {
    const run = await bench.run(FORM, { inputs });
    expect(run).toMatchObject({ conclusion: 'startup_failure', errors: [message], jobs: [] });
  });
});

describe('a workflow that GitHub would refuse', () => {
  it.each([
    [
      'on: push\njobs: { a: { runs-on: x, steps: [{ run: echo }] } }',
      "Workflow does not have 'workflow_dispatch' trigger",
    ],
    ['on: workflow_dispatch\njobs: { a: { runs-on: x, step: [] } }', "Unexpected value 'step'"],
    [
      'on: workflow_dispatch\njobs: { a: { needs: b, runs-on: x, steps: [{ run: echo }] } }',
      'at least one job with no dependencies',
    ],
    [
      'on: workflow_dispatch\njobs: { c: { runs-on: x, steps: [{ run: echo }] }, a: { needs: b, runs-on: x, steps: [{ run: echo }] } }',
      "Job 'a' depends on unknown job 'b'.",
    ],
    [
      'on: workflow_dispatch\njobs: { a: { runs-on: x, env: { A: "${{ env.B }}" }, steps: [{ run: echo }] } }',
      "Unrecognized named-value: 'env'",
    ],
    [
      'on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ run: "${{ nope( }}" }] } }',
      'Unexpected end of expression',
    ],
    ['on: workflow_dispatch\njobs: { a: { uses: ./.github/workflows/none.yml } }', 'Unable to find reusable workflow'],
    // Features of GitHub that this runner doesn't emulate.
    [
      'on: workflow_dispatch\njobs: { a: { runs-on: x, container: debian, steps: [{ run: echo }] } }',
      "'container' is not played",
    ],
  ])('does not start: %s', async (text, message) => {
    const run = await bench.run(text);
    expect(run.conclusion).toBe('startup_failure');
    expect(run.errors.join('\n')).toContain(message);
  });
});
