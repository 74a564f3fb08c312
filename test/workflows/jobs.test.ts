import { afterAll, describe, expect, it } from '@jest/globals';
import { openBench } from './fixture.ts';
import { conclusionsOf, jobOf, legsOf } from './result.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

describe('the order of jobs', () => {
  it('passes the outputs of a job to its dependents', async () => {
    const run = await bench.jobs(`
plan:
  runs-on: ubuntu-latest
  outputs:
    count: \${{ steps.count.outputs.n }}
  steps:
    - id: count
      run: echo "n=3" >> "$GITHUB_OUTPUT"
transfer:
  needs: plan
  runs-on: ubuntu-latest
  steps:
    - run: echo "transferred \${{ needs.plan.outputs.count }} after \${{ needs.plan.result }}"
`);
    expect(run.conclusion).toBe('success');
    expect(jobOf(run, 'plan').outputs).toEqual({ count: '3' });
    expect(jobOf(run, 'transfer').log).toContain('transferred 3 after success');
  });

  it('skips jobs that need a failed job, unless their condition is true', async () => {
    const run = await bench.jobs(`
broken: { runs-on: x, steps: [{ run: exit 3 }] }
after: { needs: broken, runs-on: x, steps: [{ run: echo }] }
always: { needs: broken, if: always(), runs-on: x, steps: [{ run: echo }] }
repair: { needs: broken, if: failure(), runs-on: x, steps: [{ run: echo }] }
named: { needs: broken, if: "failure('broken')", runs-on: x, steps: [{ run: echo }] }
lasting: { needs: broken, if: '!cancelled()', runs-on: x, steps: [{ run: echo }] }
result: { needs: broken, if: needs.broken.result == 'failure', runs-on: x, steps: [{ run: echo }] }
`);
    expect(run.conclusion).toBe('failure');
    expect(conclusionsOf(run)).toEqual({
      broken: 'failure',
      after: 'skipped',
      always: 'success',
      repair: 'success',
      named: 'success',
      lasting: 'success',
      // success() is added to every condition without a status function.
      result: 'skipped',
    });
    expect(jobOf(run, 'broken').log).toContain('##[error]Process completed with exit code 3.');
  });

  it('considers all ancestors: jobs after a job with its own condition are skipped too', async () => {
    const run = await bench.jobs(`
skipped: { if: false, runs-on: x, steps: [{ run: echo }] }
ran: { needs: skipped, if: always(), runs-on: x, steps: [{ run: echo }] }
next: { needs: ran, runs-on: x, steps: [{ run: echo }] }
asked: { needs: ran, if: always() && needs.ran.result == 'success', runs-on: x, steps: [{ run: echo }] }
`);
    expect(run.conclusion).toBe('success');
    expect(conclusionsOf(run)).toEqual({ skipped: 'skipped', ran: 'success', next: 'skipped', asked: 'success' });
  });

  it('continues after a job with continue-on-error', async () => {
    const run = await bench.jobs(`
shaky: { continue-on-error: true, runs-on: x, steps: [{ run: exit 1 }] }
next: { needs: shaky, runs-on: x, steps: [{ run: 'echo after \${{ needs.shaky.result }}' }] }
`);
    expect(run.conclusion).toBe('success');
    expect(jobOf(run, 'shaky').conclusion).toBe('failure');
    expect(jobOf(run, 'next').log).toContain('after success');
  });

  it('fails if a condition is broken on purpose', async () => {
    const workflow = (condition: string): string => `
plan:
  runs-on: x
  outputs: { matrix: '\${{ steps.plan.outputs.matrix }}' }
  steps: [{ id: plan, run: 'echo "matrix=[]" >> "$GITHUB_OUTPUT"' }]
transfer:
  needs: plan
  if: ${condition}
  strategy: { matrix: { include: '\${{ fromJSON(needs.plan.outputs.matrix) }}' } }
  runs-on: x
  steps: [{ run: echo }]
`;
    const sound = await bench.jobs(workflow("needs.plan.outputs.matrix != '[]'"));
    expect(sound.conclusion).toBe('success');
    expect(jobOf(sound, 'transfer').conclusion).toBe('skipped');
    const broken = await bench.jobs(workflow("needs.plan.outputs.matrix != ''"));
    expect(broken.conclusion).toBe('failure');
    expect(jobOf(broken, 'transfer').log).toContain('Matrix must define at least one vector');
  });

  it('does not start with a condition that refers to an unknown name', async () => {
    const run = await bench.jobs('job: { if: outputs.ready, runs-on: x, steps: [{ run: echo }] }');
    expect(run.conclusion).toBe('startup_failure');
    expect(run.errors.join()).toContain("Unrecognized named-value: 'outputs'");
    expect(run.jobs).toEqual([]);
  });
});

