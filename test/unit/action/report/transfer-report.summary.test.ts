import { describe, expect, it } from '@jest/globals';
import { inputError } from '../../../../src/action/inputs/reader.ts';
import { errorSummary, transferSummary } from '../../../../src/action/report/transfer-report.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import { REPORT_DOCUMENT, reportArtifact } from '../../transfer/documents/documents.fixture.ts';
import { handed } from '../inputs/handed.fixture.ts';

const LARGEST = 900 * 1024;
const bytes = (text: string): number => Buffer.byteLength(text);

const report = (changes: Partial<ReportDocument> = {}): ReportDocument => ({ ...REPORT_DOCUMENT, ...changes });
const headline = (changes: Partial<ReportDocument>): string => transferSummary(report(changes)).split('\n')[0] ?? '';

const counts = (selected: number, transferred: number, skipped: number, failed: number): ReportDocument['counts'] => ({
  selected,
  transferred,
  skipped,
  failed,
});

const failed = (run: string): ReportDocument['failures'][number] =>
  transferError('ACRT4001', { run, reason: 'broken' }, { correlationId: 'c-1' }).facts;

describe('the headline', () => {
  it.each([
    { name: 'succeeded', changes: {}, text: '## ✅ 1 of 1 artifact transferred and verified' },
    {
      name: 'nothing to do',
      changes: { status: 'nothing-to-do', counts: counts(2, 0, 2, 0), artifacts: [reportArtifact('a:1', 'present')] },
      text: '## ✅ Nothing to do: 2 artifacts up to date',
    },
    {
      name: 'partial',
      changes: { status: 'partial', counts: counts(3, 1, 1, 1) },
      text: '## ❌ 1 of 3 artifacts transferred and verified, 1 up to date, 1 failed',
    },
    {
      name: 'failed',
      changes: { status: 'failed', counts: counts(3, 0, 0, 3), artifacts: [] },
      text: '## ❌ 0 of 3 artifacts transferred, 3 failed',
    },
    {
      name: 'not verified',
      changes: { artifacts: [reportArtifact('a:1', 'unverified')] },
      text: '## ✅ 1 of 1 artifact transferred',
    },
    {
      name: 'exported',
      changes: { mode: 'export', artifacts: [reportArtifact('a:1', 'exported')] },
      text: '## ✅ 1 of 1 artifact exported',
    },
    {
      name: 'handed off by names',
      changes: { mode: 'handoff', counts: counts(0, 0, 0, 0), artifacts: [], batches: [handed('done')] },
      text: '## ✅ 1 transfer blob handed off',
    },
    {
      name: 'handed off with a manifest, some up to date, some failed',
      changes: {
        mode: 'handoff',
        status: 'partial',
        counts: counts(90, 40, 20, 30),
        batches: [handed('done'), handed('done'), handed('skipped'), handed('failed')],
      },
      text: '## ❌ 2 of 4 transfer blobs with 40 artifacts handed off, 1 up to date, 1 failed',
    },
    {
      name: 'handed off, none',
      changes: { mode: 'handoff', status: 'failed', counts: counts(5, 0, 0, 5), batches: [handed('failed')] },
      text: '## ❌ 0 of 1 transfer blob handed off, 1 failed',
    },
    {
      name: 'nothing to hand off',
      changes: { mode: 'handoff', status: 'nothing-to-do', counts: counts(5, 0, 5, 0), batches: [handed('skipped')] },
      text: '## ✅ Nothing to do: 1 transfer blob up to date',
    },
    {
      name: 'failed before the first batch',
      changes: {
        mode: 'import',
        status: 'failed',
        counts: counts(0, 0, 0, 0),
        batches: [],
        artifacts: [],
        failures: [failed('r')],
      },
      text: '## ❌ Not started: 1 problem',
    },
  ] as readonly { name: string; changes: Partial<ReportDocument>; text: string }[])('$name', ({ changes, text }) => {
    expect(headline(changes)).toBe(text);
  });
});

describe('the problems', () => {
  it('have remedy and correlation id, and come before the tables', () => {
    const text = transferSummary(report({ status: 'partial', failures: [failed('export1')] }));

    expect(text).toMatch(/ACRT4001[\s\S]*Run export1 failed[\s\S]*What to do:[\s\S]*Correlation ID <code>c-1<\/code>/);
    expect(text.indexOf('ACRT4001')).toBeLessThan(text.indexOf('Transfer blob'));
  });

  it('are limited, and the rest is counted', () => {
    const failures = Array.from({ length: 75 }, (_, index) => failed(`export${index}`));

    expect(transferSummary(report({ failures })).match(/\[!CAUTION\]/g)).toHaveLength(20);
    expect(transferSummary(report({ failures }))).toContain('… and 55 more problems in');
  });
});

