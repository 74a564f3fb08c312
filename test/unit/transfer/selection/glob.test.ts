import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import picomatch from 'picomatch';
import { compileGlob } from '../../../../src/transfer/selection/glob.ts';

const segment = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), minLength: 1, maxLength: 6 });
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

describe('compileGlob', () => {
  it.each([
    { glob: 'team/*', matches: ['team/api', 'team/a.b'], not: ['team', 'team/api/v2', 'teams/api'] },
    { glob: 'team/**', matches: ['team/api', 'team/api/v2'], not: ['team', 'teams/api', 'my/team/api'] },
    { glob: '**', matches: ['api', 'team/api/v2'], not: [] },
    { glob: '*', matches: ['api', ''], not: ['team/api', '/api'] },
    { glob: '**/api', matches: ['api', 'team/api', 'team/x/api'], not: ['team/my-api', 'api/x'] },
    { glob: 'team/**/api', matches: ['team/api', 'team/x/y/api'], not: ['team/xapi', 'teamapi'] },
    { glob: 'team/*/api', matches: ['team/x/api'], not: ['team/api', 'team/x/y/api'] },
    { glob: 'team/v**', matches: ['team/v', 'team/v1', 'team/v1/api'], not: ['team/api'] },
    { glob: 'a**/b', matches: ['a/b', 'ax/y/b'], not: ['ab', 'b'] },
    { glob: 'v1.*', matches: ['v1.', 'v1.2.3'], not: ['v1', 'v10', 'v12.'] },
    { glob: 'v1.?', matches: ['v1.2', 'v1..'], not: ['v1.', 'v1.10'] },
    { glob: '*-rc*', matches: ['1-rc1', '-rc'], not: ['1-RC1', '1.rc'] },
    { glob: 'a?c', matches: ['abc'], not: ['a/c', 'ac'] },
    { glob: 'x+y.z', matches: ['x+y.z'], not: ['xxy.z', 'x+y-z'] },
    { glob: 'latest', matches: ['latest'], not: ['latest2', 'my-latest', ''] },
  ])('$glob', ({ glob, matches, not }) => {
    const matcher = compileGlob(glob);

    expect(matches.filter((text) => !matcher(text))).toEqual([]);
    expect(not.filter(matcher)).toEqual([]);
  });

  it('agrees with picomatch on the rules that both have', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '?', 'c'), minLength: 1, maxLength: 4 });
    const starred = fc.tuple(part, part).map(([before, after]) => `${before}*${after}`);
    const pattern = fc
      .tuple(fc.array(fc.oneof(part, starred, fc.constant('*'), fc.constant('**')), { maxLength: 4 }), part)
      .map(([parts, last]) => [...parts, last].join('/'))
      .filter((text) => !text.includes('**/**'));

    fc.assert(
      fc.property(pattern, path, (glob, text) => {
        fc.pre(text.split('/').every((name) => !/^\.{1,2}$/.test(name)));
        fc.pre(glob.split('/').every((name) => !/^\.{1,2}$/.test(name)));

        expect(compileGlob(glob)(text)).toBe(picomatch(glob, { dot: true })(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('never matches a slash with *', () => {
    const oneSegment = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1 });

    fc.assert(
      fc.property(oneSegment, path, (glob, text) => {
        const matcher = compileGlob(glob.replaceAll(/\*{2,}/g, '*'));
        expect(matcher(`${text}/a`)).toBe(false);
      }),
    );
  });

  it('matches a text in which ** replaces any part', () => {
    fc.assert(
      fc.property(path, fc.nat(), fc.nat(), (text, one, other) => {
        const [start, end] = [one % (text.length + 1), other % (text.length + 1)].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        const glob = `${text.slice(0, start)}**${text.slice(end)}`;
        // Between slashes, ** matches whole segments.
        fc.pre(!/(?:^|\/)\*\*\//.test(glob));

        expect(compileGlob(glob)(text)).toBe(true);
      }),
    );
  });

  it('terminates for patterns that take a regular expression years', () => {
    expect(compileGlob(`${'*a'.repeat(200)}*b`)('a'.repeat(256))).toBe(false);
    expect(compileGlob(`${'**/'.repeat(100)}b`)('a/'.repeat(128))).toBe(false);
  });
});
