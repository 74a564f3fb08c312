import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDigest, repositoryProblem, tagProblem } from '../../../src/transfer/model/reference.ts';
import type { SelectionLine } from '../../../src/transfer/model/selection.ts';
import { describeSelection } from '../../../src/transfer/selection/describe.ts';
import { compileGlob } from '../../../src/transfer/selection/glob.ts';
import { parseSelection } from '../../../src/transfer/selection/parse.ts';
import { expectUnpolluted } from './outcome.fixture.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

const part = fc.oneof(
  hostileText,
  fc.constantFrom('team/api', 'team/*', '**', ':', ':v1', ':*', '@sha256:', 'a'.repeat(64), '!', '#', ' ', '\t', '\n'),
  fc.constantFrom(
    'semver=',
    '^1.2',
    '>=1',
    '||',
    'newest=',
    '5',
    'pushed-within=',
    '30d',
    'optional',
    '\r\n',
    '\uFEFF',
  ),
  fc.constantFrom('__proto__=1', 'constructor=1', 'toString', 'semver=__proto__'),
);

/** Lines that are nearly right. */
const lines = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));

/** The valid lengths of a line; see MAX_LINE_LENGTH. */
const MAX_SHOWN_LENGTH = 600;

const unmade = ({ repositories, tags, ...line }: SelectionLine): unknown => ({
  ...line,
  where: '',
  filters: 'filters' in line ? JSON.stringify(line.filters) : null,
  repositories: JSON.stringify(repositories),
  tags: JSON.stringify(tags),
});

describe('a hostile selection', () => {
  it('is parsed or a problem, line by line', () => {
    fc.assert(
      fc.property(lines, (text) => {
        const selection = parseSelection(text);
        const written = text.split(/\r\n|\r|\n/).length;

        expect(selection.lines.length + selection.problems.length).toBeLessThanOrEqual(written);
        expectUnpolluted(selection.problems);
      }),
      { numRuns: 500 },
    );
  });

  it('is shown in lines that are short and can be seen', () => {
    fc.assert(
      fc.property(lines, (text) => {
        const { lines: read, problems } = parseSelection(text);
        const shown = [...describeSelection(read), ...problems.flatMap((item) => [item.text, item.problem])];

        expect(shown.filter((line) => line.length > 2 * MAX_SHOWN_LENGTH)).toEqual([]);
        expect(shown.filter((line) => /[^\P{C}\t]|[\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('names nothing but repositories, tags and digests', () => {
    fc.assert(
      fc.property(lines, (text) => {
        for (const { repositories, tags } of parseSelection(text).lines) {
          if (repositories.kind === 'literal') expect(repositoryProblem(repositories.name)).toBeNull();
          if (tags.kind === 'tag') expect(tagProblem(tags.tag)).toBeNull();
          if (tags.kind === 'digest') expect(isDigest(tags.digest)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is parsed to the same value from its displayed form', () => {
    fc.assert(
      fc.property(lines, (text) => {
        for (const line of parseSelection(text).lines) {
          const optional = line.kind === 'include' && line.optional ? ' optional' : '';

          expect(parseSelection(`${line.text}${optional}`).lines.map(unmade)).toEqual([unmade(line)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        const { lines: read, problems } = parseSelection(text);

        expect(read.length + problems.length).toBeLessThanOrEqual(LONG + 3);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a hostile glob', () => {
  const pattern = fc
    .array(fc.constantFrom('*', '**', '**/', '?', 'a', 'a*', '/', 'aa', '.'), { minLength: 1, maxLength: 60 })
    .map((parts) => parts.join(''));

  it.each([
    { kind: 'one letter', name: 'a'.repeat(4000) },
    { kind: 'segments', name: 'a/'.repeat(2000) },
  ])('takes time proportional to pattern times name: $kind', ({ name }) => {
    fc.assert(
      fc.property(pattern, (glob) => {
        expect(compileGlob(`${glob}b`)(name)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
