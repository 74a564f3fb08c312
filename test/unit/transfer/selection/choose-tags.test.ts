import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SelectionLine } from '../../../../src/transfer/model/selection.ts';
import {
  chooseTags,
  excluderOf,
  literalRepositories,
  needsCatalog,
  needsTimes,
  type Tag,
  type TagSelection,
} from '../../../../src/transfer/selection/choose-tags.ts';
import { parseSelection } from '../../../../src/transfer/selection/parse.ts';
import { digestOf } from '../ports/registry.fixture.ts';

const DAY = 24 * 3600 * 1000;
const NOW = Date.UTC(2025, 5, 1);

const tag = (name: string, daysAgo: number | null = null): Tag => ({
  name,
  digest: digestOf(name),
  pushedAt: daysAgo === null ? null : NOW - daysAgo * DAY,
});

function linesOf(...texts: readonly string[]): readonly SelectionLine[] {
  const { lines, problems } = parseSelection(texts.join('\n'));
  expect(problems).toEqual([]);
  return lines;
}

const choose = (lines: readonly SelectionLine[], tags: readonly Tag[], repository = 'team/api'): TagSelection =>
  chooseTags(lines, repository, tags, NOW);

const names = (items: readonly { readonly tag: Tag }[]): readonly string[] => items.map((item) => item.tag.name);

const TAGS = [tag('v1.0.0', 40), tag('v1.1.0', 20), tag('v1.2.0-rc.1', 4), tag('v2.0.0', 2), tag('latest', 1)];

describe('chooseTags', () => {
  it.each([
    { text: 'team/api', selected: ['latest'] },
    { text: 'team/api:v2.0.0', selected: ['v2.0.0'] },
    { text: 'team/api:V2.0.0', selected: [] },
    { text: 'team/api:v1.*', selected: ['v1.0.0', 'v1.1.0', 'v1.2.0-rc.1'] },
    { text: 'team/*:v2*', selected: ['v2.0.0'] },
    { text: '**:latest', selected: ['latest'] },
    { text: 'team/web:*', selected: [] },
    { text: `team/api@${digestOf('latest')}`, selected: [] },
    { text: 'team/api:* semver=^1', selected: ['v1.0.0', 'v1.1.0'] },
    { text: 'team/api:* newest=2', selected: ['latest', 'v2.0.0'] },
    { text: 'team/api:* pushed-within=4d', selected: ['latest', 'v1.2.0-rc.1', 'v2.0.0'] },
    { text: 'team/api:* semver=* newest=2', selected: ['v1.1.0', 'v2.0.0'] },
    { text: 'team/api:* newest=9 pushed-within=1w semver=>=2', selected: ['v2.0.0'] },
  ])('$text selects $selected', ({ text, selected }) => {
    expect(names(choose(linesOf(text), TAGS).selected)).toEqual(selected);
  });

  it('names the first line that selects a tag', () => {
    const { selected } = choose(linesOf('team/api:v2*', 'team/*:*', 'team/api:latest'), TAGS);

    expect(selected.map((item) => `${item.tag.name} ${item.line.where}`)).toEqual([
      'latest line 2',
      'v1.0.0 line 2',
      'v1.1.0 line 2',
      'v1.2.0-rc.1 line 2',
      'v2.0.0 line 1',
    ]);
  });

  it('excludes by name and by digest before it counts the newest, and names the line', () => {
    const lines = linesOf(
      '!**:*-rc*',
      'team/api:v* newest=2',
      `!team/api@${digestOf('v2.0.0')}`,
      '!team/web:*',
      '!team/api:v2*',
    );
    const { selected, excluded } = choose(lines, TAGS);

    expect(names(selected)).toEqual(['v1.0.0', 'v1.1.0']);
    expect(excluded.map((item) => [item.tag.name, item.line.where, item.by.where])).toEqual([
      ['v1.2.0-rc.1', 'line 2', 'line 1'],
      ['v2.0.0', 'line 2', 'line 3'],
    ]);
  });

  it('counts a line as matched if all its tags are excluded', () => {
    const lines = linesOf('team/api:v2*', 'team/api:v3*', 'team/api:v1* pushed-within=1d', '!team/api:v2*');

    expect([...choose(lines, TAGS).matched].map(({ where }) => where)).toEqual(['line 1']);
  });

  it('orders tags of the same time by name, the greater first, and unknown times last', () => {
    const tags = [tag('a', 1), tag('c', 1), tag('b', 1), tag('d')];

    expect(names(choose(linesOf('**:* newest=2'), tags).selected)).toEqual(['b', 'c']);
    expect(names(choose(linesOf('**:* newest=4'), tags).selected)).toEqual(['a', 'b', 'c', 'd']);
    expect(names(choose(linesOf('**:* pushed-within=90w'), tags).selected)).toEqual(['a', 'b', 'c']);
  });

  it('selects referrer tags by name only', () => {
    const referrerTag = `${digestOf('v1').replace(':', '-')}.sig`;
    const tags = [tag(referrerTag), tag('v1')];

    expect(names(choose(linesOf('team/api:*'), tags).selected)).toEqual(['v1']);
    expect(names(choose(linesOf(`team/api:${referrerTag}`), tags).selected)).toEqual([referrerTag]);
  });
});

