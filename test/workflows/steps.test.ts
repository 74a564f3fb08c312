import { afterAll, describe, expect, it } from '@jest/globals';
import { subjectOf, tokenJobOf } from '../sandbox/id-token-claims.ts';
import { parsePairs } from './command-files.ts';
import { openBench } from './fixture.ts';
import { jobOf, type StepResult } from './result.ts';
import type { RunOptions } from './run.ts';

const bench = openBench();

afterAll(() => {
  bench.close();
});

/** Runs a job with these steps. */
const job = async (steps: string, options?: Partial<RunOptions>, more = '') =>
  jobOf(
    await bench.jobs(`job:\n  runs-on: x\n${more}  steps:\n${steps.replaceAll(/^(?=.)/gm, '    ')}`, options),
    'job',
  );

const conclusions = (steps: readonly StepResult[]): readonly string[] => steps.map(({ conclusion }) => conclusion);

describe('scripts', () => {
  it('stop at the first command that fails', async () => {
    const { log, conclusion } = await job('- run: |\n    echo before\n    false\n    echo after');
    expect(conclusion).toBe('failure');
    expect(log).toContain('before');
    expect(log).not.toContain('after');
  });

  it('fail for any command of a pipe only with an explicit bash, as on a runner', async () => {
    expect((await job('- run: false | cat')).conclusion).toBe('success');
    expect((await job('- { run: false | cat, shell: bash }')).conclusion).toBe('failure');
    expect((await job('- run: false | cat', {}, '  defaults: { run: { shell: bash } }\n')).conclusion).toBe('failure');
  });

  it('run in their working directory', async () => {
    const { steps } = await job('- run: mkdir -p a/b\n- { run: basename "$PWD", working-directory: a/b }');
    expect(steps[1]?.log).toBe('b');
    expect((await job('- { run: pwd, working-directory: nowhere }')).log).toContain('No such file or directory');
  });

  it('do not run in an unsupported shell', async () => {
    const { conclusion, log } = await job('- { run: Get-Location, shell: pwsh }');
    expect(conclusion).toBe('failure');
    expect(log).toContain("shell 'pwsh' is not played");
  });
});

describe('the output of a step', () => {
  it('is visible in later steps: outputs, variables, programs, a summary', async () => {
    const result = await job(`
- id: first
  run: |
    { echo 'text<<EOF'; echo 'two'; echo 'lines'; echo 'EOF'; } >> "$GITHUB_OUTPUT"
    echo 'PLACE=far side' >> "$GITHUB_ENV"
    mkdir tools; printf '#!/bin/sh\\necho tool of this job' > tools/mine; chmod +x tools/mine
    echo "$PWD/tools" >> "$GITHUB_PATH"
    echo '# All is well' >> "$GITHUB_STEP_SUMMARY"
- id: second
  env: { TEXT: '\${{ steps.first.outputs.text }}', OWN: 'of \${{ env.PLACE }}' }
  run: echo "[$TEXT] $PLACE, $OWN, $(mine)"
`);
    expect(result.steps[1]?.log).toBe('[two\nlines] far side, of far side, tool of this job');
    expect(result.summary).toBe('# All is well\n');
  });

  it('is refused when it cannot be understood', async () => {
    const { steps } = await job('- run: echo "no sign" >> "$GITHUB_OUTPUT"');
    expect(steps[0]?.outcome).toBe('failure');
    expect(steps[0]?.log).toContain("Unable to process file command 'output' successfully. Invalid format 'no sign'");
  });

  it('drops a summary that is too large, but not the step', async () => {
    const { steps, summary } = await job(`- run: head -c 1100000 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY"`);
    expect(conclusions(steps)).toEqual(['success']);
    expect(steps[0]?.log).toContain('supports content up to a size of 1024k, got 1075k');
    expect(summary).toBe('');
  });

  it.each([
    ['a=b=c', { a: 'b=c' }],
    ['a<<=\nb\n=', { a: 'b' }],
    ['a=x<<y', { a: 'x<<y' }],
    ['a<<E\nE', { a: '' }],
  ])('is read as the runner reads it: %j', (text, pairs) => {
    expect(parsePairs(text)).toEqual(pairs);
  });

  it('must end with the expected result', () => {
    expect(() => parsePairs('a<<E\nb')).toThrow("Matching delimiter not found 'E'");
  });
});

