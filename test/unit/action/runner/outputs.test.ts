import { summary } from '@actions/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { actionDefinition } from '../../../../scripts/action-definition.ts';
import { documentFiles, readWorkspaceFile, stepFolder } from '../../../../src/action/runner/files.ts';
import { setOutputs, writeSummary } from '../../../../src/action/runner/outputs.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import type { LocalFiles } from '../../../../src/transfer/ports/context.ts';
import { REPORT_DOCUMENT } from '../../transfer/documents/documents.fixture.ts';

const VARIABLES = ['GITHUB_OUTPUT', 'RUNNER_TEMP', 'GITHUB_WORKSPACE', 'GITHUB_STEP_SUMMARY'] as const;

let folder: string;
let before: (string | undefined)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-unit-'));
  before = VARIABLES.map((name) => process.env[name]);
  process.env['GITHUB_OUTPUT'] = join(folder, 'outputs');
  process.env['RUNNER_TEMP'] = folder;
  process.env['GITHUB_WORKSPACE'] = folder;
  writeFileSync(join(folder, 'outputs'), '');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const [index, name] of VARIABLES.entries()) {
    const value = before[index];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

/** Outputs as the runner reads them. */
function outputs(
  report: ReportDocument | null,
  paths: Parameters<typeof setOutputs>[1] = {},
  matrix: Parameters<typeof setOutputs>[2] = [],
): Record<string, string> {
  setOutputs(report, paths, matrix);
  const text = readFileSync(join(folder, 'outputs'), 'utf8');
  const entries = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\r?\n([\s\S]*?)\r?\n\2$/gm);
  return Object.fromEntries([...entries].map(([, name = '', , value = '']) => [name, value]));
}

type Batches = ReportDocument['batches'];

/** Batches with one stage. */
function batchWith(stage: Batches[number]['stages'][number]['stage'], outcome: 'done' | 'failed'): Batches {
  return REPORT_DOCUMENT.batches.map((batch) => ({
    ...batch,
    stages: batch.stages.slice(0, 1).map((first) => ({ ...first, stage, outcome })),
  }));
}

const nothing = { selected: 1, transferred: 0, skipped: 1, failed: 0 };

describe('writeSummary', () => {
  const file = (): string => join(folder, 'summary.md');

  it('appends to the file of the runner', async () => {
    process.env['GITHUB_STEP_SUMMARY'] = file();
    writeFileSync(file(), 'before\n');

    await writeSummary('## Title\n');

    expect(readFileSync(file(), 'utf8')).toBe('before\n## Title\n');
  });

  it.each([undefined, ''])(
    'writes nothing if the runner has no summary (%j), where core.summary fails',
    async (value) => {
      if (value === undefined) Reflect.deleteProperty(process.env, 'GITHUB_STEP_SUMMARY');
      else process.env['GITHUB_STEP_SUMMARY'] = value;

      await writeSummary('## Title\n');

      expect(existsSync(file())).toBe(false);
      await expect(summary.addRaw('').write()).rejects.toThrow('Unable to find environment variable');
    },
  );

  it('creates a missing file, where core.summary fails', async () => {
    process.env['GITHUB_STEP_SUMMARY'] = file();

    await expect(summary.addRaw('').write()).rejects.toThrow('Unable to access summary file');
    await writeSummary('## Title\n');

    expect(readFileSync(file(), 'utf8')).toBe('## Title\n');
  });
});

