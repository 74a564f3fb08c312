import { describe, expect, it } from '@jest/globals';
import { ownActions, ROOT } from '../../../scripts/action-definition.ts';
import { fencedWorkflows, repositoryDocuments, type LintDocument } from '../../../scripts/lint/documents.ts';
import { formatFinding } from '../../../scripts/lint/finding.ts';
import { lintDocuments } from '../../../scripts/lint/lint.ts';

const actions = ownActions();

const workflow = (lines: readonly string[], path = '.github/workflows/ci.yml'): LintDocument => ({
  path,
  kind: 'workflow',
  text: lines.join('\n'),
  lineOffset: 0,
});

const lint = async (...documents: readonly LintDocument[]): Promise<readonly string[]> =>
  (await lintDocuments(documents, actions)).map(formatFinding);

const HEAD = ['on: push', 'jobs:', '  job:', '    runs-on: ubuntu-latest', '    steps:'];

// Both linters are large, and loaded by the first test.
const LOADING_MS = 30_000;

describe('lintDocuments', () => {
  it(
    'accepts the documents of the repository',
    async () => {
      const documents = repositoryDocuments(ROOT);

      expect(documents.map(({ path }) => path)).toContain('action.yml');
      expect(await lint(...documents)).toEqual([]);
    },
    LOADING_MS,
  );

  it.each([
    { name: 'an unknown key', lines: [...HEAD, '      - run: "true"', '        withh: {}'], line: 7, says: /withh/ },
    {
      name: 'an input that the setup action does not have',
      lines: [...HEAD, '      - uses: acr-transfer/acr-transfer/setup@v1', '        with:', '          pipelines: a'],
      line: 8,
      says: /pipelines/,
    },
    {
      name: 'an input that the action does not have',
      lines: [...HEAD, '      - uses: ./', '        with:', '          mode: full', '          artefacts: a'],
      line: 9,
      says: /artefacts/,
    },
    {
      name: 'a required input that is missing',
      lines: [...HEAD, '      - uses: ./', '        with:', '          artifacts: a'],
      line: 7,
      says: /required input `mode`/,
    },
    {
      name: 'an action that is not pinned',
      lines: [...HEAD, '      - uses: actions/checkout@v4'],
      line: 6,
      says: /not pinned/,
    },
    {
      name: 'an action of ours that is not pinned to a major version',
      lines: [...HEAD, '      - uses: acr-transfer/acr-transfer/setup@main', '        with: { pipeline: a }'],
      line: 6,
      says: /not pinned/,
    },
    {
      name: 'a reusable workflow that we do not have',
      lines: ['on: push', 'jobs:', '  job:', '    uses: acr-transfer/acr-transfer/.github/workflows/none.yml@v1'],
      line: 4,
      says: /Unable to find/,
    },
    {
      name: 'an expression of something that is not there',
      lines: [...HEAD, '      - run: echo ${{ github.nothing }}'],
      line: 6,
      says: /nothing/,
    },
    {
      name: 'an expression in a script of one line',
      lines: [...HEAD, '      - run: echo ${{ github.ref }}'],
      line: 6,
      says: /through env/,
    },
    {
      name: 'an expression in a script of several lines',
      lines: [
        ...HEAD,
        '      - name: Say it',
        '        run: |',
        '          true',
        '',
        '          echo ${{ github.ref }}',
      ],
      line: 10,
      says: /through env/,
    },
  ])('finds $name', async ({ lines, line, says }) => {
    const findings = await lint(workflow(lines));

    expect(findings).toContainEqual(expect.stringMatching(new RegExp(`^\\.github/workflows/ci\\.yml:${line}: `)));
    expect(findings).toContainEqual(expect.stringMatching(says));
  });

  const OWN = ['on: push', 'permissions: {}', 'jobs:', '  job:', '    runs-on: ubuntu-latest'];
  const CHECKOUT = '      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2';
  const STEPS = ['    timeout-minutes: 5', '    permissions: {}', '    steps:'];

  it.each([
    {
      name: 'a workflow that takes the permissions it is given',
      lines: [...HEAD, '      - run: "true"'],
      finding: '1: the workflow says nothing of `permissions`',
    },
    {
      name: 'a job that takes the permissions of the workflow',
      lines: [...OWN, '    timeout-minutes: 5', '    steps:', '      - run: "true"'],
      finding: '4: job `job` says nothing of its `permissions`',
    },
    {
      name: 'a job that may write everything',
      lines: [...OWN, '    timeout-minutes: 5', '    permissions: write-all', '    steps:', '      - run: "true"'],
      finding: '4: job `job` has the permissions `write-all`',
    },
    {
      name: 'a job that may hang',
      lines: [...OWN, '    permissions: {}', '    steps:', '      - run: "true"'],
      finding: '4: job `job` has no `timeout-minutes`',
    },
    {
      name: 'a checkout that leaves the token behind',
      lines: [...OWN, ...STEPS, '      - run: "true"', CHECKOUT],
      finding: '10: a checkout leaves the token in .git: `persist-credentials: false`',
    },
    {
      name: 'a checkout that is told to leave the token behind',
      lines: [...OWN, ...STEPS, CHECKOUT, '        with:', '          persist-credentials: true'],
      finding: '9: a checkout leaves the token in .git: `persist-credentials: false`',
    },
  ])('finds $name', async ({ lines, finding }) => {
    expect(await lint(workflow(lines))).toContain(`.github/workflows/ci.yml:${finding}`);
  });

  it('is as strict for examples', async () => {
    const sample = [...HEAD, '      - uses: actions/checkout@v4'];

    expect(await lint(workflow(sample, 'examples/sample.yml'))).toEqual(
      expect.arrayContaining([
        'examples/sample.yml:1: the workflow says nothing of `permissions`',
        'examples/sample.yml:3: job `job` has no `timeout-minutes`',
        'examples/sample.yml:6: actions/checkout@v4 is not pinned to a full commit SHA',
      ]),
    );
  });

  it('accepts a workflow with only the permissions that it needs', async () => {
    const checkout = [CHECKOUT, '        with:', '          persist-credentials: false'];

    expect(await lint(workflow([...OWN, ...STEPS, ...checkout, '      - run: "true"']))).toEqual([]);
  });

  it.each([
    { name: 'a queue of all who wait', lines: ['  queue: max'], says: [] },
    { name: 'a queue of another kind', lines: ['  queue: most'], says: [/^ci\.yml:5: Unexpected value 'most'$/] },
    {
      name: 'a queue of all beside a cancellation',
      lines: ['  queue: max', '  cancel-in-progress: true'],
      says: [/^ci\.yml:5: 'queue: max' cannot be combined/],
    },
    {
      name: 'another key beside it',
      lines: ['  queue: max', '  quue: max'],
      says: [/^ci\.yml:6: .*quue/, /^ci\.yml:6: .*quue.*\(actionlint\)$/],
    },
  ])('accepts $name', async ({ lines, says }) => {
    const [on = '', ...jobs] = HEAD;
    const top = [on, 'permissions: {}', 'concurrency:', '  group: one', ...lines];
    const findings = await lint(workflow([...top, ...jobs, '      - run: "true"'], 'ci.yml'));

    expect(findings).toEqual(says.map((pattern) => expect.stringMatching(pattern)));
  });

  it('reports the line of a syntax error', async () => {
    expect(await lint(workflow(['on: push', 'jobs: [']))).toContainEqual(expect.stringMatching(/ci\.yml:[123]: /));
  });

  it('accepts expressions outside of scripts', async () => {
    const step = ['      - run: |', '          echo "$REF"', '        env:', '          REF: ${{ github.ref }}'];

    expect(await lint(workflow([...OWN, ...STEPS, ...step]))).toEqual([]);
  });

  it('finds a broken action', async () => {
    const text = "name: a\ndescription: a\nruns:\n  using: node24\n  mian: 'dist/index.js'\n";

    expect(await lint({ path: 'action.yml', kind: 'action', text, lineOffset: 0 })).not.toEqual([]);
  });
});

