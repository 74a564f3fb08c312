import { describe, expect, it } from '@jest/globals';
import { EXPORT_PIPELINE, IMPORT_PIPELINE, MINIMAL, problemsOf, requestOf, type Inputs } from './request.fixture.ts';

describe('the selection', () => {
  const files = { 'list.txt': 'team/web:v1\nteam/api:v1\n' };

  it('comes from input and file together, every line with its location', () => {
    const request = requestOf({ ...MINIMAL.export, 'artifacts-file': 'list.txt' }, files);

    expect('order' in request && request.order.kind === 'new' && request.order.selection).toMatchObject([
      { where: 'line 1', repositories: { name: 'team/api' } },
      { where: 'list.txt line 1', repositories: { name: 'team/web' } },
      { where: 'list.txt line 2', repositories: { name: 'team/api' } },
    ]);
  });

  it('is read only from a file', () => {
    expect(problemsOf({ ...MINIMAL.export, artifacts: '', 'artifacts-file': 'list.txt' }, files)).toEqual([]);
  });

  it.each([
    {
      name: 'a file that is missing',
      given: { 'artifacts-file': 'none.txt' },
      problems: ['artifacts-file: "none.txt": the workspace has no such file'],
    },
    {
      name: 'a file of comments',
      given: { artifacts: '', 'artifacts-file': 'empty.txt' },
      problems: ['artifacts: select at least one artifact, here or in artifacts-file, or set plan'],
    },
    {
      name: 'every invalid line with its location',
      given: { artifacts: 'Team/API\n\nteam/api:', 'artifacts-file': 'bad.txt' },
      problems: [
        'artifacts, line 1, column 1: "Team/API": repositories are lower case: team/api',
        'artifacts, line 3, column 10: "team/api:": "" is not a tag (letters, digits, _ . -, at most 128)',
        'artifacts-file, bad.txt line 1, column 3: "a b": write one artifact per line: "b" needs its own line',
      ],
    },
  ] as readonly { name: string; given: Inputs; problems: string[] }[])('reports $name', ({ given, problems }) => {
    const all = { 'empty.txt': '# nothing', 'bad.txt': 'a b' };

    expect(problemsOf({ ...MINIMAL.export, ...given }, all)).toEqual(problems);
  });
});

describe('the content of a transfer', () => {
  const plan = { ...MINIMAL.full, artifacts: '', plan: 'plan.json' };

  it.each([
    {
      name: 'everything by default',
      given: MINIMAL.full,
      expected: {
        dryRun: false,
        maxBlobBytes: null,
        order: { kind: 'new', incremental: { kind: 'off' }, includeReferrers: true },
      },
    },
    {
      name: 'nothing in a dry run',
      given: { ...MINIMAL.export, 'dry-run': 'TRUE' },
      expected: { dryRun: true },
    },
    {
      name: 'what is missing at the target',
      given: { ...MINIMAL.full, incremental: 'target', 'include-referrers': 'false' },
      expected: { order: { kind: 'new', incremental: { kind: 'target' }, includeReferrers: false } },
    },
    {
      name: 'what no receipt in the container contains',
      given: { ...MINIMAL.export, incremental: 'Receipt' },
      expected: { order: { kind: 'new', incremental: { kind: 'receipt', places: [] } } },
    },
    {
      name: 'what the given receipts do not contain',
      given: { ...MINIMAL.export, incremental: 'receipt', receipts: 'receipts/*.json\r\n\n  last.receipt.json \n' },
      expected: {
        order: { kind: 'new', incremental: { kind: 'receipt', places: ['receipts/*.json', 'last.receipt.json'] } },
      },
    },
    {
      name: 'what the history does not contain',
      given: { ...MINIMAL.export, incremental: 'history' },
      expected: { order: { kind: 'new', incremental: { kind: 'history' } } },
    },
    {
      name: 'blobs of a limited size',
      given: { ...MINIMAL.export, 'max-blob-size': '4.7 GB' },
      expected: { maxBlobBytes: 4_700_000_000 },
    },
    {
      name: 'a plan',
      given: plan,
      expected: { order: { kind: 'approved', place: 'plan.json', onDrift: 'stop', shard: null } },
    },
    {
      name: 'a shard of a plan, also after drift',
      given: { ...plan, shard: '2/5', 'on-drift': 'continue' },
      expected: { order: { kind: 'approved', onDrift: 'continue', shard: { number: 2, of: 5 } } },
    },
    {
      name: 'for the registry of an import pipeline that is only named',
      given: { ...MINIMAL.export, 'import-pipeline': IMPORT_PIPELINE },
      expected: { destination: IMPORT_PIPELINE.replace(/\/importPipelines.*/, '') },
    },
    { name: 'for an unknown target', given: MINIMAL.export, expected: { destination: null } },
    {
      name: 'for the target of the import pipeline',
      given: MINIMAL.full,
      expected: { destination: IMPORT_PIPELINE.replace(/\/importPipelines.*/, '') },
    },
  ] as readonly { name: string; given: Inputs; expected: object }[])('is $name', ({ given, expected }) => {
    expect(requestOf(given)).toMatchObject(expected);
  });

  const PLANNED = 'is only used to create a plan: an existing plan is executed unchanged';
  const EITHER = 'set either this or plan, which already contains it';

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
      name: 'a shard without a plan',
      given: { ...MINIMAL.full, shard: '1/2', 'on-drift': 'continue' },
      problems: ['shard: "1/2": needs plan: a shard is a part of an existing plan', 'on-drift: "continue": needs plan'],
    },
    {
      name: 'an invalid shard',
      given: { ...plan, shard: '3/2' },
      problems: ['shard: "3/2": use k/n, such as 2/5, with n at most 256'],
    },
    {
      name: 'a comparison with a target that the mode does not read',
      given: { ...MINIMAL.export, incremental: 'target' },
      problems: [
        'incremental: "target": target needs mode full: export can\'t read the target; use receipt or history',
      ],
    },
    {
      name: 'receipts without incremental: receipt',
      given: { ...MINIMAL.full, receipts: 'a.json' },
      problems: ['receipts: "a.json": needs incremental: receipt'],
    },
    {
      name: 'values that are no choices',
      given: {
        ...MINIMAL.full,
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
      name: 'the export pipeline as import pipeline',
      given: { ...MINIMAL.full, 'import-pipeline': EXPORT_PIPELINE },
      problems: [expect.stringMatching(/^import-pipeline: /)],
    },
  ] as readonly { name: string; given: Inputs; problems: string[] }[])("can't be $name", ({ given, problems }) => {
    const reported = problemsOf(given, { 'list.txt': 'team/web:v1' });

    expect(reported).toHaveLength(problems.length);
    expect(reported).toEqual(expect.arrayContaining(problems));
  });

  it.each(['handoff', 'import'] as const)("can't be set in mode %s", (mode) => {
    const planning = {
      plan: 'plan.json',
      shard: '1/2',
      receipts: 'a.json',
      'dry-run': 'true',
      incremental: 'history',
      'include-referrers': 'false',
      'on-drift': 'continue',
    };
    const reported = problemsOf({ ...MINIMAL[mode], ...planning });

    expect(reported.map((line) => line.split(':')[0]).sort()).toEqual(Object.keys(planning).sort());
    expect(reported[0]).toMatch(new RegExp(`has no effect in mode ${mode}; it is for export and full$`));
  });
});
