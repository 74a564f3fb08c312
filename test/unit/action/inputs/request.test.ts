import { describe, expect, it } from '@jest/globals';
import type { TransferRequest } from '../../../../src/transfer/model/request.ts';
import {
  EXPORT_PIPELINE,
  IMPORT_PIPELINE,
  MINIMAL,
  problemsOf,
  requestOf,
  sourcesOf,
  type Inputs,
} from './request.fixture.ts';

const MODES = ['export', 'handoff', 'import', 'full'] as const;

describe.each(MODES)('the minimal inputs of mode %s', (mode) => {
  it('are sufficient', () => {
    expect(requestOf(MINIMAL[mode])).toMatchObject({
      mode,
      transferName: 'octo-app-77',
      artifactsPerRun: 50,
      parallelRuns: 10,
      failFast: false,
      cleanupDays: null,
      timeoutMinutes: 350,
    });
  });

  it.each(Object.keys(MINIMAL[mode]).filter((input) => input !== 'mode'))('are insufficient without %s', (input) => {
    const problems = problemsOf({ ...MINIMAL[mode], [input]: '' });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${input}: (is required|select at least one artifact)`));
  });
});

describe('a request', () => {
  it.each([
    {
      name: 'containers from the pipelines',
      given: MINIMAL.full,
      expected: {
        sourceContainer: { kind: 'pipeline', pipeline: { resourceId: EXPORT_PIPELINE } },
        targetContainer: { kind: 'pipeline', pipeline: { resourceId: IMPORT_PIPELINE } },
      },
    },
    {
      name: 'a container by its URI',
      given: { ...MINIMAL.export, 'source-container': 'https://a.blob.x/c/' },
      expected: { sourceContainer: { kind: 'uri', uri: 'https://a.blob.x/c' } },
    },
    {
      name: 'containers of a handoff from pipelines',
      given: { mode: 'handoff', 'export-pipeline': EXPORT_PIPELINE, 'import-pipeline': IMPORT_PIPELINE },
      expected: { sourceContainer: { kind: 'pipeline' }, targetContainer: { kind: 'pipeline' } },
    },
    {
      name: 'the manifest of this transfer',
      given: MINIMAL.import,
      expected: {
        intake: { kind: 'manifest', place: 'octo-app-77.transfer.json', named: false, transferName: 'octo-app-77' },
      },
    },
    {
      name: 'the manifest of another name',
      given: { ...MINIMAL.import, 'transfer-name': 'team/x' },
      expected: { intake: { kind: 'manifest', place: 'team/x.transfer.json', named: false, transferName: 'team/x' } },
    },
    {
      name: 'a manifest by its name',
      given: { ...MINIMAL.handoff, manifest: 'a.json' },
      expected: { intake: { kind: 'manifest', place: 'a.json', named: true, transferName: null } },
    },
    {
      name: 'names of blobs, one per line',
      given: { ...MINIMAL.import, blobs: 'a.tar\r\n\r\n  b.tar\n' },
      expected: { intake: { kind: 'blobs', names: ['a.tar', 'b.tar'] } },
    },
    {
      name: 'names of blobs as a JSON list',
      given: { ...MINIMAL.import, blobs: '["a.tar", "b c.tar"]' },
      expected: { intake: { kind: 'blobs', names: ['a.tar', 'b c.tar'] } },
    },
    {
      name: 'values in any case',
      given: { ...MINIMAL.full, mode: 'FULL', 'import-by': 'Trigger', verify: 'FALSE' },
      expected: { mode: 'full', importBy: 'trigger', verify: false },
    },
    {
      name: 'limits',
      given: { ...MINIMAL.full, 'max-artifacts-per-run': '1', 'max-parallel-runs': '50', 'timeout-minutes': '7200' },
      expected: { artifactsPerRun: 1, parallelRuns: 50, timeoutMinutes: 7200 },
    },
  ] as readonly { name: string; given: Inputs; expected: Partial<TransferRequest> }[])(
    'contains $name',
    ({ given, expected }) => {
      expect(requestOf(given)).toMatchObject(expected);
    },
  );

  it('contains a blob once that is listed twice', () => {
    expect(requestOf({ ...MINIMAL.import, blobs: 'a.tar\nb.tar\na.tar' })).toMatchObject({
      intake: { names: ['a.tar', 'b.tar'] },
    });
  });
});

describe('mode doctor', () => {
  it.each([
    { name: 'two pipelines', given: MINIMAL.doctor, examined: 'full' },
    { name: 'an export', given: { 'export-pipeline': EXPORT_PIPELINE }, examined: 'export' },
    { name: 'an import', given: { 'import-pipeline': IMPORT_PIPELINE }, examined: 'import' },
    { name: 'two containers', given: MINIMAL.handoff, examined: 'handoff' },
  ])('checks $name without selected artifacts', ({ given, examined }) => {
    const request = requestOf({ ...given, mode: 'doctor' });

    expect(request).toMatchObject({ mode: 'doctor', examined: { mode: examined, transferName: 'octo-app-77' } });
  });

  it.each(['artifacts', 'plan'])('checks an export if only %s is set', (input) => {
    expect(problemsOf({ mode: 'doctor', [input]: 'team/api:v1' })).toContainEqual(
      expect.stringMatching(/^export-pipeline: /),
    );
  });

  it('checks the selection', () => {
    const request = requestOf({ ...MINIMAL.full, mode: 'doctor' });

    expect(request).toMatchObject({ examined: { order: { selection: [{ text: 'team/api:v1' }] } } });
  });

  it('accepts only the inputs of the mode that it checks', () => {
    const problems = problemsOf({ ...MINIMAL.doctor, manifest: 'm.json' });

    expect(problems).toEqual(['manifest: "m.json": has no effect in mode full; it is for handoff and import']);
  });
});

describe('problems', () => {
  it('of all inputs are reported at once, each with its input, its value and the allowed values', () => {
    const problems = problemsOf({
      mode: 'full',
      artifacts: 'team/*',
      'export-pipeline': IMPORT_PIPELINE,
      'import-pipeline': 'importer',
      'source-cloud': 'moon',
      'target-tenant-id': 'contoso',
      'max-artifacts-per-run': '51',
      'import-by': 'magic',
      verify: 'maybe',
      'transfer-name': '../up',
    });

    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'artifacts, line 1, column 1',
      'export-pipeline',
      'import-by',
      'import-pipeline',
      'max-artifacts-per-run',
      'source-cloud',
      'target-client-id',
      'target-tenant-id',
      'transfer-name',
      'verify',
    ]);
    expect(problems).toContain('max-artifacts-per-run: "51": use a whole number from 1 to 50');
    expect(problems).toContain('import-by: "magic": use one of run, trigger');
  });

  it.each(MODES)('of inputs without an effect in mode %s are reported', (mode) => {
    const others = {
      artifacts: 'a:1',
      manifest: 'm.json',
      'export-pipeline': EXPORT_PIPELINE,
      'import-pipeline': IMPORT_PIPELINE,
    };
    const effective: Record<typeof mode, readonly string[]> = {
      export: ['artifacts', 'export-pipeline', 'import-pipeline'],
      handoff: ['manifest', 'export-pipeline', 'import-pipeline'],
      import: ['manifest', 'import-pipeline'],
      full: ['artifacts', 'export-pipeline', 'import-pipeline'],
    };
    const reported = problemsOf({ ...others, ...MINIMAL[mode] }).map((line) => line.split(':')[0]);

    expect(reported).toEqual(Object.keys(others).filter((input) => !effective[mode].includes(input)));
  });

  it.each([
    {
      name: 'no mode',
      given: { artifacts: 'a:1' },
      problems: ['mode: is required; use one of export, handoff, import, full, doctor'],
    },
    {
      name: 'another mode',
      given: { mode: 'copy' },
      problems: ['mode: "copy": use one of export, handoff, import, full, doctor'],
    },
    {
      name: 'no mode, and a value that is invalid in every mode',
      given: { 'max-parallel-runs': '0' },
      problems: [
        'mode: is required; use one of export, handoff, import, full, doctor',
        'max-parallel-runs: "0": use a whole number from 1 to 50',
      ],
    },
    {
      name: 'blobs and a manifest',
      given: { ...MINIMAL.import, blobs: 'a.tar', manifest: 'm.json' },
      problems: ['blobs: "a.tar": set either blobs or manifest'],
    },
  ] as readonly { name: string; given: Inputs; problems: string[] }[])(
    'of $name are reported',
    ({ given, problems }) => {
      expect(problemsOf(given)).toEqual(problems);
    },
  );

  it('include a missing transfer name outside of a workflow run', () => {
    expect(problemsOf(MINIMAL.export, {}, { repository: '', runId: '' })).toEqual([
      'transfer-name: is required outside of a workflow run',
    ]);
  });
});

describe.each([
  { input: 'max-artifacts-per-run', wrong: ['0', '51', '-1', '1.5', 'ten', '1e1'] },
  { input: 'max-parallel-runs', wrong: ['0', '51'] },
  { input: 'timeout-minutes', wrong: ['0', '7201', '350m'] },
  { input: 'fail-fast', wrong: ['yes', '1'] },
  { input: 'cleanup', wrong: ['0', '30d', '-1', '99999', 'true'] },
  {
    input: 'transfer-name',
    wrong: ['../up', '/top', 'a//b', 'a/', 'a b', '.hidden', 'a/../b', 'a\\b', 'a/./b', 'ä', 'x'.repeat(201)],
  },
  {
    input: 'source-container',
    wrong: ['transfer', 'http://a.blob.x/c', 'https://a.blob.x', 'https://a.blob.x/c?sv=1&sig=secret'],
  },
])('$input', ({ input, wrong }) => {
  it.each(wrong)('rejects %j', (value) => {
    const problems = problemsOf({ ...MINIMAL.export, [input]: value });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${input}: `));
    expect(problems[0]).not.toContain('secret');
  });
});

describe('blobs', () => {
  it.each(['["a.tar", 7]', '[""]', '["a.tar"', '["../other/a.tar"]', 'a/../../b.tar', 'a\\b.tar', '["a\\nb"]'])(
    'rejects %j',
    (blobs) => {
      expect(problemsOf({ ...MINIMAL.import, blobs })).toEqual([expect.stringMatching(/^blobs: /)]);
    },
  );
});

it('reads only inputs of action.yml', () => {
  for (const mode of MODES) expect(() => requestOf(MINIMAL[mode])).not.toThrow();
  expect(() => sourcesOf({}).get('no-such-input')).toThrow();
});
