import { afterAll, describe, expect, it } from '@jest/globals';
import { openBench } from './fixture.ts';
import { conclusionsOf, jobOf, legsOf } from './result.ts';
import type { RunOptions } from './run.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

/** A reusable workflow in another repository. */
const CALLED = `
on:
  workflow_call:
    inputs:
      name: { type: string, required: true }
      count: { type: number, default: 3 }
      loud: { type: boolean }
      where: { type: string, default: '\${{ github.repository }}' }
    secrets:
      sas: { required: false }
    outputs:
      greeting: { value: '\${{ jobs.greet.outputs.greeting }}' }
      result: { value: '\${{ jobs.greet.result }}' }
env: { OF: called }
jobs:
  greet:
    runs-on: x
    outputs: { greeting: '\${{ steps.greet.outputs.greeting }}' }
    steps:
      - id: greet
        env: { SAS: '\${{ secrets.sas }}', OTHER: '\${{ secrets.OTHER }}' }
        run: |
          echo "[$SAS] [$OTHER] [\${{ inputs.loud && 'loud' || 'quiet' }}] [$OF] [$FROM_CALLER] [\${{ github.workflow }}]"
          echo "greeting=\${{ inputs.name }} times \${{ inputs.count }} in \${{ inputs.where }}" >> "$GITHUB_OUTPUT"
`;

const WORKFLOWS = { 'contoso/shared/.github/workflows/called.yml': CALLED };
const USES = 'contoso/shared/.github/workflows/called.yml@v1';

/** Runs a workflow with a job that calls another workflow, and a job that reads its outputs. */
const call = (job: string, options: Partial<RunOptions> = {}, top = '') =>
  bench.run(
    `name: Caller
on: workflow_dispatch
env: { FROM_CALLER: caller }
${top}
jobs:
  call:
    uses: ${USES}
${job.replaceAll(/^(?=.)/gm, '    ')}
  after:
    needs: call
    runs-on: x
    steps: [{ run: 'echo "\${{ needs.call.outputs.greeting }}, \${{ needs.call.outputs.result }}"' }]
`,
    { workflows: WORKFLOWS, ...options },
  );

describe('a called workflow', () => {
  it('accepts typed inputs, returns outputs, and runs in the context of its caller', async () => {
    const run = await call('with: { name: Ada, loud: true }');
    expect(conclusionsOf(run)).toEqual({ call: 'success', 'call / greet': 'success', after: 'success' });
    expect(jobOf(run, 'call').outputs['greeting']).toBe('Ada times 3 in contoso/shop');
    expect(jobOf(run, 'after').log).toContain('Ada times 3 in contoso/shop, success');
    expect(jobOf(run, 'call / greet').log).toContain('[] [] [loud] [called] [] [Caller]');
  });

  it('has the secrets that it gets, and no others unless it inherits all', async () => {
    const secrets = { MY_SAS: 'first', OTHER: 'second', SAS: 'third' };
    const log = async (given: string): Promise<string> =>
      jobOf(await call(`with: { name: Ada }\n${given}`, { secrets }), 'call / greet').log;
    expect(await log('')).toContain('[] []');
    expect(await log("secrets: { sas: '${{ secrets.MY_SAS }}' }")).toContain('[***] []');
    expect(await log('secrets: inherit')).toContain('[***] [***]');
  });

  it('runs once for each leg of a matrix', async () => {
    const run = await call('strategy: { matrix: { name: [Ada, Grace] } }\nwith: { name: "${{ matrix.name }}" }');
    expect(legsOf(run, 'call').map(({ outputs }) => outputs['greeting'])).toEqual([
      'Ada times 3 in contoso/shop',
      'Grace times 3 in contoso/shop',
    ]);
    expect(legsOf(run, 'call / greet').map(({ name }) => name)).toEqual(['call (Ada) / greet', 'call (Grace) / greet']);
  });

  it('fails for its caller if one of its jobs fails', async () => {
    const broken = CALLED.replace('run: |', 'run: |\n          exit 1');
    const run = await call('with: { name: Ada }', {
      workflows: { 'contoso/shared/.github/workflows/called.yml': broken },
    });
    expect(run.conclusion).toBe('failure');
    expect(conclusionsOf(run)).toEqual({ call: 'failure', 'call / greet': 'failure', after: 'skipped' });
    expect(jobOf(run, 'call').outputs).toEqual({ greeting: '', result: 'failure' });
  });

  it("finds the workflows in its own repository, not in its caller's", async () => {
    const outer = 'on: workflow_call\njobs: { inner: { uses: ./.github/workflows/inner.yml } }';
    const inner = 'on: workflow_call\njobs: { deep: { runs-on: x, steps: [{ run: echo }] } }';
    const workflows = { ...WORKFLOWS, 'contoso/shared/.github/workflows/called.yml': outer };
    const missing = await call('', { workflows });
    expect(missing.conclusion).toBe('startup_failure');
    expect(missing.errors.join()).toContain('Unable to find reusable workflow');
    const found = await call('', { workflows: { ...workflows, 'contoso/shared/.github/workflows/inner.yml': inner } });
    expect(conclusionsOf(found)).toMatchObject({ 'call / inner / deep': 'success' });
  });

  it('is one of this repository when it is named so', async () => {
    const uses = 'acr-transfer/acr-transfer/.github/workflows/ci.yml@v1';
    const run = await bench.jobs(`call: { uses: ${uses} }`);
    // It exists, but it can't be called.
    expect(run.errors.join()).toContain('workflow_call key is not defined in the referenced workflow.');
  });
});

