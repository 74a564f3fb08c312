import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Candidate } from '../../../../../src/transfer/model/plan.ts';
import { formatReference } from '../../../../../src/transfer/model/reference.ts';
import { groupBySubject } from '../../../../../src/transfer/plan/batching/group-by-subject.ts';
import { estimateBlobBytes, type PackLimits } from '../../../../../src/transfer/plan/batching/packing-group.ts';
import { digestOf, image, referrer } from '../../ports/registry.fixture.ts';
import { byDigest, reasonsOf, toTransferOf } from '../discover.fixture.ts';

const NO_LIMITS: PackLimits = { artifacts: 50, bytes: null };

const one = image('one');
const subject = toTransferOf(one, 'v1');

/** A referrer of {@link one}. */
const referring = (seed: string, changes: Partial<Candidate> = {}): Candidate =>
  toTransferOf(referrer(seed, one), null, { root: byDigest(one), ...changes });

const large = (size: number): Partial<Candidate> => ({ content: [{ digest: digestOf('large'), size }] });

const members = (items: readonly Candidate[], limits = NO_LIMITS): string[][] =>
  groupBySubject(items, limits).groups.map((group) => group.items.map(({ reference }) => formatReference(reference)));

/** Why artifacts are skipped: ids of errors, and other reasons. */
const reasons = (items: readonly Candidate[], limits = NO_LIMITS): string[] =>
  groupBySubject(items, limits).skipped.map(({ reason }) =>
    reason.kind === 'blocked' ? reason.failure.facts.id : reason.kind,
  );

describe('a subject and its referrers', () => {
  it('are one group, the subject first, with all content once', () => {
    const { groups } = groupBySubject([referring('signature'), subject, referring('sbom')], NO_LIMITS);

    expect(groups).toHaveLength(1);
    expect(groups[0]?.items[0]).toBe(subject);
    const digests = groups[0]?.content.map(({ digest }) => digest) ?? [];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests).toEqual(expect.arrayContaining([one.digest, digestOf('signature'), digestOf('sbom')]));
  });

  it('are one group without the subject, if it is up to date', () => {
    expect(members([referring('signature'), referring('sbom')])).toHaveLength(1);
  });

  it('are grouped with one tag of the subject only', () => {
    const items = [subject, toTransferOf(one, 'latest'), referring('signature')];

    expect(members(items)).toEqual([['team/api:latest', byDigest(referrer('signature', one))], ['team/api:v1']]);
  });

  it('are split if they are too many for one batch, the subject in the first part', () => {
    const items = [...Array.from({ length: 120 }, (_, index) => referring(`signature ${index}`)), subject];
    const parts = members(items);

    expect(parts.map((part) => part.length)).toEqual([50, 50, 21]);
    expect(parts[0]?.[0]).toBe('team/api:v1');
    expect(new Set(parts.flat()).size).toBe(121);
  });

  it('are split if they are too large for one blob', () => {
    const sbom = referring('sbom', large(100_000));
    const bytes = estimateBlobBytes(sbom.content) + 1000;

    expect(members([subject, sbom], { artifacts: 50, bytes })).toHaveLength(2);
  });

  it.each([
    { name: 'are one group if they are exactly as large as a blob is allowed to be', spare: 0, parts: 1 },
    { name: 'are split if they are one byte larger', spare: -1, parts: 2 },
  ])('$name', ({ spare, parts }) => {
    const signature = referring('signature');
    const bytes = estimateBlobBytes([...subject.content, ...signature.content]) + spare;

    expect(members([subject, signature], { artifacts: 50, bytes })).toHaveLength(parts);
  });

  it('are split in the same way in every order', () => {
    const items = [
      subject,
      toTransferOf(one, 'latest'),
      ...Array.from({ length: 8 }, (_, index) => referring(`${index}`)),
    ];
    const shuffled = fc.shuffledSubarray(items, { minLength: items.length });

    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 10 }), (order, artifacts) => {
        expect(members(order, { artifacts, bytes: null })).toEqual(members(items, { artifacts, bytes: null }));
      }),
    );
  });
});

describe('an artifact that cannot be transferred', () => {
  it('has foreign layers, and the message names the first five', () => {
    const foreign = Array.from({ length: 8 }, (_, index) => digestOf(`foreign ${index}`));
    const { groups, skipped } = groupBySubject([toTransferOf(one, 'v1', { foreign })], NO_LIMITS);
    const [reason] = skipped.map((item) => item.reason);

    expect([groups, reasons([toTransferOf(one, 'v1', { foreign })])]).toEqual([[], ['ACRT3012']]);
    const message = reason?.kind === 'blocked' ? reason.failure.facts.message : '';
    expect(foreign.filter((digest) => message.includes(digest))).toHaveLength(5);
  });

  it.each([
    { name: 'a layer of 8 GiB is allowed', size: 8 * 1024 ** 3, expected: [] },
    { name: 'a larger layer is not', size: 8 * 1024 ** 3 + 1, expected: ['ACRT3013'] },
  ])('is limited by the service: $name', ({ size, expected }) => {
    expect(reasons([toTransferOf(one, 'v1', large(size))])).toEqual(expected);
  });

  it.each([
    { name: 'the largest blob is allowed', spare: 0, expected: [] },
    { name: 'a larger one is not', spare: -1, expected: ['ACRT3013'] },
  ])('is limited by the size of a blob: $name', ({ spare, expected }) => {
    const bytes = estimateBlobBytes(subject.content) + spare;

    expect(reasons([subject], { artifacts: 50, bytes })).toEqual(expected);
  });

  it('blocks its referrers', () => {
    const items = [toTransferOf(one, 'v1', { foreign: ['sha256:f'] }), referring('signature')];

    expect(members(items)).toEqual([]);
    expect(reasons(items)).toEqual(['ACRT3012', 'subject-stays']);
  });

  it("doesn't block its subject", () => {
    const items = [subject, referring('sbom', large(9 * 1024 ** 3))];

    expect(members(items)).toEqual([['team/api:v1']]);
    expect(reasonsOf(groupBySubject(items, NO_LIMITS).skipped)).toEqual({
      [byDigest(referrer('sbom', one))]: 'blocked',
    });
  });
});
