import { describe, expect, it } from '@jest/globals';
import { formatReference } from '../../../../src/transfer/model/reference.ts';
import { select, wouldSelect } from '../../../../src/transfer/plan/diff.ts';
import type { Listing } from '../../../../src/transfer/plan/repository.ts';
import { digestOf } from '../ports/registry.fixture.ts';
import { selectionOf } from '../ports/context.fixture.ts';

const REPOSITORY = 'team/api';
const DIGEST = digestOf('one');

const LISTING = {
  repository: REPOSITORY,
  manifests: new Map([[DIGEST, { digest: DIGEST, mediaType: 'm', size: 7, tags: [], locks: null }]]),
  tags: [],
} as unknown as Listing;

const selectWith = (...lines: readonly string[]) => {
  const { selected, excluded, matched } = select(selectionOf(lines), LISTING, 0);
  return {
    selected: selected.map(({ reference, where }) => `${where}: ${formatReference(reference)}`),
    excluded: excluded.map(({ where, reason }) => [where, reason.kind === 'excluded' ? reason.by : reason.kind]),
    matched: [...matched].map(({ where }) => where),
  };
};

describe('lines with a digest', () => {
  it('select the digest once, by the first line', () => {
    const { selected } = selectWith(`team/api@${DIGEST}`, `team/api@${DIGEST} optional`);
    expect(selected).toEqual([`line 1: team/api@${DIGEST}`]);
  });

  it("select nothing if the repository or the digest doesn't exist", () => {
    expect(selectWith(`team/web@${DIGEST}`, `team/api@${digestOf('gone')}`)).toEqual({
      selected: [],
      excluded: [],
      matched: [],
    });
  });

  it('match although another line excludes the digest', () => {
    expect(selectWith(`team/api@${DIGEST}`, `!team/api@${DIGEST}`)).toEqual({
      selected: [],
      excluded: [['line 1', 'line 2']],
      matched: ['line 1'],
    });
  });
});

describe('wouldSelect', () => {
  const would = (tag: string, ...lines: readonly string[]): boolean => wouldSelect(selectionOf(lines), REPOSITORY, tag);

  it.each([
    { lines: ['team/api:v1'], tag: 'v1', selected: true },
    { lines: ['team/api:v1'], tag: 'v2', selected: false },
    { lines: ['team/api:v*'], tag: 'v2', selected: true },
    { lines: ['team/api:v*'], tag: 'latest', selected: false },
    { lines: ['team/web:v*'], tag: 'v2', selected: false },
    { lines: ['team/api:* semver=^1'], tag: '1.2.3', selected: true },
    { lines: ['team/api:* semver=^1'], tag: '2.0.0', selected: false },
    { lines: [`team/api@${DIGEST}`], tag: 'v1', selected: false },
    { lines: ['team/api:*', '!team/api:v1'], tag: 'v1', selected: false },
    { lines: ['team/api:*', '!team/api:v1'], tag: 'v2', selected: true },
    { lines: ['!team/api:v1'], tag: 'v2', selected: false },
  ])('$tag by $lines: $selected', ({ lines, tag, selected }) => {
    expect(would(tag, ...lines)).toBe(selected);
  });
});
