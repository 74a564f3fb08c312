import { describe, expect, it } from '@jest/globals';
import { reportPage } from '../../../../src/action/report/transfer-report.ts';
import { SHAPES } from '../../../show/shapes/reports.ts';

const shown = (html: string): string =>
  html
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));

describe('the page', () => {
  const full = SHAPES['full']!;

  it('is self-contained: it loads nothing and runs nothing', () => {
    const html = reportPage(full);

    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
    expect(html).not.toMatch(/<(?:script|img|link|iframe|object|embed|form)\b|\bsrc=|url\(|@import/i);
  });

  it('has a light and a dark style, and unfolds when printed', () => {
    expect(reportPage(full)).toMatch(/@media \(prefers-color-scheme: dark\)[\s\S]*@media print[\s\S]*details-content/);
  });

  it('lists 2000 artifacts, and counts the rest', () => {
    const [first] = full.artifacts;
    const artifacts = Array.from({ length: 10_000 }, (_, index) => ({ ...first!, reference: `team/api:v${index}.` }));
    const text = shown(reportPage({ ...full, artifacts }));
    const named = artifacts.filter(({ reference }) => text.includes(reference));

    expect(named).toHaveLength(2000);
    expect(text).toContain('8,000 more');
  });

  it('places the bars of the timeline within the track', () => {
    const html = reportPage(SHAPES['partial']!);
    const bars = [...html.matchAll(/class="bar ([\w ]+)" style="left:([\d.]+)%;width:([\d.]+)%"/g)];

    expect(bars.map(([, stage]) => stage)).toEqual(
      expect.arrayContaining(['export', 'handoff', 'import', 'verify', 'import failed']),
    );
    for (const [, , left, width] of bars) expect(Number(left) + Number(width)).toBeLessThanOrEqual(100.01);
  });

  it.each(Object.keys(SHAPES))('shows every error of shape "%s" with its remedy', (shape) => {
    const report = SHAPES[shape]!;
    const text = shown(reportPage(report)).replaceAll(/\s+/g, ' ');

    for (const { id, remedy } of report.failures) {
      expect(text).toContain(id);
      expect(text).toContain(remedy.replaceAll(/\s+/g, ' '));
    }
    expect(text).toContain(report.transferName);
  });
});
