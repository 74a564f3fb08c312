import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reportCleanup, reportError, reportResult } from '../../../../src/action/report/transfer-report.ts';
import { workflowProvenance } from '../../../../src/action/runner/environment.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { TransferResult } from '../../../../src/transfer/model/result.ts';
import { checkResultsOf } from '../../../../src/transfer/preflight/check-results.ts';
import { batch as batchResult } from '../../transfer/documents/build-report.fixture.ts';

const VARIABLES = ['OUTPUT', 'STEP_SUMMARY', 'REPOSITORY', 'SHA', 'WORKFLOW', 'SERVER_URL', 'RUN_ID', 'ACTOR'];

let folder: string;
let printed: string;
let before: NodeJS.ProcessEnv;
let exitCode: typeof process.exitCode;
let written: Map<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-report-'));
  before = { ...process.env };
  exitCode = process.exitCode;
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, `GITHUB_${name}`);
  process.env['GITHUB_OUTPUT'] = join(folder, 'outputs');
  process.env['GITHUB_STEP_SUMMARY'] = join(folder, 'summary.md');
  for (const name of ['outputs', 'summary.md']) writeFileSync(join(folder, name), '');
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  written = new Map();
});

afterEach(() => {
  jest.restoreAllMocks();
  process.env = before;
  process.exitCode = exitCode;
  rmSync(folder, { recursive: true });
});

const files = {
  read: () => Promise.resolve(null),
  list: () => Promise.resolve([]),
  write: (name: string, text: string) => {
    written.set(name, text);
    return Promise.resolve(`/tmp/${name}`);
  },
};

const result = (changes: Partial<TransferResult> = {}): TransferResult => ({
  mode: 'full',
  transferName: 'nightly',
  from: null,
  to: null,
  startedAt: 0,
  endedAt: 1000,
  selected: 0,
  batches: [],
  failures: [],
  warnings: [],
  checks: [],
  planned: null,
  dryRun: false,
  paths: {},
  ...changes,
});

const outputs = (): string => readFileSync(join(folder, 'outputs'), 'utf8');
const summary = (): string => readFileSync(join(folder, 'summary.md'), 'utf8');

describe('reportResult', () => {
  it('leaves the report as JSON and as a page, and the summary', async () => {
    await reportResult(result(), null, files);

    expect([...written.keys()]).toEqual(['report.json', 'report.html']);
    expect(written.get('report.html')).toContain('Nothing to do');
    expect(summary()).toContain('Nothing to do');
  });

  it('sets the outputs though nothing can be written', async () => {
    process.env['GITHUB_STEP_SUMMARY'] = folder;
    const write = () => Promise.reject(new Error('the disk is full'));
    await reportResult(result(), null, { ...files, write });

    expect(outputs()).toMatch(/status<<\S+\nnothing-to-do/);
    expect(printed).toContain('The job summary could not be written');
    expect(process.exitCode).toBe(exitCode);
  });

  it('describes the workflow with the variables that the runner sets', async () => {
    process.env['GITHUB_REPOSITORY'] = 'contoso/shop';
    await reportResult(result(), workflowProvenance(), files);

    expect(summary()).toContain('workflow run');
    expect(printed + summary()).not.toMatch(/could not be written|undefined/);
    expect(JSON.parse(written.get('report.json') ?? '')).toMatchObject({
      provenance: { repository: 'contoso/shop', commit: '', workflow: '', actor: '' },
    });
  });

  it.each([
    { dryRun: true, shards: 1, done: 'full, dry run: nothing-to-do; 0 planned, 0 up to date, 0 failed' },
    { dryRun: false, shards: 0, done: 'full: failed; 0 transferred, 0 up to date, 0 failed' },
  ])('has $shards shards for a matrix, with dry-run: $dryRun', async ({ dryRun, shards, done }) => {
    const { batch } = batchResult([]);
    const plan = { batches: [{ ...batch, artifacts: [] }], skipped: [], bytes: { planned: 0, naive: 0, least: 0 } };
    const changes = dryRun ? {} : { failures: [transferError('ACRT4001', { run: 'export1', reason: 'broken' })] };
    await reportResult(result({ dryRun, planned: { plan, incremental: 'off' }, ...changes }), null, files);

    const matrix = /^matrix<<(\S+)\n(.*)\n\1$/m.exec(outputs())?.[2] ?? '';
    expect(JSON.parse(matrix)).toHaveLength(shards);
    expect(printed).toContain(done);
  });

  it('annotates warnings of checks, and succeeds', async () => {
    const doubt = checkResultsOf('target', 'pipeline-options').warning(
      transferError('ACRT3020', { pipeline: 'importer', id: '/importer' }),
    );
    await reportResult(result({ checks: [doubt] }), null, files);

    expect(printed).toMatch(/^::warning title=ACRT3020 /m);
    expect(process.exitCode).toBe(exitCode);
  });

  it.each([
    { name: 'ready', failures: [], text: 'doctor: Ready: 0 checks', red: false },
    {
      name: 'not ready',
      failures: [transferError('ACRT3008', { registry: 'contoso' })],
      text: 'doctor: Not ready: 1 problem',
      red: true,
    },
  ])('reports that a doctor is $name', async ({ failures, text, red }) => {
    await reportResult(result({ mode: 'doctor', failures }), null, files);

    expect(printed).toContain(text);
    expect(process.exitCode).toBe(red ? 1 : exitCode);
  });
});

describe('reportError', () => {
  it('sets the outputs, writes summary and log, and fails the step', async () => {
    await reportError(transferError('ACRT1001', { count: 'One problem', problems: '  mode: is required' }));

    expect(outputs()).toMatch(/status<<\S+\nfailed/);
    expect(summary()).toContain('## ❌ Not started: 1 problem');
    expect(printed).toMatch(/^::error title=ACRT1001 /m);
    expect(process.exitCode).toBe(1);
  });
});

describe('reportCleanup', () => {
  it('B9: replaces report and summary, and leaves outputs and exit status as they are', async () => {
    await reportResult(result(), null, files);
    const [outputs, before] = [readFileSync(join(folder, 'outputs'), 'utf8'), printed];
    const cleanup = [{ side: 'source' as const, runs: 2, blobs: 1, bytes: 10, warnings: ['It was canceled.'] }];
    await reportCleanup(result({ cleanup, warnings: ['It was canceled.'] }), null, files);
    const summary = readFileSync(join(folder, 'summary.md'), 'utf8');

    expect(JSON.parse(written.get('report.json') ?? '')).toMatchObject({
      cleanup: [{ side: 'source', runs: 2, blobs: 1 }],
    });
    expect(summary.match(/Cleaned up at the source/g)).toHaveLength(1);
    expect(summary.match(/^# |^## /gm)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(readFileSync(join(folder, 'outputs'), 'utf8')).toBe(outputs);
    expect(printed.slice(before.length)).toContain('::warning');
    expect(process.exitCode).toBe(exitCode);
  });
});
