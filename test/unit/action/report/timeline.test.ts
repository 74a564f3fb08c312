import { describe, expect, it } from '@jest/globals';
import { mermaidOf } from '../../../../src/action/report/markdown.ts';
import { timelineOf } from '../../../../src/action/report/timeline.ts';
import { transferSummary } from '../../../../src/action/report/transfer-report.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { REPORT_DOCUMENT } from '../../transfer/documents/documents.fixture.ts';

type Stage = ReportDocument['batches'][number]['stages'][number];

const START = Date.UTC(2026, 0, 1);

const stage = (name: Stage['stage'], from: number, seconds: number, outcome: Stage['outcome'] = 'done'): Stage => ({
  stage: name,
  outcome,
  startedAt: new Date(START + from * 1000).toISOString(),
  seconds,
});

const report = (...batches: readonly (readonly Stage[])[]): ReportDocument => ({
  ...REPORT_DOCUMENT,
  batches: batches.map((stages) => ({ ...REPORT_DOCUMENT.batches[0]!, stages: [...stages] })),
});

describe('timelineOf', () => {
  it('shows batches with a failed stage before longer ones', () => {
    const long = Array.from({ length: 60 }, () => [stage('export', 0, 100)]);
    const rows = timelineOf(report(...long, [stage('export', 0, 1), stage('import', 1, 1, 'failed')]))?.rows ?? [];

    expect(rows.map(({ number }) => number)).toContain(61);
    expect(rows.length).toBeLessThan(61);
  });

  it('spans from the first start to the last end', () => {
    const timeline = timelineOf(
      report([stage('export', 10, 20), stage('import', 40, 5, 'failed')], [stage('export', 5, 50)]),
    );

    expect(timeline).toMatchObject({ startedAt: START + 5000, seconds: 50, hidden: 0 });
    expect(timeline?.rows).toEqual([
      {
        number: 1,
        bars: [
          { stage: 'export', failed: false, start: 5, seconds: 20 },
          { stage: 'import', failed: true, start: 35, seconds: 5 },
        ],
      },
      { number: 2, bars: [{ stage: 'export', failed: false, start: 0, seconds: 50 }] },
    ]);
  });

  it.each([
    { name: 'no batches', of: report() },
    { name: 'only skipped stages', of: report([stage('export', 0, 2, 'skipped')]) },
    { name: 'no duration', of: report([stage('export', 0, 0)]) },
    { name: 'a dry run', of: { ...report([stage('export', 0, 5)]), dryRun: true } },
  ])('is null for $name', ({ of }) => {
    expect(timelineOf(of)).toBeNull();
  });

  it('shows failed batches and the longest of many batches', () => {
    const many = Array.from({ length: 1000 }, (_, index) => [stage('export', 0, index === 700 ? 900 : 10)]);
    const timeline = timelineOf(report(...many, [stage('export', 0, 1, 'failed')]));

    expect(timeline?.rows).toHaveLength(20);
    expect(timeline?.hidden).toBe(981);
    expect(timeline?.rows.map(({ number }) => number)).toEqual(expect.arrayContaining([701, 1001]));
  });
});

describe('mermaidOf', () => {
  const diagram = (...batches: readonly (readonly Stage[])[]): readonly string[] => {
    const timeline = timelineOf(report(...batches));
    return timeline === null ? [] : mermaidOf(timeline).split('\n');
  };

  it('has a section for every batch and a bar for every stage, in UTC and milliseconds', () => {
    const lines = diagram([stage('export', 0, 60.5), stage('import', 70, 30, 'failed')], [stage('handoff', 20, 50)]);

    expect(lines.slice(lines.indexOf('  section Batch 1'))).toEqual([
      '  section Batch 1',
      '  export :2026-01-01T00:00:00.000, 60500ms',
      '  import ✗ :crit, 2026-01-01T00:01:10.000, 30000ms',
      '  section Batch 2',
      '  handoff :active, 2026-01-01T00:00:20.000, 50000ms',
    ]);
  });

  it('omits the name of a short bar, and keeps the bar visible', () => {
    const lines = diagram([stage('export', 0, 1000), stage('verify', 1000, 0.1)]);

    expect(lines.at(-1)).toBe('  \u2800 :2026-01-01T00:16:40.000, 4001ms');
  });

  it('stays far below the limit of GitHub (50,000 characters)', () => {
    const stages = (['export', 'handoff', 'import', 'verify'] as const).map((name, index) => stage(name, index, 1));
    const lines = diagram(...Array.from({ length: 10_000 }, () => stages));

    expect(lines.join('\n').length).toBeLessThan(10_000);
  });
});

describe('the summary', () => {
  it('has the same facts as a table', () => {
    const text = transferSummary(report([stage('export', 0, 60), stage('import', 70, 30, 'failed')]));

    expect(text).toContain('```mermaid\n---\n');
    expect(text).toContain('<b>Timeline as a table</b>');
    expect(text).toContain('| 1 | export | 00:00:00 | 0.0&nbsp;s | 1&nbsp;min&nbsp;0&nbsp;s |');
    expect(text).toContain('| 1 | import, failed | 00:01:10 | 1&nbsp;min&nbsp;10&nbsp;s | 30&nbsp;s |');
  });
});