describe('fencedWorkflows', () => {
  it('reports the line of the page for every fragment of a workflow', async () => {
    const page = [
      '# Page',
      '```yaml',
      '- uses: acr-transfer/acr-transfer@v0',
      '  with: { mode: full, typo: 1 }',
      '```',
      'and in a list:',
      '  ```yaml',
      '  jobs:',
      '    job:',
      '      runs-on: ubuntu-latest',
      '      stepz: []',
      '  ```',
    ].join('\n');

    const findings = await lint(...fencedWorkflows('docs/page.md', page));

    expect(findings).toContainEqual(expect.stringMatching(/^docs\/page\.md:4: .*typo/));
    expect(findings).toContainEqual(expect.stringMatching(/^docs\/page\.md:11: .*stepz/));
  });

  const lintPiece = (lines: readonly string[]): Promise<readonly string[]> =>
    lint(...fencedWorkflows('docs/page.md', ['# Page', '```yaml', ...lines, '```'].join('\n')));

  it.each([
    { name: 'permissions', lines: ['permissions:', '  id-token: write'] },
    { name: 'variables', lines: ['env:', '  NODE_EXTRA_CA_CERTS: /path/to/ca.pem'] },
    { name: 'inputs', lines: ['mode: export', 'max-parallel-runs: 3'] },
    { name: 'inputs of either side', lines: ['<side>-tenant-id: ID', '<side>-cloud: azurecloud | azurechinacloud'] },
  ])('accepts $name only as what they are', async ({ lines }) => {
    expect(await lintPiece(lines)).toEqual([]);
  });

  it.each([
    { name: 'a permission that does not exist', lines: ['permissions:', '  id-tokn: write'], line: 4, says: 'id-tokn' },
    { name: 'an input that does not exist', lines: ['max-parallel-run: 3'], line: 3, says: 'max-parallel-run' },
    { name: 'an input that no side has', lines: ['mode: full', '<side>-clod: a'], line: 4, says: 'source-clod' },
    { name: 'what it does not know the place of', lines: ['schedule:', '  - cron: "1 2 * * *"'], line: 3, says: '' },
    { name: 'a list of something else', lines: ['- one', '- two'], line: 3, says: '' },
    { name: 'an action that is not pinned', lines: ['- uses: actions/cache@v4'], line: 3, says: 'not pinned' },
    {
      name: 'a checkout that leaves the token behind',
      lines: ['- uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2'],
      line: 3,
      says: 'persist-credentials',
    },
  ])('finds $name', async ({ lines, line, says }) => {
    expect(await lintPiece(lines)).toContainEqual(expect.stringMatching(`^docs/page\\.md:${line}: .*${says}`));
  });
});