describe('steps after one that failed', () => {
  it('run if their condition is true', async () => {
    const { steps, conclusion } = await job(`
- { id: broken, run: exit 1 }
- run: echo
- { if: failure(), run: echo }
- { if: always(), run: echo }
- { if: '!cancelled()', run: echo }
- { if: "steps.broken.outcome == 'failure'", run: echo }
- { if: "!cancelled() && steps.broken.outcome == 'failure'", run: echo }
`);
    expect(conclusion).toBe('failure');
    expect(conclusions(steps)).toEqual(['failure', 'skipped', 'success', 'success', 'success', 'skipped', 'success']);
  });

  it('run after a step with continue-on-error, and see its outcome', async () => {
    const { steps, conclusion } = await job(`
- { id: shaky, run: exit 1, continue-on-error: true }
- { if: "steps.shaky.outcome == 'failure' && steps.shaky.conclusion == 'success'", run: echo }
`);
    expect(conclusion).toBe('success');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['failure', 'success']);
  });

  it('fail if a condition cannot be evaluated', async () => {
    const { steps } = await job("- { if: fromJSON('no json'), run: echo }\n- run: echo");
    expect(conclusions(steps)).toEqual(['failure', 'skipped']);
  });
});

describe('secrets', () => {
  const options = { secrets: { SAS: 'sv=2024&sig=abc' } };

  it('are masked in logs, including those that the step obtains', async () => {
    const { log } = await job(
      '- run: |\n    echo "::add-mask::hunter2"\n    echo "${{ secrets.SAS }} and hunter2"',
      options,
    );
    expect(log).toContain('*** and ***');
  });

  it('do not leave the job as an output', async () => {
    const { outputs, log } = await job(
      '- { id: sas, run: \'echo "uri=https://x?$SAS" >> "$GITHUB_OUTPUT"\', env: { SAS: "${{ secrets.SAS }}" } }',
      options,
      "  outputs: { uri: '${{ steps.sas.outputs.uri }}', name: plain }\n",
    );
    expect(outputs).toEqual({ name: 'plain' });
    expect(log).toContain("Skip output 'uri' since it may contain secret.");
  });
});

describe('the environment of a step', () => {
  it('is that of its workflow, its job and itself, the nearest first, and nothing of this machine', async () => {
    process.env['OF_THIS_MACHINE'] = 'leaked';
    const run = await bench.run(`
on: workflow_dispatch
env: { A: workflow, B: workflow, C: workflow }
jobs:
  job:
    runs-on: x
    env: { B: job, C: job }
    steps:
      - { env: { C: step }, run: 'echo "$A $B $C [$OF_THIS_MACHINE] $GITHUB_REPOSITORY $GITHUB_JOB"' }
`);
    delete process.env['OF_THIS_MACHINE'];
    expect(jobOf(run, 'job').log).toContain('workflow job step [] contoso/shop job');
  });

  it('has the variables for id-tokens only with the permission id-token: write', async () => {
    const idToken = { url: 'https://localhost/token?v=1', token: 'of this job' };
    const show = '- run: echo "[$ACTIONS_ID_TOKEN_REQUEST_URL]"';
    expect((await job(show, { idToken })).log).toContain('[]');
    const permissions = '  permissions: { id-token: write }\n';
    expect((await job(show, { idToken }, permissions)).log).toContain(`[${idToken.url}&`);
    expect((await job(show, { idToken }, '  permissions: read-all\n')).log).toContain('[]');
    expect((await job(show, { idToken }, '  permissions: write-all\n')).log).toContain(`[${idToken.url}&`);
  });

  it('requests its own id-tokens, with its environment or its ref as subject', async () => {
    const options = { idToken: { url: 'https://localhost/token?v=1', token: 'of this job' }, ref: 'refs/heads/next' };
    const subject = async (more: string) => {
      const { log } = await job('- run: echo "$ACTIONS_ID_TOKEN_REQUEST_URL"', options, more);
      const [url = ''] = /https:\S+/.exec(log) ?? [];
      return subjectOf(tokenJobOf(new URL(url).searchParams));
    };
    const permissions = '  permissions: { id-token: write }\n';
    expect(await subject(permissions)).toBe('repo:contoso/shop:ref:refs/heads/next');
    expect(await subject(`${permissions}  environment: azure\n`)).toBe('repo:contoso/shop:environment:azure');
  });
});