describe('a matrix', () => {
  it('makes a leg of each entry that another job gives', async () => {
    const run = await bench.jobs(`
plan:
  runs-on: x
  outputs: { matrix: '\${{ steps.plan.outputs.matrix }}' }
  steps:
    - id: plan
      run: echo 'matrix=[{"shard":"1/2","batches":2},{"shard":"2/2","batches":1}]' >> "$GITHUB_OUTPUT"
transfer:
  needs: plan
  strategy: { matrix: { include: '\${{ fromJSON(needs.plan.outputs.matrix) }}' } }
  runs-on: x
  steps: [{ run: 'echo "\${{ strategy.job-index }} of \${{ strategy.job-total }}: \${{ matrix.shard }}, \${{ matrix.batches }}"' }]
`);
    expect(legsOf(run, 'transfer').map(({ name }) => name)).toEqual(['transfer (1/2, 2)', 'transfer (2/2, 1)']);
    expect(legsOf(run, 'transfer').map(({ log }) => log.split('\n').at(-1))).toEqual([
      '0 of 2: 1/2, 2',
      '1 of 2: 2/2, 1',
    ]);
  });

  const failing = (failFast: boolean): string => `
transfer:
  strategy: { fail-fast: ${failFast}, max-parallel: 1, matrix: { code: [0, 1, 0] } }
  runs-on: x
  steps: [{ run: 'exit \${{ matrix.code }}' }]
`;

  it('stops its other legs if one fails', async () => {
    const run = await bench.jobs(failing(true));
    expect(conclusionsOf(run)).toEqual({ transfer: 'success, failure, cancelled' });
    expect(run.conclusion).toBe('failure');
  });

  it('continues them on request', async () => {
    expect(conclusionsOf(await bench.jobs(failing(false)))).toEqual({ transfer: 'success, failure, success' });
  });

  it('stops a running leg, and runs its cleanup', async () => {
    const run = await bench.jobs(`
transfer:
  strategy: { matrix: { command: [sleep 60, sleep 1; exit 1] } }
  runs-on: x
  steps:
    - run: \${{ matrix.command }}
    - run: echo not reached
    - if: cancelled()
      run: echo cleaned up
`);
    const [slow, failed] = legsOf(run, 'transfer');
    expect(slow?.steps.map(({ conclusion }) => conclusion)).toEqual(['cancelled', 'skipped', 'success']);
    expect(slow?.log).toContain('cleaned up');
    expect([slow?.conclusion, failed?.conclusion]).toEqual(['cancelled', 'failure']);
  });
});

describe('a run that is cancelled', () => {
  it('stops its jobs, and runs those with always()', async () => {
    const button = new AbortController();
    const run = await bench.jobs(
      `
slow: { runs-on: x, steps: [{ run: echo started; sleep 60 }] }
next: { needs: slow, runs-on: x, steps: [{ run: echo }] }
unless: { needs: slow, if: '!cancelled()', runs-on: x, steps: [{ run: echo }] }
report: { needs: slow, if: always(), runs-on: x, steps: [{ run: 'echo "slow was \${{ needs.slow.result }}"' }] }
`,
      {
        cancelled: button.signal,
        onLine: (line) => {
          if (line === 'started') button.abort();
        },
      },
    );
    expect(conclusionsOf(run)).toEqual({ slow: 'cancelled', next: 'skipped', unless: 'skipped', report: 'success' });
    expect(jobOf(run, 'report').log).toContain('slow was cancelled');
    expect(run.conclusion).toBe('cancelled');
  });
});

describe('an environment', () => {
  const gated = `
deploy:
  environment: { name: 'production', url: 'https://example.com' }
  runs-on: x
  steps: [{ run: 'echo "to \${{ vars.PLACE }}"' }]
report: { needs: deploy, runs-on: x, steps: [{ run: echo }] }
`;

  it("starts a job after its approval, with the environment's variables", async () => {
    const gates: string[] = [];
    const run = await bench.jobs(gated, {
      vars: { PLACE: 'nowhere' },
      environments: { production: { vars: { PLACE: 'the far side' } } },
      approve: ({ environment, job }) => gates.push(`${job} to ${environment}`) > 0,
    });
    expect(gates).toEqual(['deploy to production']);
    expect(jobOf(run, 'deploy')).toMatchObject({ conclusion: 'success', environment: 'production' });
    expect(jobOf(run, 'deploy').log).toContain('to the far side');
  });

  it('keeps it out when it is not', async () => {
    const run = await bench.jobs(gated, { approve: () => false });
    expect(conclusionsOf(run)).toEqual({ deploy: 'failure', report: 'skipped' });
    expect(jobOf(run, 'deploy').steps).toEqual([]);
  });
});
