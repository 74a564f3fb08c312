import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IncludeLine } from '../../../../src/transfer/model/selection.ts';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';
import { anyExcludeLine, anyIncludeLine, anyLines } from './parse.fixture.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const NO_FILTERS = { semver: null, newest: null, pushedWithinSeconds: null };
const tagGlob = (text: string): object => ({ kind: 'glob', text });

/** The only line of a valid text. */
function include(text: string): IncludeLine {
  const { lines, problems } = parseSelection(text);
  expect(problems).toEqual([]);
  const [line] = lines;
  if (line?.kind !== 'include') throw new Error(`${text} selects nothing`);
  return line;
}

describe('parseSelection', () => {
  it.each([
    { text: 'samples/hello-world', name: 'samples/hello-world', tags: { kind: 'tag', tag: 'latest' } },
    { text: 'samples/nginx:v1', name: 'samples/nginx', tags: { kind: 'tag', tag: 'v1' } },
    { text: `samples/nginx@${DIGEST}`, name: 'samples/nginx', tags: { kind: 'digest', digest: DIGEST } },
    { text: 'team/api:v1.*', name: 'team/api', tags: tagGlob('v1.*') },
    { text: 'team/api:?', name: 'team/api', tags: tagGlob('?') },
    { text: 'optional:*', name: 'optional', tags: tagGlob('*') },
  ])('reads $text', ({ text, name, tags }) => {
    expect(include(text)).toMatchObject({
      where: 'line 1',
      text,
      repositories: { kind: 'literal', name },
      tags,
      filters: NO_FILTERS,
      optional: false,
    });
  });

  it('reads a glob of repositories, with a tag or a glob of tags', () => {
    expect(include('team/*/api:v1.*')).toMatchObject({
      repositories: { kind: 'glob', text: 'team/*/api' },
      tags: tagGlob('v1.*'),
    });
    expect(include('team/**:latest').tags).toEqual({ kind: 'tag', tag: 'latest' });
  });

  it('reads options in any order, and optional', () => {
    const line = include('team/api:*  newest=5\tpushed-within=30d semver=^1.2   optional # nightly');

    expect(line).toMatchObject({
      text: 'team/api:* newest=5 pushed-within=30d semver=^1.2',
      filters: { semver: { text: '^1.2' }, newest: 5, pushedWithinSeconds: 30 * 24 * 3600 },
      optional: true,
    });
  });

  it.each([
    { text: '1h', seconds: 3600 },
    { text: '12h', seconds: 43_200 },
    { text: '1d', seconds: 86_400 },
    { text: '4w', seconds: 2_419_200 },
  ])('reads pushed-within=$text as $seconds s', ({ text, seconds }) => {
    expect(include(`a:* pushed-within=${text}`).filters.pushedWithinSeconds).toBe(seconds);
  });

  it.each([
    {
      range: '^1.2',
      in: ['1.2.0', 'v1.9.3'],
      out: ['1.1.9', '2.0.0', '1.3.0-rc.1', '1.2', 'v1', 'latest', 'v1.2.3.4'],
    },
    { range: '>=1.2,<2', in: ['1.2.0', '1.99.0'], out: ['2.0.0', '1.0.0'] },
    { range: '^1||^3', in: ['1.0.0', '3.1.0'], out: ['2.0.0'] },
    { range: '1.2,-,2.3', in: ['1.2.0', '2.3.9'], out: ['2.4.0'] },
    { range: '>=1.3.0-rc.1', in: ['1.3.0-rc.2', '1.3.0'], out: ['1.4.0-rc.1', '1.2.9'] },
    { range: '*', in: ['0.0.1'], out: ['latest', '1.0.0-rc.1', '20240101'] },
  ])('reads semver=$range as npm does', ({ range, in: inside, out }) => {
    const { semver } = include(`a:* semver=${range}`).filters;

    expect(inside.filter((tag) => semver?.matches(tag) !== true)).toEqual([]);
    expect(out.filter((tag) => semver?.matches(tag) !== false)).toEqual([]);
  });

  it('matches a referrer tag by its name, and never by a glob', () => {
    const referrerTag = `${DIGEST.replace(':', '-')}.sig`;
    const { tags } = include('a:*');

    expect(tags.kind === 'glob' && [tags.matches('v1'), tags.matches(referrerTag)]).toEqual([true, false]);
    expect(include(`a:${referrerTag}`).tags).toEqual({ kind: 'tag', tag: referrerTag });
  });

  it.each([
    { text: '!team/*/api:*-rc*', repositories: { kind: 'glob', text: 'team/*/api' }, tags: tagGlob('*-rc*') },
    { text: '!a:v1', repositories: { kind: 'literal', name: 'a' }, tags: { kind: 'tag', tag: 'v1' } },
    { text: `!a@${DIGEST}`, repositories: { kind: 'literal', name: 'a' }, tags: { kind: 'digest', digest: DIGEST } },
    { text: `!**@${DIGEST}`, repositories: { kind: 'glob', text: '**' }, tags: { kind: 'digest', digest: DIGEST } },
  ])('reads the exclusion $text', ({ text, repositories, tags }) => {
    expect(parseSelection(`  ${text}  # why`)).toMatchObject({
      lines: [{ kind: 'exclude', where: 'line 1', text, repositories, tags }],
      problems: [],
    });
  });

  it('reads lines with comments, blank lines, line breaks of any system, and a byte order mark', () => {
    const text = '\uFEFF# release\r\n\r\n  b:v1  \r\na # the default tag\n\t#nothing\rc:2\na';

    expect(parseSelection(text)).toMatchObject({
      lines: [
        { where: 'line 3', text: 'b:v1' },
        { where: 'line 4', text: 'a' },
        { where: 'line 6', text: 'c:2' },
        { where: 'line 7', text: 'a' },
      ],
      problems: [],
    });
  });

  it('is empty for a text without lines', () => {
    expect(parseSelection(' \n\n# only a comment\n\t')).toEqual({ lines: [], problems: [] });
  });

  it('reports every mistake with its file, line and column, and reads the rest', () => {
    const { lines, problems } = parseSelection('nginx:\nnginx:v1\n\n  Nginx:v2 # capital', 'artifacts.txt');

    expect(problems).toEqual([
      { where: 'artifacts.txt line 1, column 7', text: 'nginx:', problem: expect.stringContaining('not a tag') },
      { where: 'artifacts.txt line 4, column 3', text: 'Nginx:v2', problem: 'repositories are lower case: nginx' },
    ]);
    expect(lines.map(({ where }) => where)).toEqual(['artifacts.txt line 2']);
  });

  it('reads or reports every line that is not blank once, and never throws', () => {
    fc.assert(
      fc.property(anyLines, (text) => {
        const { lines, problems } = parseSelection(text);
        const numbers = [...lines, ...problems].map(({ where }) => Number(/^line (\d+)/.exec(where)?.[1]));
        const expected = text
          .replace(/^\uFEFF/, '')
          .split(/\r\n|\r|\n/)
          .flatMap((line, index) => (/^[ \t]*(?:$|#)/.test(line) ? [] : [index + 1]));

        expect(numbers.toSorted((one, other) => one - other)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the text of a line that selects as the same line', () => {
    fc.assert(
      fc.property(anyIncludeLine, ([words, optional]) => {
        const line = include([...words, ...(optional ? ['optional'] : [])].join('  '));

        expect({ text: line.text, optional: line.optional }).toEqual({ text: words.join(' '), optional });
        expect(JSON.stringify(include(`${line.text}${line.optional ? ' optional' : ''}`))).toBe(JSON.stringify(line));
      }),
    );
  });

  it('reads the text of a line that excludes as the same line', () => {
    fc.assert(
      fc.property(anyExcludeLine, (text) => {
        expect(parseSelection(text)).toMatchObject({ lines: [{ kind: 'exclude', text }], problems: [] });
      }),
    );
  });
});
