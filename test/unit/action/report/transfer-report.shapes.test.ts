import { describe, expect, it } from '@jest/globals';
import { transferSummary } from '../../../../src/action/report/transfer-report.ts';
import { REPORT, type ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { SHAPES } from '../../../show/shapes/reports.ts';

const shape = (name: string): ReportDocument => SHAPES[name]!;
const summary = (name: string, changes: Partial<ReportDocument> = {}): string =>
  transferSummary({ ...shape(name), ...changes });

describe('every shape', () => {
  it.each(Object.keys(SHAPES))('is a report: %s', (name) => {
    expect(REPORT.schema.safeParse(shape(name))).toEqual({ success: true, data: shape(name) });
  });

  it.each([
    { name: 'full', text: '✅ 36 of 40 artifacts transferred and verified, 4 up to date' },
    { name: 'plan', text: '📋 Plan: 36 artifacts in 3 batches, about 4.2 GiB, 4 up to date' },
    { name: 'export', text: '✅ 12 of 12 artifacts exported' },
    { name: 'handoff', text: '✅ 3 transfer blobs with 36 artifacts handed off' },
    { name: 'import', text: '✅ 12 of 12 artifacts imported' },
    { name: 'nothing', text: '✅ Nothing to do: 40 artifacts up to date' },
    { name: 'partial', text: '❌ 22 of 40 artifacts transferred, 4 up to date, 14 failed' },
    { name: 'stopped', text: '❌ Not started: 3 problems' },
    { name: 'doctor', text: '❌ Not ready: 3 problems' },
    { name: 'ready', text: '✅ Ready: 18 checks, no errors; 1 warning, 1 unknown' },
  ])('has a headline with the result: $name', ({ name, text }) => {
    expect(summary(name).split('\n')[0]).toBe(`## ${text}`);
  });

  it.each([
    { name: 'plan', has: /3 batches/, lacks: /mermaid/ },
    { name: 'export', has: /mermaid/, lacks: /\| Target \|/ },
    { name: 'import', has: /mermaid/, lacks: /\| Source \| azurecloud/ },
    { name: 'nothing', has: /40 artifacts up to date/, lacks: /mermaid|batches/ },
    { name: 'stopped', has: /What to do/, lacks: /mermaid|batches/ },
    { name: 'ready', has: /Source&#58;|Source: 10 checks/, lacks: /mermaid|batches|artifacts transferred/ },
  ])('has only the needed parts: $name', ({ name, has, lacks }) => {
    expect(summary(name)).toMatch(has);
    expect(summary(name)).not.toMatch(lacks);
  });
});

describe('the checks', () => {
  it('are a table for each side for a doctor, in their order of execution', () => {
    const text = summary('doctor');

    expect(text).toContain('### Source: 10 checks (2 errors, 8 ok)');
    expect(text).toContain('### Target: 8 checks (1 error, 1 warning, 1 unknown, 5 ok)');
    expect(text).toMatch(/\| Sign-in \| ✅&nbsp;ok \|[\s\S]*\| Registry \| ❌&nbsp;error \| ACRT3008/);
    expect(text).toMatch(/❔&nbsp;unknown \| permissions&#58; HTTP 403 AuthorizationFailed/);
  });

  it('are one folded section otherwise, errors first', () => {
    const text = summary('stopped');

    expect(text).toContain('<b>18 checks before the first run: 3 errors, 1 warning, 1 unknown, 13 ok</b>');
    expect(text.indexOf('❌&nbsp;error')).toBeLessThan(text.indexOf('✅&nbsp;ok'));
  });

  it('with warnings are shown with their remedies, also after a success', () => {
    expect(summary('full')).toMatch(/\[!WARNING\][\s\S]*ACRT3020[\s\S]*What to do:/);
  });

  it('have a line if there were none', () => {
    expect(summary('doctor', { checks: [] })).toContain('No check could be made.');
  });
});

describe('the artifacts', () => {
  it('are grouped if there are many: problems are open, other groups are folded', () => {
    const titles = [...summary('partial').matchAll(/^(?:### |<details><summary><b>)([\w ]+?)(?:<\/b>.*)?$/gm)];

    expect(titles.map(([line, title]) => [title, line.startsWith('###')])).toEqual(
      expect.arrayContaining([
        ['14 failed', true],
        ['1 not verified', true],
        ['4 changed', false],
        ['17 new', false],
        ['4 artifacts up to date', false],
        ['1 artifact left out', false],
      ]),
    );
  });
});

describe('the links', () => {
  it.each([
    { what: 'registry', url: 'https://portal.azure.us/#@/resource/subscriptions/' },
    { what: 'pipeline', url: '/exportPipelines/nightlyExport)' },
    { what: 'run', url: '/pipelineRuns/import' },
    { what: 'containers of the account', url: '/storageAccounts/contosodevtransfer/containersList)' },
    { what: 'commit', url: 'https://github.com/contoso/shop/commit/' },
    { what: 'workflow run', url: '[Nightly sync](https://github.com/contoso/shop/actions/runs/1001/attempts/1)' },
  ])('lead to the $what', ({ url }) => {
    expect(summary('full')).toContain(url);
  });

  it('are omitted if the portal is unknown', () => {
    const withoutPortal = (side: 'source' | 'target') => ({ ...shape('full').sides[side]!, portal: null });
    const text = summary('full', { sides: { source: withoutPortal('source'), target: withoutPortal('target') } });

    expect(text).not.toContain('portal.azure');
    expect(text).toContain('| Source | azurecloud | contosodev | nightlyExport |');
  });

  it('never contain a script', () => {
    const portal = 'javascript:alert(1)//';
    const text = summary('full', { sides: { source: { ...shape('full').sides.source!, portal }, target: null } });

    expect(text).not.toContain('](javascript');
  });
});

describe('the origin', () => {
  it('omits unknown facts', () => {
    const provenance = { repository: 'contoso/shop', commit: '', workflow: '', run: '', actor: '' };
    const line = summary('full', { provenance }).trimEnd().split('\n').at(-1) ?? '';

    expect(line).toMatch(/^<sub>workflow run in contoso\/shop · 2026-11-20 02:10 UTC · Documents: <code>/);
    expect(line).not.toContain('undefined');
  });
});
