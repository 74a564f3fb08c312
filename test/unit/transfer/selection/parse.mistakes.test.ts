import { describe, expect, it } from '@jest/globals';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';

const HEX = '0a'.repeat(32);

describe('mistakes in a selection', () => {
  it.each([
    // Options
    ['team/api semver=^1', 10, 'options need a pattern of tags: team/api:* semver=^1'],
    ['team/api:v1 newest=5', 13, 'team/api:* newest=5'],
    [`team/api@sha256:${HEX} newest=5 optional`, 82, 'team/api:* newest=5'],
    ['a:* semvar=^1', 5, '"semvar=" is not an option; did you mean semver=^1?'],
    ['a:* pushed_within=3d', 5, 'did you mean pushed-within=3d?'],
    ['a:* NEWEST=5', 5, 'did you mean newest=5?'],
    ['a:* latest=5', 5, 'did you mean newest=5?'],
    ['a:* since=5d', 5, 'did you mean pushed-within=5d?'],
    ['a:* version=1', 5, 'did you mean semver=1?'],
    ['a:* colour=red', 5, 'the options are semver=, newest=, pushed-within= and, as the last word, optional'],
    ['a:* constructor=1', 5, '"constructor=" is not an option; the options are'],
    ['a tag=v1', 3, 'write the tag after its repository: team/api:v1'],
    ['a digest=sha256:1', 3, 'team/api@sha256:…'],
    ['a:* exclude=*-rc*', 5, '!team/api:*-rc*'],
    ['a:* optional=true', 5, 'optional has no value'],
    ['a:* semver=^1 newest=1 semver=^2', 24, 'semver= appears twice'],
    ['a:* semver=', 12, 'semver= needs a value directly after it: semver=^1.2'],
    ['a:* newest= 5', 12, 'newest= needs a value directly after it: newest=5'],
    ['a:* semver = ^1', 5, 'as one word: semver=^1.2'],
    ['a:* newest 5', 5, 'as one word: newest=5'],
    ['a:* newest:5', 5, 'as one word: newest=5'],
    ['a:* newst', 5, '"newst" is not an option; did you mean newest=5?'],
    ['a:* semver=>=1.2 <2', 18, 'write a comma instead of a space in a range: semver=>=1.2,<2'],
    ['a:* semver=^1 || ^2', 15, 'semver=^1,||'],
    ['a:* semver=banana', 12, '"banana" is not a range of versions'],
    ['a:* semver="^1"', 12, 'without quotes: semver=^1.2'],
    ['a:* newest=0', 12, '"0" is not a number from 1 to 10000'],
    ['a:* newest=10001', 12, 'from 1 to 10000'],
    ['a:* newest=1e3', 12, 'from 1 to 10000'],
    ['a:* pushed-within=30', 19, 'pushed-within=12h, 30d, or 4w'],
    ['a:* pushed-within=5m', 19, 'hours, days, or weeks'],
    ['a:* pushed-within=0d', 19, '"0d" is not a duration'],
    // optional
    ['a:* optinal', 5, 'did you mean optional?'],
    ['a:* optional newest=5', 5, 'optional is the last word of its line'],
    ['a:* Optional', 5, 'once and in lower case'],
    ['a:* optional optional', 5, 'once and in lower case'],
    ['optional a:*', 1, 'optional is the last word: a:* optional'],
    ['optional', 1, 'to select a repository of this name, write optional:latest'],
    // Exclusions
    ['!team/legacy', 1, '!team/legacy:* (all tags) or !team/legacy:latest'],
    ['!team/**', 1, '!team/**:* (all tags) or !team/**:latest'],
    ['!', 1, 'directly after !'],
    ['! a:1', 2, 'remove the space after !: !a:1'],
    ['!!a:1', 2, 'write one ! to exclude'],
    ['!a:* newest=5', 6, 'neither options nor more artifacts: write !a:*'],
    ['!a:1 b:1', 6, 'neither options nor more artifacts: write !a:1'],
    ['!a:1 optional', 6, 'write !a:1 alone'],
    ['  !A:1', 4, 'repositories are lower case: a'],
    // Patterns
    ['team/*', 1, 'team/*:* (all tags) or team/*:latest'],
    ['**/x semver=^1', 1, '**/x:* (all tags)'],
    [`*@sha256:${HEX}`, 1, 'a digest belongs to one repository'],
    ['a@sha256:0a*', 3, 'write a digest in full'],
    ['team/{a,b}:1', 6, '{ is not allowed: only * ** and ? are special; write a line for each case'],
    ['a:v[12]', 4, '[ is not allowed'],
    ['a:@(b|c)', 4, '( is not allowed'],
    ['a:\\*', 3, '\\ is not allowed'],
    ['-*/a:1', 1, '"-*/a" is not a repository name'],
    ['a:-*', 3, '"-*" is not a tag'],
    ['team//*:1', 1, '"team//*" is not a repository name'],
    ['Team/*:V*', 1, 'repositories are lower case: team/*'],
    ['*.azurecr.io/a:1', 1, 'leave the login server out'],
    // References
    ['contoso.azurecr.io/a:1', 1, 'leave the login server out'],
    ['https://contoso.azurecr.io/a:1', 1, 'leave the scheme and the login server out'],
    ['a:1,b:1', 4, ', is not allowed: write one artifact per line'],
    ['a:1 b:1', 5, 'write one artifact per line: "b:1" needs its own line'],
    ['a:1 server:1', 5, 'write one artifact per line: "server:1" needs its own line'],
    ['"a:1"', 1, 'without quotes'],
    [':v1', 1, '"" is not a repository name'],
    ['a:', 3, '"" is not a tag'],
    ['nginx:v1#2', 7, '"v1#2" is not a tag'],
    ['a@sha256:12', 3, '"sha256:12" is not a digest'],
    [`a:v1@sha256:${HEX}`, 2, 'either a tag or a digest, not both'],
    ['semver=^1', 1, 'name the artifacts first: team/api:* semver=^1'],
    // Invisible characters
    ['a:1\u00A0optional', 4, 'invisible character U+00A0'],
    ['a:\u200B1', 3, 'invisible character U+200B'],
    ['a:1\u2028b:1', 4, 'invisible character U+2028'],
    ['a:1\u0000', 4, 'invisible character U+0000'],
    ['\u00A0', 1, 'invisible character U+00A0'],
  ])('%j, column %i', (text, column, problem) => {
    expect(parseSelection(text)).toEqual({
      lines: [],
      problems: [
        { where: `line 1, column ${column}`, text: expect.any(String), problem: expect.stringContaining(problem) },
      ],
    });
  });

  it('truncates a line that is too long, without counting its comment', () => {
    const { lines, problems } = parseSelection(
      `  a:${'*'.repeat(511)}\na:1 #${'-'.repeat(1000)}\na:${'*'.repeat(510)}`,
    );

    expect(problems).toEqual([
      {
        where: 'line 1, column 515',
        text: `a:${'*'.repeat(58)}…`,
        problem: 'longer than 512 characters; write one artifact per line',
      },
    ]);
    expect(lines.map(({ where }) => where)).toEqual(['line 2', 'line 3']);
  });

  it('escapes characters that change how the log is displayed', () => {
    expect(parseSelection('a:\u001B[31m\u202Ex').problems[0]?.text).toBe('a:\uFFFD[31m\uFFFDx');
  });
});
