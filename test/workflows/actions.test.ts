import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBench } from './fixture.ts';
import { jobOf } from './result.ts';
import type { RunOptions } from './run.ts';

const bench = openBench();
const repository = join(bench.folder, 'repository');

beforeAll(() => {
  mkdirSync(join(repository, 'lists'), { recursive: true });
  writeFileSync(join(repository, 'lists', 'artifacts.txt'), 'team/api:v1\n');
});

afterAll(() => {
  bench.close();
});

/** Runs a job with steps in sequence. */
async function job(steps: string, options: Partial<RunOptions> = {}, permissions = '{ contents: read }') {
  const indented = steps.replaceAll(/^(?=.)/gm, '    ');
  const run = await bench.jobs(`job:\n  runs-on: x\n  permissions: ${permissions}\n  steps:\n${indented}`, options);
  return jobOf(run, 'job');
}

describe('uses', () => {
  it.each([
    ['actions/github-script@v8', 'this runner has no stand-in for actions/github-script'],
    ['acr-transfer/acr-transfer/nowhere@v1', 'this runner has no stand-in for acr-transfer/acr-transfer/nowhere'],
    ['acr-transfer/acr-transfer', "Expected format {org}/{repo}[/path]@ref. Actual 'acr-transfer/acr-transfer'"],
    ['./', 'Did you forget to run actions/checkout'],
  ])('of %s is an error that names it', async (uses, message) => {
    const { conclusion, log } = await job(`- uses: ${uses}`);
    expect(conclusion).toBe('failure');
    expect(log).toContain(message);
  });

  it('of our action by path works in our repository, once it is checked out', async () => {
    const steps = '- uses: ./\n  with: { mode: doctor, typo: x }';
    const ours = { repository: 'acr-transfer/acr-transfer' };
    expect((await job(steps, ours)).log).toContain('Did you forget to run actions/checkout');
    const { log } = await job(`- uses: actions/checkout@v6\n${steps}`, ours);
    expect(log).toContain("##[warning]Unexpected input(s) 'typo', valid inputs are [mode, artifacts,");
    expect(log).toMatch(/^::error title=ACRT\d{4}/m);
  });

  it('of a simulated action takes inputs and returns outputs', async () => {
    const { log } = await job(
      '- { id: echo, uses: contoso/echo@v1, with: { text: \'a ${{ github.ref_name }}\' } }\n- run: echo "${{ steps.echo.outputs.text }}"',
      { actions: { 'contoso/echo': { inputs: ['text'], play: ({ inputs }) => Promise.resolve(inputs) } } },
    );
    expect(log).toContain('a main');
  });

  it('with an unsupported input is an error', async () => {
    const { log } = await job('- uses: actions/checkout@v6\n  with: { submodules: true }');
    expect(log).toContain('actions/checkout is not played with submodules');
  });
});

describe('actions/checkout', () => {
  it('checks out the files of the repository', async () => {
    const { log } = await job('- uses: actions/checkout@v6\n- run: cat lists/artifacts.txt', { checkout: repository });
    expect(log).toContain('team/api:v1');
  });

  it('finds nothing without the right to read contents', async () => {
    expect((await job('- uses: actions/checkout@v6', { checkout: repository }, '{}')).log).toContain('not found');
  });
});