describe('inputs and secrets of a called workflow', () => {
  it.each([
    ['', 'Input name is required, but not provided while calling.'],
    ['with: { name: Ada, nmae: x }', 'Invalid input, nmae is not defined in the referenced workflow.'],
    ['with: { name: Ada }\nsecrets: { pas: x }', 'Invalid secret, pas is not defined in the referenced workflow.'],
  ])('is refused before the run starts: %j', async (given, message) => {
    const run = await call(given);
    expect(run.conclusion).toBe('startup_failure');
    expect(run.errors.join()).toContain(message);
  });

  it.each([
    ["with: { name: Ada, loud: '${{ github.ref_name }}' }", "Unexpected type of value 'main', expected type: Boolean."],
    ['with: { name: Ada, loud: "true" }', "Unexpected type of value 'true', expected type: Boolean."],
    ["with: { name: Ada, count: '${{ vars.COUNT }}' }", "Unexpected type of value '5', expected type: Number."],
  ])('is refused when its type is another: %j', async (given, message) => {
    const run = await call(given, { vars: { COUNT: '5' } });
    expect(run.conclusion).toBe('failure');
    expect(jobOf(run, 'call').log).toContain(message);
  });

  it('can be a number or a boolean if a text is expected', async () => {
    const run = await call("with: { name: 7, count: '${{ fromJSON(vars.COUNT) }}' }", { vars: { COUNT: '5' } });
    expect(jobOf(run, 'call').outputs['greeting']).toBe('7 times 5 in contoso/shop');
  });
});

describe('permissions', () => {
  const asking = (permissions: string): Partial<RunOptions> => ({
    workflows: {
      'contoso/shared/.github/workflows/called.yml': CALLED.replace(
        '    runs-on: x',
        `    permissions: ${permissions}\n    runs-on: x`,
      ),
    },
  });

  it('of a called job may not go beyond those of its caller', async () => {
    const run = await call(
      'permissions: { contents: read }\nwith: { name: Ada }',
      asking('{ contents: write, id-token: write }'),
    );
    expect(run.conclusion).toBe('startup_failure');
    expect(run.errors).toEqual([
      `.github/workflows/test.yml (Line: 6, Col: 3): Error calling workflow '${USES}'. The nested job 'greet' is requesting 'contents: write, id-token: write', but is only allowed 'contents: read, id-token: none'.`,
    ]);
  });

  it("of a called job are the permissions that it requests, within its caller's", async () => {
    const run = await call(
      'permissions: { contents: read, id-token: write }\nwith: { name: Ada }',
      asking('{ id-token: write }'),
    );
    expect(jobOf(run, 'call / greet').permissions).toEqual({ 'id-token': 'write' });
  });

  it('of a called job without its own are those of its caller', async () => {
    const run = await call('permissions: { issues: write }\nwith: { name: Ada }');
    expect(jobOf(run, 'call / greet').permissions).toEqual({ issues: 'write' });
  });

  it('of a job replace those of its workflow, and those the default of the repository', async () => {
    const run = await bench.run(`
on: workflow_dispatch
permissions: { issues: write }
jobs:
  own: { permissions: {}, runs-on: x, steps: [{ run: echo }] }
  none: { runs-on: x, steps: [{ run: echo }] }
`);
    expect(run.jobs.map(({ permissions }) => permissions)).toEqual([{}, { issues: 'write' }]);
    const bare = await bench.jobs('job: { runs-on: x, steps: [{ run: echo }] }');
    expect(jobOf(bare, 'job').permissions).toEqual({ contents: 'read', packages: 'read' });
  });
});

describe('a concurrency group', () => {
  it('is reported', async () => {
    const run = await call(
      'with: { name: Ada }',
      {},
      'concurrency: { group: "to ${{ github.ref_name }}", cancel-in-progress: true }',
    );
    expect(run.concurrency).toMatchObject({ group: 'to main', cancelInProgress: true });
  });

  it('rejects a called workflow whose caller holds the same group', async () => {
    const group = 'concurrency: { group: "${{ github.workflow }}" }';
    const workflows = { 'contoso/shared/.github/workflows/called.yml': `${CALLED}${group}\n` };
    const run = await call('with: { name: Ada }', { workflows }, group);
    expect(run.conclusion).toBe('cancelled');
    expect(jobOf(run, 'call').log).toContain(
      "deadlock for concurrency group 'Caller' was detected between 'top level workflow' and 'call'",
    );
  });
});
