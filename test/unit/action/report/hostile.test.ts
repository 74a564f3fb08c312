import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Marked } from 'marked';
import { reportPage, transferSummary } from '../../../../src/action/report/transfer-report.ts';
import type { ReportDocument } from '../../../../src/transfer/documents/report-schema.ts';
import { SHAPES } from '../../../show/shapes/reports.ts';

/** Markup and URLs that an attacker could put into names and messages. */
const KNOWN = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></summary></table>',
  '"><style>*{display:none}</style>',
  "' onmouseover='alert(1)",
  '[click](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  'javascript:alert(1)',
  'https://evil.example/a) [b](https://evil.example',
  'https://evil.example/"><script>',
  'www.evil.example',
  '@octocat #1 :skull: $$x$$',
  '`code` **bold** ~~gone~~ | cell |',
  '```mermaid',
  '%%{init: {"securityLevel": "loose"}}%%',
  'click batch href "javascript:alert(1)"',
  '---',
  '# Title',
  '> [!TIP]',
  '&lt;b&gt; &#60;i&#62;',
  '-->',
  ']]>',
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...KNOWN), fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 4 })
  .map((parts) => parts.join(' ').replaceAll(/[\r\n\u2028\u2029]/g, ''));

/** Replaces all untrusted texts and URLs of a report. */
function replaced(report: ReportDocument, text: string): ReportDocument {
  const side = {
    cloud: text,
    portal: text,
    registryId: text,
    pipelineId: text,
    container: text,
    storageAccountId: text,
    identity: null,
  };
  return {
    ...report,
    transferName: text,
    from: text,
    to: text,
    sides: { source: side, target: { ...side, portal: `https://${text}` } },
    provenance: { repository: text, commit: text, workflow: text, run: text, actor: text },
    documents: { plan: text, manifest: text, receipt: text },
    batches: report.batches.map((batch) => ({ ...batch, blob: text, runs: { export: text, import: text } })),
    artifacts: report.artifacts.map((artifact) => ({ ...artifact, reference: text, why: text, digest: text })),
    leftOut: report.leftOut.map(() => ({ reference: text, why: text })),
    checks: report.checks.map((check) => ({ ...check, text })),
    failures: report.failures.map((failure) => ({ ...failure, title: text, message: text, correlationId: text })),
    warnings: report.warnings.map(() => text),
  };
}

const TAG = /<(\/?[a-z][\w-]*)([^>]*)>/gi;

interface Tag {
  readonly name: string;
  readonly attributes: string;
}

const tagsOf = (html: string): readonly Tag[] =>
  [...html.matchAll(TAG)].map(([, name = '', attributes = '']) => ({ name: name.toLowerCase(), attributes }));

/** All elements except links: whether a text is a link depends on whether it is a valid URL. */
const skeleton = (html: string): readonly string[] =>
  tagsOf(html)
    .map(({ name }) => name)
    .filter((name) => name !== 'a' && name !== '/a');

const links = (html: string): readonly string[] =>
  tagsOf(html).flatMap(({ attributes }) => {
    const [, href] = /\bhref="([^"]*)"/.exec(attributes) ?? [];
    return href === undefined ? [] : [href];
  });

const marked = new Marked({ gfm: true });
const github = (report: ReportDocument): string => marked.parse(transferSummary(report), { async: false });

const PRINTS = [
  { name: 'the summary', print: github },
  { name: 'the page', print: reportPage },
];

const HARMLESS = 'name';
const ROUNDS = { numRuns: 60 };

describe.each(PRINTS)('hostile text in $name', ({ print }) => {
  it.each(['full', 'partial', 'handoff', 'doctor'])('adds no element to a report of shape "%s"', (shape) => {
    const report = SHAPES[shape]!;
    const expected = skeleton(print(replaced(report, HARMLESS)));

    fc.assert(
      fc.property(hostile, (text) => {
        // An empty text would remove its cell, and columns without other content.
        expect(skeleton(print(replaced(report, `x${text}`)))).toEqual(expected);
      }),
      ROUNDS,
    );
  });

  it('adds no event handler, and no link that is no web page', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = print(replaced(SHAPES['partial']!, text));

        expect(tagsOf(html).filter(({ attributes }) => /\bon\w+\s*=/i.test(attributes))).toEqual([]);
        expect(links(html).filter((href) => !/^https?:\/\/[^\s"'<>]*$/.test(href))).toEqual([]);
      }),
      ROUNDS,
    );
  });
});

describe('hostile text in the diagram', () => {
  it('never appears there', () => {
    const [, expected] = /```mermaid\n([\s\S]*?)\n```/.exec(transferSummary(SHAPES['full']!)) ?? [];
    fc.assert(
      fc.property(hostile, (text) => {
        const blocks = [
          ...transferSummary(replaced(SHAPES['full']!, text)).matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm),
        ];

        expect(blocks.map(([, body]) => body)).toEqual([expected]);
      }),
      ROUNDS,
    );
  });
});