describe('setOutputs', () => {
  it.each([
    { name: 'a report', report: REPORT_DOCUMENT },
    { name: 'no report', report: null },
  ])('sets every output of action.yml for $name', ({ report }) => {
    expect(Object.keys(outputs(report)).sort()).toEqual(Object.keys(actionDefinition().outputs).sort());
  });

  it('takes the values from the report', () => {
    expect(outputs(REPORT_DOCUMENT, { plan: '/p/plan.json' })).toMatchObject({
      status: 'succeeded',
      selected: '1',
      transferred: '1',
      skipped: '0',
      failed: '0',
      bytes: '1048576',
      plan: '/p/plan.json',
      receipt: '',
      blobs: '["nightly-1.tar"]',
    });
  });

  it('contains the paths of the written documents', () => {
    const paths = { plan: '/p/plan.json', manifest: '/p/m.json', receipt: '/p/r.json', report: '/p/report.json' };
    expect(outputs(REPORT_DOCUMENT, paths)).toMatchObject(paths);
    expect(outputs(REPORT_DOCUMENT)).toMatchObject({ plan: '', manifest: '', receipt: '', report: '' });
  });

  it('contains the shards of a plan as a matrix, and is not changed by a dry run', () => {
    const matrix = [{ shard: '1/1', batches: 2, artifacts: 3, bytes: 4 }];
    const dryRun = { ...REPORT_DOCUMENT, dryRun: true };

    expect(outputs(dryRun, {}, matrix)).toMatchObject({ matrix: JSON.stringify(matrix), changed: 'false' });
  });

  it('has an empty matrix without a plan', () => {
    expect(outputs(REPORT_DOCUMENT)).toMatchObject({ matrix: '[]' });
  });

  it('is failed, and not changed, if the transfer did not start', () => {
    expect(outputs(null)).toMatchObject({ status: 'failed', changed: 'false', blobs: '[]' });
  });

  it.each([
    { name: 'an artifact that arrived', changes: { bytes: 0 }, changed: 'true' },
    {
      name: 'a transferred blob that is known by name',
      changes: { counts: { ...nothing, skipped: 0 } },
      changed: 'true',
    },
    { name: 'nothing new', changes: { bytes: 0, counts: nothing, batches: [] }, changed: 'false' },
    {
      name: 'an import that listed nothing',
      changes: { bytes: 0, counts: nothing, batches: batchWith('import', 'done') },
      changed: 'true',
    },
    {
      name: 'an import that failed',
      changes: { bytes: 0, counts: nothing, batches: batchWith('import', 'failed') },
      changed: 'false',
    },
    {
      name: 'an export alone',
      changes: { bytes: 0, counts: nothing, batches: batchWith('export', 'done') },
      changed: 'false',
    },
  ])('has changed something: $name', ({ changes, changed }) => {
    expect(outputs({ ...REPORT_DOCUMENT, ...changes })).toMatchObject({ changed });
  });
});

const filesOf = (...step: Parameters<typeof stepFolder>): LocalFiles => documentFiles(stepFolder(...step));

describe('documentFiles', () => {
  it('writes documents to the temporary folder, also for names with slashes', async () => {
    const files = filesOf('team/nightly', 'export');
    const path = await files.write('team/nightly.transfer.json', 'text');

    expect(path.startsWith(join(folder, 'acr-transfer'))).toBe(true);
    expect(path.endsWith('nightly.transfer.json')).toBe(true);
    expect(await files.read(path)).toBe('text');
  });

  it('writes the documents of each step to its own folder', async () => {
    const paths = await Promise.all(
      (['export', 'handoff'] as const).map((mode) => filesOf('nightly', mode).write('report.json', mode)),
    );

    expect(new Set(paths).size).toBe(2);
  });

  it('lists the files of the workspace that a pattern matches, in the order of their names', async () => {
    mkdirSync(join(folder, 'receipts', 'old'), { recursive: true });
    for (const name of ['b.json', 'a.json', 'a.txt', 'old/c.json']) writeFileSync(join(folder, 'receipts', name), name);
    const files = filesOf('nightly', 'export');
    const listed = async (pattern: string): Promise<string[]> =>
      (await files.list(pattern)).map((path) => relative(folder, path));

    expect(await listed('receipts/*.json')).toEqual([join('receipts', 'a.json'), join('receipts', 'b.json')]);
    expect(await listed('receipts/**/*.json')).toHaveLength(3);
    expect(await listed('receipts/a.json')).toEqual([join('receipts', 'a.json')]);
    expect(await listed('receipts')).toEqual([]);
    expect(await listed('none/*.json')).toEqual([]);
    expect(await files.read((await files.list('receipts/b.json'))[0] ?? '')).toBe('b.json');
  });

  it('C10: reads no file that is larger than any document', async () => {
    const path = join(folder, 'large.json');
    writeFileSync(path, '');
    truncateSync(path, 64 * 1024 * 1024 + 1);
    const reading = filesOf('nightly', 'import').read('large.json');
    await expect(reading).rejects.toMatchObject({ facts: { id: 'ACRT7001' } });
    truncateSync(path, 64 * 1024 * 1024);
    expect(await filesOf('nightly', 'import').read('large.json')).toHaveLength(64 * 1024 * 1024);
  });

  it.each([
    { name: 'a file that is missing', path: 'none.json' },
    { name: 'a folder', path: '.' },
  ])('finds nothing in $name', async ({ path }) => {
    expect(await filesOf('nightly', 'import').read(path)).toBeNull();
    expect(readWorkspaceFile(path)).toBeNull();
  });

  it('reads files relative to the workspace', async () => {
    writeFileSync(join(folder, 'list.txt'), 'team/api:v1');

    expect(readWorkspaceFile('list.txt')).toBe('team/api:v1');
    expect(await filesOf('nightly', 'import').read('list.txt')).toBe('team/api:v1');
  });
});
