import { describe, expect, it } from '@jest/globals';
import { EXPORT_PIPELINE, IMPORT_PIPELINE, LEAST, problemsOf, requestOf, type Inputs } from './request.fixture.ts';

describe('the selection', () => {
  const files = { 'list.txt': 'team/web:v1\nteam/api:v1\n' };

  it('comes from input and file together, every line with its place', () => {
    const request = requestOf({ ...LEAST.export, 'artifacts-file': 'list.txt' }, files);

    expect('order' in request && request.order.kind === 'make' && request.order.selection).toMatchObject([
      { where: 'line 1', repositories: { name: 'team/api' } },
      { where: 'list.txt line 1', repositories: { name: 'team/web' } },
      { where: 'list.txt line 2', repositories: { name: 'team/api' } },
    ]);
  });

  it('comes from a file alone', () => {
    expect(problemsOf({ ...LEAST.export, artifacts: '', 'artifacts-file': 'list.txt' }, files)).toEqual([]);
  });

  it.each([
    {
      name: 'a file that is missing',
      given: { 'artifacts-file': 'none.txt' },
      problems: ['artifacts-file: "none.txt": there is no such file in the workspace'],
    },
    {
      name: 'a file of comments',
      given: { artifacts: '', 'artifacts-file': 'empty.txt' },
      problems: ['artifacts: select at least one artifact, here or in artifacts-file, or give a plan'],
    },
    {
      name: 'every line that is wrong, by its place',
      given: { artifacts: 'Team/API\n\nteam/api:', 'artifacts-file': 'bad.txt' },
      problems: [
        'artifacts, line 1, column 1: "Team/API": repositories are lower case: team/api',
        'artifacts, line 3, column 10: "team/api:": "" is not a tag (letters, digits, _ . -, at most 128)',
        'artifacts-file, bad.txt line 1, column 3: "a b": write one artifact per line: "b" needs its own line',
      ],
    },
  ] as readonly { name: string; given: Inputs; problems: string[] }[])('tells of $name', ({ given, problems }) => {
    const all = { 'empty.txt': '# nothing', 'bad.txt': 'a b' };

    expect(problemsOf({ ...LEAST.export, ...given }, all)).toEqual(problems);
  });
});