describe('the tables', () => {
  it('have only columns of executed stages, with their times', () => {
    const text = transferSummary(report());

    expect(text).toMatch(/\| Export \| Verify \|/);
    expect(text).toContain('| 4.0&nbsp;s | 1.0&nbsp;s |');
  });

  it('show skipped and failed stages differently', () => {
    const [batch] = REPORT_DOCUMENT.batches;
    const [exported, verified] = batch!.stages;
    const stages = [
      { ...exported!, outcome: 'skipped' as const },
      { ...verified!, outcome: 'failed' as const },
    ];

    expect(transferSummary(report({ batches: [{ ...batch!, stages }] }))).toMatch(/\| ☑️\S* \| ❌ \S+ \|/);
  });

  it.each([
    { outcome: 'verified', shown: '✅' },
    { outcome: 'present', shown: '☑️' },
    { outcome: 'exported', shown: '📦' },
    { outcome: 'handed-off', shown: '🚚' },
    { outcome: 'unverified', shown: '⚠️' },
    { outcome: 'failed', shown: '❌' },
  ] as const)('show an artifact that is $outcome', ({ outcome, shown }) => {
    const row = transferSummary(report({ artifacts: [reportArtifact('team/api:v1', outcome)] }))
      .split('\n')
      .find((line) => line.includes('team/api'));

    expect(row).toContain(shown);
  });

  it.each([
    { count: 20, folds: false },
    { count: 21, folds: true },
  ])('of $count artifacts fold: $folds', ({ count, folds }) => {
    const artifacts = Array.from({ length: count }, (_, index) => reportArtifact(`team/api:v${index}`));

    expect(transferSummary(report({ artifacts })).includes(`<b>${count} artifacts transferred</b>`)).toBe(folds);
  });

  it.each([3, 300])('of %i artifacts show failed artifacts first', (count) => {
    const artifacts = Array.from({ length: count }, (_, index) => reportArtifact(`team/api:v${index}`));
    const text = transferSummary(report({ artifacts: [...artifacts, reportArtifact('team/lost:v1', 'failed')] }));

    expect(text.indexOf('team/lost')).toBeGreaterThan(0);
    expect(text.indexOf('team/lost')).toBeLessThan(text.indexOf('team/api'));
  });

  it('show no empty table if all artifacts failed', () => {
    const artifacts = Array.from({ length: 30 }, (_, index) => reportArtifact(`team/api:v${index}`, 'failed'));

    expect(transferSummary(report({ artifacts }))).not.toMatch(/\| :?-+:? \|\n(?!\|)/);
  });
});

describe('untrusted text', () => {
  it('is escaped everywhere', () => {
    const evil = '<img src=x>|@octocat\n# Title';
    const text = transferSummary(
      report({
        transferName: evil,
        from: evil,
        to: evil,
        warnings: [evil],
        failures: [failed(evil)],
        batches: REPORT_DOCUMENT.batches.map((batch) => ({ ...batch, blob: evil })),
        artifacts: [{ ...reportArtifact('a:1'), reference: evil }],
        provenance: { repository: evil, commit: evil, workflow: evil, run: evil, actor: evil },
      }),
    );

    expect(text).not.toMatch(/<img|@octocat|^# Title/m);
  });
});

describe('the size', () => {
  it('stays under 900 KiB with 10,000 artifacts, and counts the omitted ones', () => {
    const artifacts = Array.from({ length: 10_000 }, (_, index) =>
      reportArtifact(`team/department/application/component-${index}:2026.01.01-rc_${index}`),
    );
    const text = transferSummary(report({ artifacts, counts: counts(10_000, 10_000, 0, 0) }));

    expect(bytes(text)).toBeLessThanOrEqual(LARGEST);
    expect(text).toMatch(/… and [\d,]+ more in/);
  });

  it('is formatted with thousands separators', () => {
    expect(headline({ counts: counts(12_000, 10_000, 2000, 0) })).toContain(
      '10,000 of 12,000 artifacts transferred, 2,000 up to date',
    );
  });

  it('stays under it with 10,000 batches', () => {
    const good = { ...handed('done', { method: 'stream', reused: 1024 }), blob: `${'folder/'.repeat(20)}blob.tar` };
    const batches = [...Array.from({ length: 10_000 }, () => good), { ...handed('failed'), blob: 'lost.tar' }];
    const text = transferSummary(report({ mode: 'handoff', batches, artifacts: [] }));

    expect(bytes(text)).toBeLessThanOrEqual(LARGEST);
    expect(text).toMatch(/… and [\d,]+ more in/);
    // Failed batches are never omitted.
    expect(text).toContain('| 10001 | <code>lost.tar</code> |');
  });

  it('stays under it with 10,000 warnings', () => {
    const warnings = Array.from({ length: 10_000 }, (_, index) => `Warning ${index}: ${'text '.repeat(30)}`);

    expect(bytes(transferSummary(report({ warnings })))).toBeLessThanOrEqual(LARGEST);
  });

  it('stays under it with one very long error', () => {
    expect(bytes(transferSummary(report({ failures: [failed('x'.repeat(2_000_000))] })))).toBeLessThanOrEqual(LARGEST);
  });

  it('stays under it with 10,000 invalid lines of a selection', () => {
    const problems = Array.from({ length: 10_000 }, (_, index) => ({
      input: `artifacts-file, artifacts.txt line ${index}`,
      value: `Team/API:${index}`,
      problem: 'repositories are lower case: team/api',
    }));

    expect(bytes(errorSummary(inputError(problems).facts))).toBeLessThanOrEqual(LARGEST);
  });
});

describe('the cleanup', () => {
  it('has a line for each side where it removed something', () => {
    const cleanup = [
      { side: 'source' as const, runs: 2, blobs: 1, bytes: 2048 },
      { side: 'target' as const, runs: 0, blobs: 0, bytes: 0 },
    ];
    const summary = transferSummary(report({ cleanup }));
    expect(summary).toContain('Cleaned up at the source: 2 pipeline runs and 1 blob (2.0 KiB) of older transfers.');
    expect(summary).not.toContain('at the target:');
  });
});