const anySelection = fc.shuffledSubarray(
  [
    'team/api',
    'team/api:v1.*',
    'team/*:v2*',
    '**:* semver=^1',
    'team/api:* newest=2',
    '*/api:* newest=3 pushed-within=20d',
    '**:v* newest=1 semver=>=1',
    '!**:*-rc*',
    '!team/api:v1.1*',
    `!team/api@${digestOf('v2.3.0')}`,
    '!team/*:latest',
  ],
  { minLength: 1 },
);

const anyTags = fc.uniqueArray(
  fc
    .tuple(
      fc.oneof(
        fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 9 }), fc.constantFrom('', '-rc.1')),
        fc.constant(null),
      ),
      fc.nat({ max: 30 }),
    )
    .map(([version, daysAgo]) =>
      version === null ? tag('latest', daysAgo) : tag(`v${version[0]}.${version[1]}.0${version[2]}`, daysAgo),
    ),
  { selector: ({ name }) => name, maxLength: 30 },
);

describe('chooseTags with any selection', () => {
  it('selects the same in every order of lines and tags', () => {
    const shuffled = fc
      .tuple(anySelection, anyTags)
      .chain(([texts, tags]) =>
        fc.tuple(
          fc.constant(texts),
          fc.constant(tags),
          fc.shuffledSubarray(texts, { minLength: texts.length }),
          fc.shuffledSubarray(tags, { minLength: tags.length }),
        ),
      );

    fc.assert(
      fc.property(shuffled, ([texts, tags, otherTexts, otherTags]) => {
        const one = choose(linesOf(...texts), tags);
        const other = choose(linesOf(...otherTexts), otherTags);
        const summary = ({ selected, excluded, matched }: TagSelection): unknown => [
          names(selected),
          names(excluded),
          [...matched].map(({ text }) => text).toSorted(),
        ];

        expect(summary(other)).toEqual(summary(one));
        expect(choose(linesOf(...texts), otherTags).selected.map((item) => item.line.where)).toEqual(
          one.selected.map((item) => item.line.where),
        );
      }),
    );
  });

  it('selects no excluded tag, no tag twice, and at most `newest` tags of a line', () => {
    fc.assert(
      fc.property(anySelection, anyTags, (texts, tags) => {
        const lines = linesOf(...texts);
        const { selected, excluded } = choose(lines, tags);
        const excludedNames = new Set(names(excluded));

        expect(
          names(selected).filter((name) => excludedNames.has(name) || excluderOf(lines, 'team/api', name) !== null),
        ).toEqual([]);
        expect(new Set(names(selected)).size).toBe(selected.length);
        for (const line of lines) {
          if (line.kind === 'exclude' || line.filters.newest === null) continue;
          const of = choose([line, ...lines.filter(({ kind }) => kind === 'exclude')], tags).selected;
          expect(of.length).toBeLessThanOrEqual(line.filters.newest);
        }
      }),
    );
  });
});

describe('excluderOf', () => {
  const referrerTag = `${digestOf('x').replace(':', '-')}.sig`;

  it.each([
    { text: '!team/api:v1', asked: 'v1', excluded: true },
    { text: '!team/api:v1', asked: digestOf('v1'), excluded: false },
    { text: '!team/api:v*', asked: 'v1', excluded: true },
    { text: '!team/web:v*', asked: 'v1', excluded: false },
    { text: `!**@${digestOf('v1')}`, asked: digestOf('v1'), excluded: true },
    { text: '!team/api:*a*', asked: digestOf('v1'), excluded: false },
    { text: '!team/api:*a*', asked: referrerTag, excluded: false },
    { text: `!team/api:${referrerTag}`, asked: referrerTag, excluded: true },
    { text: '!team/api:*', asked: digestOf('v1'), excluded: true },
    { text: '!team/**:*', asked: referrerTag, excluded: true },
    { text: 'team/api:*', asked: 'v1', excluded: false },
  ])('$text excludes $asked: $excluded', ({ text, asked, excluded }) => {
    expect(excluderOf(linesOf(text), 'team/api', asked)?.text ?? null).toBe(excluded ? text : null);
  });
});

describe('requirements of a selection', () => {
  const lines = linesOf('b:* newest=1', 'a', 'team/*:* pushed-within=1d', 'b:v1', '!c:1', '!x/*:*', 'd:* semver=^1');

  it.each([
    { repository: 'a', times: false },
    { repository: 'b', times: true },
    { repository: 'c', times: false },
    { repository: 'd', times: false },
    { repository: 'team/api', times: true },
  ])('needs the times of $repository: $times', ({ repository, times }) => {
    expect(needsTimes(lines, repository)).toBe(times);
  });

  it('needs the catalog for repository globs of lines that select', () => {
    expect(needsCatalog(lines).map(({ where }) => where)).toEqual(['line 3']);
  });

  it('names each literal repository once', () => {
    expect(literalRepositories(lines)).toEqual(['b', 'a', 'd']);
  });
});