describe('what leaves', () => {
  const plan = { ...LEAST.full, artifacts: '', plan: 'plan.json' };

  it.each([
    {
      name: 'everything, when nothing else is said',
      given: LEAST.full,
      expected: {
        dryRun: false,
        maxBlobBytes: null,
        order: { kind: 'make', incremental: { kind: 'off' }, includeReferrers: true },
      },
    },
    {
      name: 'nothing yet',
      given: { ...LEAST.export, 'dry-run': 'TRUE' },
      expected: { dryRun: true },
    },
    {
      name: 'what the target does not have',
      given: { ...LEAST.full, incremental: 'target', 'include-referrers': 'false' },
      expected: { order: { kind: 'make', incremental: { kind: 'target' }, includeReferrers: false } },
    },
    {
      name: 'what no receipt in the container has seen arrive',
      given: { ...LEAST.export, incremental: 'Receipt' },
      expected: { order: { kind: 'make', incremental: { kind: 'receipt', places: [] } } },
    },
    {
      name: 'what certain receipts have not seen arrive',
      given: { ...LEAST.export, incremental: 'receipt', receipts: 'receipts/*.json\r\n\n  last.receipt.json \n' },
      expected: {
        order: { kind: 'make', incremental: { kind: 'receipt', places: ['receipts/*.json', 'last.receipt.json'] } },
      },
    },
    {
      name: 'what was not handed over before',
      given: { ...LEAST.export, incremental: 'history' },
      expected: { order: { kind: 'make', incremental: { kind: 'history' } } },
    },
    {
      name: 'blobs for a medium',
      given: { ...LEAST.export, 'max-blob-size': '4.7 GB' },
      expected: { maxBlobBytes: 4_700_000_000 },
    },
    {
      name: 'a plan',
      given: plan,
      expected: { order: { kind: 'given', place: 'plan.json', onDrift: 'stop', shard: null } },
    },
    {
      name: 'a share of a plan, whatever has moved',
      given: { ...plan, shard: '2/5', 'on-drift': 'continue' },
      expected: { order: { kind: 'given', onDrift: 'continue', shard: { number: 2, of: 5 } } },
    },
    {
      name: 'for a target that the export pipeline cannot see',
      given: { ...LEAST.export, 'import-pipeline': IMPORT_PIPELINE },
      expected: { destination: IMPORT_PIPELINE.replace(/\/importPipelines.*/, '') },
    },
    { name: 'for a target that nobody knows', given: LEAST.export, expected: { destination: null } },
    {
      name: 'for the target of the import pipeline',
      given: LEAST.full,
      expected: { destination: IMPORT_PIPELINE.replace(/\/importPipelines.*/, '') },
    },
  ] as readonly { name: string; given: Inputs; expected: object }[])('$name', ({ given, expected }) => {
    expect(requestOf(given)).toMatchObject(expected);
  });

  const PLANNED = 'belongs to planning: a plan that is given is carried out as it is';
  const EITHER = 'give either this or a plan, which says what travels';

  it.each([
    {
      name: 'a plan and a selection',
      given: { ...plan, artifacts: 'team/api:v1', 'artifacts-file': 'list.txt' },
      problems: [`artifacts: "team/api:v1": ${EITHER}`, `artifacts-file: "list.txt": ${EITHER}`],
    },
    {
      name: 'a plan under another name',
      given: { ...plan, 'transfer-name': 'nightly' },
      problems: [`transfer-name: "nightly": ${EITHER}`],
    },
    {
      name: 'a plan and how to plan',
      given: { ...plan, incremental: 'receipt', receipts: 'a.json', 'include-referrers': 'false' },
      problems: [
        `receipts: "a.json": ${EITHER}`,
        `incremental: "receipt": ${PLANNED}`,
        `include-referrers: "false": ${PLANNED}`,
      ],
    },
    {
      name: 'a share of no plan',
      given: { ...LEAST.full, shard: '1/2', 'on-drift': 'continue' },
      problems: [
        'shard: "1/2": needs plan: it is a share of a plan that was made before',
        'on-drift: "continue": needs plan',
      ],
    },
    {
      name: 'a share that is none',
      given: { ...plan, shard: '3/2' },
      problems: ['shard: "3/2": use k/n, such as 2/5, with n at most 256'],
    },
    {
      name: 'a target that is not in sight',
      given: { ...LEAST.export, incremental: 'target' },
      problems: [
        'incremental: "target": target needs mode full: export does not see the target; use receipt or history',
      ],
    },
    {
      name: 'receipts that nobody compares with',
      given: { ...LEAST.full, receipts: 'a.json' },
      problems: ['receipts: "a.json": needs incremental: receipt'],
    },
    {
      name: 'words that are not among the choices',
      given: {
        ...LEAST.full,
        incremental: 'yes',
        'dry-run': 'yes',
        'include-referrers': 'yes',
        'max-blob-size': 'huge',
      },
      problems: [
        'incremental: "yes": use one of off, target, receipt, history',
        'include-referrers: "yes": use true or false',
        'dry-run: "yes": use true or false',
        'max-blob-size: "huge": use a size such as 4GiB, 4.7GB or 650MB',
      ],
    },
    {
      name: 'a pipeline that both sides speak of, once',
      given: { ...LEAST.full, 'import-pipeline': EXPORT_PIPELINE },
      problems: [expect.stringMatching(/^import-pipeline: /)],
    },
  ] as readonly { name: string; given: Inputs; problems: string[] }[])('is not $name', ({ given, problems }) => {
    const told = problemsOf(given, { 'list.txt': 'team/web:v1' });

    expect(told).toHaveLength(problems.length);
    expect(told).toEqual(expect.arrayContaining(problems));
  });

  it.each(['handoff', 'import'] as const)('is no business of mode %s', (mode) => {
    const planning = {
      plan: 'plan.json',
      shard: '1/2',
      receipts: 'a.json',
      'dry-run': 'true',
      incremental: 'history',
      'include-referrers': 'false',
      'on-drift': 'continue',
    };
    const told = problemsOf({ ...LEAST[mode], ...planning });

    expect(told.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(planning).sort());
    expect(told[0]).toMatch(new RegExp(`belongs to export and full, not to ${mode}$`));
  });
});
