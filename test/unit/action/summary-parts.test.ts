import { describe, expect, it } from '@jest/globals';
import { blocksMarkdown } from '../../../src/action/blocks-markdown.ts';
import { blocksHtml } from '../../../src/action/page-blocks.ts';
import { prose } from '../../../src/action/blocks.ts';
import { artifactBlocks } from '../../../src/action/summary-artifacts.ts';
import { moreBlocks } from '../../../src/action/summary-more.ts';
import type { ReportDocument } from '../../../src/transfer/schemas.ts';
import { SHAPES } from '../../show/shapes/reports.ts';

const shape = (name: string): ReportDocument => SHAPES[name]!;

describe('what a list leaves out', () => {
  it.each([0, -1])('is nothing for %d', (rest) => {
    expect(moreBlocks(rest)).toEqual([]);
  });

  it('is counted', () => {
    expect(blocksMarkdown(moreBlocks(1))).toContain('… and 1 more in');
    expect(blocksMarkdown(moreBlocks(2, 'run'))).toContain('… and 2 more runs in');
  });
});

describe('the table of artifacts', () => {
  const few = (changes: Partial<ReportDocument>): ReportDocument => {
    const report = shape('full');
    return { ...report, artifacts: report.artifacts.slice(0, 3), leftOut: [], ...changes };
  };
  const [first] = shape('full').artifacts;
  const withWhy = (why: string | null): ReportDocument['artifacts'] => [
    { ...first!, outcome: 'verified', failure: null, why },
  ];
  const heading = (report: ReportDocument): string =>
    blocksMarkdown(artifactBlocks(report, 100))
      .split('\n')
      .find((line) => line.startsWith('| Result')) ?? '';

  it('tells why where artifacts were compared', () => {
    expect(heading(few({ artifacts: withWhy('another digest') }))).toBe('| Result | Why | Artifact | SHA-256 | Size |');
  });

  it('tells no reason that is the same for all', () => {
    const planned = { ...shape('full').planned!, incremental: 'off' } as const;
    expect(heading(few({ planned, artifacts: withWhy('selected') }))).not.toContain('Why');
    expect(heading(few({ planned: null, artifacts: withWhy('selected') }))).not.toContain('Why');
  });

  it('has no column of reasons where there is none', () => {
    expect(heading(few({ artifacts: withWhy(null) }))).not.toContain('Why');
  });
});

describe('prose as HTML', () => {
  const page = (text: string, lead = ''): string => blocksHtml([prose(text, lead)]).html;

  it('has a paragraph for each line, and one block of indented lines', () => {
    expect(page('one\n  two\n  three\nfour')).toBe('<p>one</p><pre>two\nthree</pre><p>four</p>');
  });

  it('has no empty block', () => {
    expect(page('one\ntwo')).toBe('<p>one</p><p>two</p>');
  });

  it('begins with its lead', () => {
    expect(page('one', 'What to do:')).toBe('<p><strong>What to do:</strong> one</p>');
    expect(page('  az login', 'What to do:')).toBe('<p><strong>What to do:</strong> </p><pre>az login</pre>');
  });
});