describe('artifacts', () => {
  const write = `
- run: |
    mkdir -p out/deep .hidden
    echo a > out/a.json; echo b > out/deep/b.json; echo c > out/c.txt; echo d > .hidden/d.json; echo e > out/.e.json
`;
  const upload = (name: string, path: string, more = ''): string =>
    `- uses: actions/upload-artifact@v7\n  with:\n    name: ${name}\n    path: |\n${path.replaceAll(/^(?=.)/gm, '      ')}\n${more}`;
  const list = (folder: string): string => `- run: find ${folder} -type f | sort`;
  const download = (inputs: string): string => `- uses: actions/download-artifact@v8\n  with: { ${inputs} }\n`;

  it.each([
    ['a folder, as what is in it', 'out', ['a.json', 'c.txt', 'deep/b.json']],
    ['one file, alone', 'out/deep/b.json', ['b.json']],
    ['what a pattern finds, below where it starts', 'out/**/*.json', ['a.json', 'deep/b.json']],
    ['several paths, below what they share', 'out/deep/b.json\nout/c.txt', ['c.txt', 'deep/b.json']],
    ['all but what is left out', 'out\n!out/deep', ['a.json', 'c.txt']],
  ])('hold %s', async (_, path, files) => {
    const { conclusion, log } = await job(
      `${write}${upload('x', path)}${download('name: x, path: back')}${list('back')}`,
    );
    expect(conclusion).toBe('success');
    expect(log.split('\n').filter((line) => line.startsWith('back/'))).toEqual(files.map((file) => `back/${file}`));
  });

  it('exclude hidden files by default', async () => {
    const hidden = '    include-hidden-files: true\n';
    const none = await job(`${write}${upload('x', '.hidden', '    if-no-files-found: error\n')}`);
    expect(none.log).toContain('No files were found with the provided path: .hidden.');
    const all = await job(`${write}${upload('x', 'out', hidden)}${download('name: x, path: back')}${list('back')}`);
    expect(all.log).toContain('back/.e.json');
  });

  it('are downloaded to separate folders, or together', async () => {
    const two = `${write}${upload('r-1', 'out/a.json')}${upload('r-2', 'out/c.txt')}`;
    const apart = await job(`${two}${download("pattern: 'r-*', path: back")}${list('back')}`);
    expect(apart.log).toContain('back/r-1/a.json\nback/r-2/c.txt');
    const merged = await job(`${two}${download("pattern: 'r-*', path: back, merge-multiple: true")}${list('back')}`);
    expect(merged.log).toContain('back/a.json\nback/c.txt');
  });

  it('are written once: two jobs of a run need different names', async () => {
    const { log } = await job(`${write}${upload('x', 'out')}${upload('x', 'out')}`);
    expect(log).toContain('an artifact with this name already exists on the workflow run');
    expect((await job(`${write}${upload('x', 'out')}${upload('x', 'out', '    overwrite: true\n')}`)).conclusion).toBe(
      'success',
    );
  });

  it('are reported if they are missing', async () => {
    expect((await job(download('name: x'))).log).toContain('Artifact not found for name: x');
  });

  it('of another run take a token that may read them', async () => {
    await job(`${write}${upload('receipt', 'out/a.json')}`, { runId: 'before' });
    const steps = `${download("name: receipt, run-id: before, github-token: '${{ github.token }}'")}${list('.')}`;
    expect((await job(steps)).log).toContain('actions: read is missing');
    expect((await job(steps, {}, '{ actions: read }')).log).toContain('./a.json');
    expect((await job(download('name: receipt, run-id: before'), {}, '{ actions: read }')).conclusion).toBe('failure');
  });
});

describe('signing in and pushing', () => {
  const push = `
- id: build
  uses: docker/build-push-action@v7
  with: { push: true, tags: 'contoso.azurecr.io/team/api:v1' }
- run: echo "pushed \${{ steps.build.outputs.digest }}"
`;
  const login = `
- uses: docker/login-action@v4
  with: { registry: contoso.azurecr.io, username: x, password: y }
`;
  const digest = 'sha256:0a2e';

  it('gives the digest of what a test pushes', async () => {
    const pushed: string[] = [];
    const options: Partial<RunOptions> = {
      push: (tags) => {
        pushed.push(...tags);
        return Promise.resolve(digest);
      },
    };
    expect((await job(`${login}${push}`, options)).log).toContain(`pushed ${digest}`);
    expect(pushed).toEqual(['contoso.azurecr.io/team/api:v1']);
    expect((await job(push, options)).log).toContain('unauthorized: authentication required');
  });

  it('to Azure takes an id-token', async () => {
    const azure = '- uses: azure/login@v3\n  with: { client-id: a, tenant-id: b, subscription-id: c }';
    expect((await job(azure)).log).toContain('Please make sure to give write permissions to id-token');
    expect((await job(azure, {}, '{ id-token: write }')).conclusion).toBe('success');
    expect((await job('- uses: azure/login@v3', {}, '{ id-token: write }')).log).toContain(
      'Input required and not supplied: client-id',
    );
  });
});

describe('the post part of our action', () => {
  it('runs at the end of the job, also after a failed step, with the saved state of the main part', async () => {
    const { steps } = await job('- name: Transfer\n  uses: acr-transfer/acr-transfer@v1\n- run: echo not reached');
    expect(steps.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['Transfer', 'failure'],
      ['Run echo not reached', 'skipped'],
      ['Post Transfer', 'success'],
    ]);
  });
});
