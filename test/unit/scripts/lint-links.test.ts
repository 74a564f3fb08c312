import { describe, expect, it } from '@jest/globals';
import { pageAnchors } from '../../../scripts/lint/anchors.ts';
import { formatFinding } from '../../../scripts/lint/finding.ts';
import { linkFindings, mentionFindings, type Repository } from '../../../scripts/lint/link-findings.ts';

const PAGES: Readonly<Record<string, string>> = {
  'README.md': '# Title\n\n## Modes\n',
  'docs/page.md': '# Page\n\n## Here\n',
  'docs/other.md': '# Other\n\n## By files\n\n## By files\n',
};
const OTHERS = ['docs', 'examples', 'examples/a.yml', 'docs/with blank.md'];

const repository: Repository = {
  has: (path) => path in PAGES || OTHERS.includes(path),
  anchors: (path) => (path in PAGES ? pageAnchors(PAGES[path] ?? '') : null),
};

const check = (markdown: string): readonly string[] =>
  linkFindings('docs/page.md', markdown, repository).map(formatFinding);

describe('linkFindings', () => {
  it.each([
    'a [page](other.md), a [heading](other.md#by-files), the [second of its name](other.md#by-files-1)',
    'up [there](../README.md#modes), [here](#here), a [folder](../examples), [with a slash](../examples/)',
    'a [line](../examples/a.yml#L3), [lines](../examples/a.yml#L3-L5), a [blank](with%20blank.md)',
    '[by name][other] and [other]\n\n[other]: other.md "a title"',
    '<https://example.com/a?b=c#d> and [outside](https://example.com) and <mailto:someone@example.com>',
    'code: `[no](link.md)`, `[no][link]`\n\n```md\n[no](link.md)\n```\n',
    '<picture><source srcset="../README.md"><img alt="" src="other.md"></picture>',
    'a list: [ ] open, [x] done, an array[0], `a[1][2]`',
  ])('has nothing against %s', (markdown) => {
    expect(check(markdown)).toEqual([]);
  });

  it.each([
    ['a page that is not there', '[a](nothing.md)', 'nothing.md: there is no docs/nothing.md'],
    ['a heading that is not there', '[a](other.md#by-file)', 'other.md#by-file: docs/other.md has no heading #by-file'],
    [
      'a third heading where there are two',
      '[a](other.md#by-files-2)',
      'other.md#by-files-2: docs/other.md has no heading',
    ],
    ['a heading of its own page', '[a](#there)', '#there: docs/page.md has no heading #there'],
    ['a heading in another case', '[a](#Here)', '#Here: docs/page.md has no heading #Here'],
    ['a heading of a file without any', '[a](../examples/a.yml#modes)', 'examples/a.yml has no anchors'],
    ['a # alone', '[a](#)', 'a # without a heading'],
    ['a way out of the repository', '[a](../../secrets.md)', 'this leads out of the repository'],
    ['a path from the root', '[a](/README.md)', 'a path from the root'],
    ['a percent sign alone', '[a](100%.md)', 'a % that stands for nothing'],
    ['a definition', '[a][b]\n\n[b]: nothing.md', 'nothing.md: there is no docs/nothing.md'],
    ['a name without a definition', 'see [a][b]', '[b] is defined nowhere on this page'],
    ['a text without a definition', 'see [a][]', '[a] is defined nowhere on this page'],
    ['a picture', '![a](images/nothing.png)', 'there is no docs/images/nothing.png'],
    ['a picture of HTML', '<img src="images/nothing.png">', 'there is no docs/images/nothing.png'],
    ['a picture for the dark', '<picture><source srcset="dark.png"></picture>', 'there is no docs/dark.png'],
    ['a link around a picture', '[![a](other.md)](nothing.md)', 'nothing.md: there is no docs/nothing.md'],
    ['a link in a cell', '| a |\n| --- |\n| [a](nothing.md) |', 'there is no docs/nothing.md'],
    ['a link in a list', '- a\n  - [a](nothing.md)', 'there is no docs/nothing.md'],
    ['an address without TLS', '[a](http://example.com)', 'only https'],
    ['an address of nothing', '[a](https://)', 'this is no address'],
    ['an address without a host', '[a](https://example)', 'this names no host'],
    ['a blank in an address', '[a](<https://example.com/a b>)', 'these characters do not belong'],
  ])('finds %s', (_, markdown, says) => {
    expect(check(markdown)).toEqual([expect.stringContaining(says)]);
  });

  it('tells the line of each, also where a page links twice to the same', () => {
    const page = [
      '# A',
      '',
      '[a](no.md) and',
      '[b](no.md)',
      '',
      '| a |',
      '| - |',
      '| [c](no.md) |',
      '',
      '- [d](no.md)',
    ];

    expect(check(page.join('\n')).map((finding) => finding.split(':')[1])).toEqual(['3', '4', '8', '10']);
  });
});

describe('pageAnchors', () => {
  it.each([
    ['Running it again', 'running-it-again'],
    ['`transfer.yml`', 'transferyml'],
    ['What *is* [here](there.md)?', 'what-is-here'],
    ['A - B', 'a---b'],
    ['snake_case & more', 'snake_case--more'],
    ['Über 1.2', 'über-12'],
    ['Limits, and what it does not do yet', 'limits-and-what-it-does-not-do-yet'],
    ['"Error: 403"', 'error-403'],
  ])('of "%s" is %s', (heading, anchor) => {
    expect([...pageAnchors(`## ${heading}\n`)]).toEqual([anchor]);
  });

  it('counts headings of the same text, takes those that are underlined, and those that a page sets itself', () => {
    const page = '# A\n\n# A\n\nB\n---\n\n<a id="own"></a>\n\n```\n# no\n```\n';

    expect([...pageAnchors(page)]).toEqual(['a', 'a-1', 'b', 'own']);
  });
});

describe('mentionFindings', () => {
  it('finds a page that a workflow names and that is not there', () => {
    const text = '# see docs/other.md, docs/nothing.md\n# and https://example.com/docs/elsewhere.md';

    expect(mentionFindings('examples/a.yml', text, repository).map(formatFinding)).toEqual([
      'examples/a.yml:1: there is no docs/nothing.md',
    ]);
  });

  it('finds a heading that its page has not', () => {
    const text = '# see docs/other.md#by-files-1\n# and docs/other.md#by-hand, docs/page.md#here';

    expect(mentionFindings('examples/a.yml', text, repository).map(formatFinding)).toEqual([
      'examples/a.yml:2: docs/other.md has no heading #by-hand',
    ]);
  });

  it('finds one of ours by its address too', () => {
    const address = 'https://github.com/acr-transfer/acr-transfer/blob/main/docs';
    const text = `# see ${address}/other.md\n# and ${address}/nothing.md`;

    expect(mentionFindings('examples/a.yml', text, repository).map(formatFinding)).toEqual([
      'examples/a.yml:2: there is no docs/nothing.md',
    ]);
  });
});
