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

const picked = (...lines: readonly string[]) => {
  const { picked: items, excluded, matched } = select(selectionOf(lines), LISTING, 0);
  return {
    picked: items.map(({ reference, where }) => `${where}: ${formatReference(reference)}`),
    excluded: excluded.map(({ where, reason }) => [where, reason.kind === 'excluded' ? reason.by : reason.kind]),
    matched: [...matched].map(({ where }) => where),
  };
};

describe('lines with a digest', () => {
  it('select it once, by the first of them', () => {
    const { picked: items } = picked(`team/api@${DIGEST}`, `team/api@${DIGEST} optional`);
    expect(items).toEqual([`line 1: team/api@${DIGEST}`]);
  });

  it('select nothing of another repository, or that is not there', () => {
    expect(picked(`team/web@${DIGEST}`, `team/api@${digestOf('gone')}`)).toEqual({
      picked: [],
      excluded: [],
      matched: [],
    });
  });

  it('are matched although another line leaves the digest out', () => {
    expect(picked(`team/api@${DIGEST}`, `!team/api@${DIGEST}`)).toEqual({
      picked: [],
      excluded: [['line 1', 'line 2']],
      matched: ['line 1'],
    });
  });
});

describe('wouldSelect', () => {
  const would = (tag: string, ...lines: readonly string[]): boolean => wouldSelect(selectionOf(lines), REPOSITORY, tag);

  it.each([
    { lines: ['team/api:v1'], tag: 'v1', picks: true },
    { lines: ['team/api:v1'], tag: 'v2', picks: false },
    { lines: ['team/api:v*'], tag: 'v2', picks: true },
    { lines: ['team/api:v*'], tag: 'latest', picks: false },
    { lines: ['team/web:v*'], tag: 'v2', picks: false },
    { lines: ['team/api:* semver=^1'], tag: '1.2.3', picks: true },
    { lines: ['team/api:* semver=^1'], tag: '2.0.0', picks: false },
    { lines: [`team/api@${DIGEST}`], tag: 'v1', picks: false },
    { lines: ['team/api:*', '!team/api:v1'], tag: 'v1', picks: false },
    { lines: ['team/api:*', '!team/api:v1'], tag: 'v2', picks: true },
    { lines: ['!team/api:v1'], tag: 'v2', picks: false },
  ])('$tag by $lines: $picks', ({ lines, tag, picks }) => {
    expect(would(tag, ...lines)).toBe(picks);
  });
});
