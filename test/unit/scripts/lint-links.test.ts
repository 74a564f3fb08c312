import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatFinding } from '../../../scripts/lint/finding.ts';
import { linkFindings } from '../../../scripts/lint/links.ts';

const FILES: Readonly<Record<string, string>> = {
  'README.md': '# Title\n\n## Modes\n',
  'docs/other.md': '# Other\n\n## By files\n\n## By files\n\n## `transfer.yml` & more\n\n<a id="own"></a>\n',
  'docs/with blank.md': '',
  'examples/a.yml': 'on: push\n',
};

const OWN = 'https://github.com/acr-transfer/acr-transfer/blob/main';

let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lint-links-'));
  for (const [path, text] of Object.entries(FILES)) write(path, text);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

async function findingsOf(markdown: string): Promise<readonly string[]> {
  write('docs/page.md', markdown);
  return (await linkFindings(root, ['docs/page.md'])).map(formatFinding);
}

describe('links of a page', () => {
  it.each([
    ['pages and their headings', '[a](other.md), [b](other.md#by-files), [c](other.md#by-files-1)'],
    ['a heading with markup and punctuation', '[a](other.md#transferyml--more)'],
    ['an anchor that a page sets in HTML', '[a](other.md#own)'],
    ['other folders', '[a](../README.md#modes), [b](../examples), [c](../examples/)'],
    ['a heading of the same page', '# Here\n\n[a](#here)'],
    ['lines of a file', '[a](../examples/a.yml#L3), [b](../examples/a.yml#L3-L5)'],
    ['an encoded blank', '[a](with%20blank.md)'],
    ['definitions', '[by name][other] and [other]\n\n[other]: other.md "a title"'],
    ['other sites', '<https://example.com/a?b=c#d>, [a](https://example.com), <mailto:someone@example.com>'],
    ['code', '`[no](link.md)`, `[no][link]`\n\n```md\n[no](link.md)\n```\n'],
    ['HTML', '<picture><source srcset="../README.md"><img alt="" src="other.md"></picture>'],
    ['brackets in a text', '- [ ] open\n- [x] done\n\nAn array[0], `a[1][2]`.'],
  ])('are accepted: %s', async (_, markdown) => {
    expect(await findingsOf(markdown)).toEqual([]);
  });

  it.each([
    ['a missing page', '[a](nothing.md)', 'Cannot find file `nothing.md`'],
    ['a missing heading', '[a](other.md#by-file)', 'Cannot find heading for `#by-file` in `other.md`'],
    ['a third heading of two', '[a](other.md#by-files-2)', 'Cannot find heading for `#by-files-2`'],
    ['a missing heading of the same page', '[a](#there)', 'Cannot find heading for `#there`'],
    ['a heading in another case', '# Here\n\n[a](#Here)', '#Here: anchors of headings are lowercase'],
    ['a heading of a file without headings', '[a](../examples/a.yml#modes)', 'Cannot find heading for `#modes`'],
    ['a missing page of this repository, by its address', `[a](${OWN}/docs/no.md)`, 'Cannot find file `no.md`'],
    ['an empty anchor', '[a](other.md#)', 'the heading after # is missing'],
    ['a path outside of the repository', '[a](../../page.md)', 'this leads out of the repository'],
    ['an absolute path', '[a](/README.md)', 'use a path relative to the page'],
    ['a percent sign that is not encoded', '[a](100%.md)', 'a % must be encoded as %25'],
    ['a definition', '[a][b]\n\n[b]: nothing.md', 'Cannot find file `nothing.md`'],
    ['a reference without a definition', 'see [a][b]', 'undefined definition, expected corresponding definition (`b`)'],
    [
      'a collapsed reference without a definition',
      'see [a][]',
      'undefined definition, expected corresponding definition (`a`)',
    ],
    ['a picture', '![a](images/nothing.png)', 'Cannot find file `images/nothing.png`'],
    ['a picture in HTML', '<img src="nothing.png">', 'Cannot find file `nothing.png`'],
    ['a picture in HTML for the dark theme', '<picture><source srcset="dark.png"></picture>', 'file `dark.png`'],
    ['a link around a picture', '[![a](other.md)](nothing.md)', 'Cannot find file `nothing.md`'],
    ['a link in a table', '| a |\n| --- |\n| [a](nothing.md) |', 'Cannot find file `nothing.md`'],
    ['a link in a nested list', '- a\n  - [a](nothing.md)', 'Cannot find file `nothing.md`'],
    ['an address without TLS', '[a](http://example.com)', 'only https is allowed'],
    ['an invalid address', '[a](https://)', 'this is not a valid address'],
    ['an address without a host', '[a](https://example)', 'the address has no host'],
    ['a blank in an address', '[a](<https://example.com/a b>)', 'characters that must be encoded'],
  ])('are reported: %s', async (_, markdown, message) => {
    expect(await findingsOf(markdown)).toContainEqual(expect.stringContaining(message));
  });

  it('are reported with their lines, also if a page contains a link twice', async () => {
    const page = '# A\n\n[a](no.md) and\n[b](no.md)\n\n| a |\n| - |\n| [c](no.md) |\n\n- [d](no.md)';

    expect((await findingsOf(page)).map((finding) => finding.split(':')[1])).toEqual(['3', '4', '8', '10']);
  });
});

describe('pages that a workflow mentions', () => {
  const findingsOfWorkflow = async (text: string): Promise<readonly string[]> =>
    (await linkFindings(root, [], [{ path: 'examples/b.yml', text }])).map(formatFinding);

  it.each([
    ['a missing page', 'docs/nothing.md', 'Cannot find file `../docs/nothing.md`'],
    ['a missing heading', 'docs/other.md#by-hand', 'Cannot find heading for `#by-hand` in `../docs/other.md`'],
    ['a missing page by its address', `${OWN}/docs/nothing.md`, 'Cannot find file `../docs/nothing.md`'],
  ])('are reported: %s', async (_, mention, message) => {
    expect(await findingsOfWorkflow(`# see docs/other.md\n# and ${mention}`)).toEqual([
      expect.stringContaining(`examples/b.yml:2: ${message}`),
    ]);
  });

  it('are accepted if they exist, and other sites are ignored', async () => {
    const text = '# docs/other.md#by-files-1, README.md, https://example.com/docs/elsewhere.md';

    expect(await findingsOfWorkflow(text)).toEqual([]);
  });
});
