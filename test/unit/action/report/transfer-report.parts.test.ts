import { describe, expect, it } from '@jest/globals';
import { artifactBlocks } from '../../../../src/action/report/artifacts-section.ts';
import { joined, moreBlocks, paragraph, prose, section, small, trusted } from '../../../../src/action/report/blocks.ts';
import { checkBlocks } from '../../../../src/action/report/checks-section.ts';
import { provenanceBlocks } from '../../../../src/action/report/content.ts';
import { headline, signOf } from '../../../../src/action/report/headline.ts';
import { blocksHtml, timelineHtml } from '../../../../src/action/report/html.ts';
import { blocksMarkdown } from '../../../../src/action/report/markdown.ts';
import { sideBlocks } from '../../../../src/action/report/sides-section.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { SHAPES } from '../../../show/shapes/reports.ts';

const shape = (name: string): ReportDocument => SHAPES[name]!;

describe('omitted entries of a list', () => {
  it.each([0, -1])('have no line for %d', (rest) => {
    expect(moreBlocks(rest)).toEqual([]);
  });

  it('are counted', () => {
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
  const header = (report: ReportDocument): string =>
    blocksMarkdown(artifactBlocks(report, 100))
      .split('\n')
      .find((line) => line.startsWith('| Result')) ?? '';

  it('has a column with reasons if artifacts were compared', () => {
    expect(header(few({ artifacts: withWhy('another digest') }))).toBe('| Result | Why | Artifact | SHA-256 | Size |');
  });

  it('has no column with reasons if all reasons are the same', () => {
    const planned = { ...shape('full').planned!, incremental: 'off' } as const;
    expect(header(few({ planned, artifacts: withWhy('selected') }))).not.toContain('Why');
    expect(header(few({ planned: null, artifacts: withWhy('selected') }))).not.toContain('Why');
  });

  it('has no column with reasons if there are none', () => {
    expect(header(few({ artifacts: withWhy(null) }))).not.toContain('Why');
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

  it('starts with its lead', () => {
    expect(page('one', 'What to do:')).toBe('<p><strong>What to do:</strong> one</p>');
    expect(page('  az login', 'What to do:')).toBe('<p><strong>What to do:</strong> </p><pre>az login</pre>');
  });
});

describe('blocks as HTML', () => {
  it('has small print only for small paragraphs', () => {
    expect(blocksHtml([paragraph('one'), small('two')]).html).toBe('<p>one</p><p class="small">two</p>');
  });
});

describe('a section', () => {
  it.each([
    { rows: 20, folds: false },
    { rows: 21, folds: true },
  ])('of $rows rows folds: $folds', ({ rows, folds }) => {
    expect(section('title', rows)).toMatchObject({ folds });
  });
});

describe('the sign of the headline', () => {
  it.each([
    { status: 'succeeded', dryRun: false, sign: '✅' },
    { status: 'succeeded', dryRun: true, sign: '📋' },
    { status: 'nothing-to-do', dryRun: true, sign: '✅' },
    { status: 'partial', dryRun: false, sign: '❌' },
    { status: 'failed', dryRun: true, sign: '❌' },
  ] as const)('of $status with dry-run $dryRun is $sign', ({ status, dryRun, sign }) => {
    expect(signOf({ ...shape('full'), status, dryRun })).toBe(sign);
  });
});

describe('the origin', () => {
  const origin = (changes: Partial<NonNullable<ReportDocument['provenance']>>): string =>
    blocksMarkdown(provenanceBlocks({ ...shape('full'), provenance: { ...PROVENANCE, ...changes } }));
  const PROVENANCE = {
    repository: 'contoso/shop',
    commit: '0123456789abcdef',
    workflow: 'Nightly sync',
    run: 'https://github.com/contoso/shop/actions/runs/1001/attempts/1',
    actor: 'octocat',
  };

  it('names workflow, repository, commit and actor', () => {
    const text = origin({});
    expect(text).toContain('Nightly sync');
    expect(text).toContain('in contoso/shop at ');
    expect(text).toContain('https://github.com/contoso/shop/commit/0123456789abcdef');
    expect(text).toContain('0123456789ab<');
    expect(text).toContain(', by octocat');
  });

  it('omits unknown facts', () => {
    expect(origin({ actor: '' })).not.toContain(', by');
    expect(origin({ commit: '' })).not.toContain(' at ');
    expect(origin({ workflow: '' })).toContain('workflow run');
  });
});

describe('the table of sides', () => {
  const columns = (sides: ReportDocument['sides']): string =>
    blocksMarkdown(sideBlocks({ ...shape('full'), sides }))
      .split('\n')
      .find((line) => line.startsWith('| |') || line.startsWith('|  |')) ?? '';
  const { source, target } = shape('full').sides;
  const bare = { ...target!, registryId: null, pipelineId: null };

  it('has a column for a fact that is known of one side', () => {
    for (const title of ['Cloud', 'Registry', 'Pipeline', 'Container']) {
      expect(columns({ source, target: bare })).toContain(title);
    }
  });

  it('has no column for a fact that is unknown of both sides', () => {
    expect(columns({ source: null, target: bare })).not.toMatch(/Registry|Pipeline/);
    expect(columns({ source: null, target: bare })).toContain('Container');
  });

  it('is omitted if nothing is known', () => {
    expect(sideBlocks({ ...shape('full'), sides: { source: null, target: null } })).toEqual([]);
  });
});

describe('the headline of a plan', () => {
  const plan = (changes: Partial<ReportDocument>): string => headline({ ...shape('plan'), ...changes });
  const counts = { selected: 4, transferred: 0, skipped: 4, failed: 0 };

  it('reports that there is nothing to do', () => {
    const nothing: Partial<ReportDocument> = { status: 'nothing-to-do', batches: [], artifacts: [] };
    expect(plan({ ...nothing, counts })).toBe('Plan: nothing to do, 4 up to date');
    expect(plan({ ...nothing, counts: { ...counts, skipped: 0 } })).toBe('Plan: nothing to do');
  });

  it("counts artifacts that can't be transferred, and has no size without artifacts", () => {
    const blocked: Partial<ReportDocument> = {
      status: 'failed',
      batches: [],
      artifacts: [],
      counts: { ...counts, skipped: 0, failed: 3 },
    };
    expect(plan(blocked)).toBe("Plan: 0 artifacts in 0 batches, 3 can't be transferred");
  });
});

describe('joined', () => {
  it('puts a separator between lines, and none before the first', () => {
    expect(joined(['a', [trusted('b'), 'c'], 'd'], trusted(', '))).toEqual([
      'a',
      trusted(', '),
      trusted('b'),
      'c',
      trusted(', '),
      'd',
    ]);
  });
});

describe('the checks of a doctor', () => {
  it('have a table for each checked side', () => {
    const checks = shape('doctor').checks.filter(({ side }) => side === 'target');
    const text = blocksMarkdown(checkBlocks({ ...shape('doctor'), checks }, 100));
    expect(text).toContain('Target: 8 checks');
    expect(text).not.toContain('Source');
  });
});

describe('a bar of the timeline', () => {
  const named = (seconds: number): boolean => {
    const bars = [{ stage: 'export', failed: false, start: 0, seconds }] as const;
    const timeline = { startedAt: 0, seconds: 100, rows: [{ number: 1, bars }], hidden: 0 };
    return timelineHtml(timeline).html.includes('>export<');
  };

  it('has a name from nine percent of the track on', () => {
    expect([named(8.99), named(9), named(50)]).toEqual([false, true, true]);
  });
});
