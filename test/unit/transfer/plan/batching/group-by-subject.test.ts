import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { ToTransfer } from '../../../../../src/transfer/model/plan.ts';
import { formatReference } from '../../../../../src/transfer/model/reference.ts';
import { groupBySubject } from '../../../../../src/transfer/plan/batching/group-by-subject.ts';
import { estimateBlobBytes, type PackLimits } from '../../../../../src/transfer/plan/batching/packing-group.ts';
import { digestOf, image, referrer } from '../../ports/registry.fixture.ts';
import { byDigest, reasonsOf, travelling } from '../discover.fixture.ts';

const NO_LIMITS: PackLimits = { artifacts: 50, bytes: null };

const one = image('one');
const subject = travelling(one, 'v1');

/** Something that refers to {@link one}. */
const referring = (seed: string, changes: Partial<ToTransfer> = {}): ToTransfer =>
  travelling(referrer(seed, one), null, { root: byDigest(one), ...changes });

const large = (size: number): Partial<ToTransfer> => ({ content: [{ digest: digestOf('large'), size }] });

const members = (items: readonly ToTransfer[], limits = NO_LIMITS): string[][] =>
  groupBySubject(items, limits).parcels.map((parcel) =>
    parcel.items.map(({ reference }) => formatReference(reference)),
  );

/** Ids of what keeps artifacts from travelling, and other reasons why they stay. */
const obstacles = (items: readonly ToTransfer[], limits = NO_LIMITS): string[] =>
  groupBySubject(items, limits).staying.map(({ reason }) =>
    reason.kind === 'blocked' ? reason.failure.facts.id : reason.kind,
  );

describe('what belongs together', () => {
  it('is one parcel, the subject first, with all content once', () => {
    const { parcels } = groupBySubject([referring('signature'), subject, referring('sbom')], NO_LIMITS);

    expect(parcels).toHaveLength(1);
    expect(parcels[0]?.items[0]).toBe(subject);
    const digests = parcels[0]?.content.map(({ digest }) => digest) ?? [];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests).toEqual(expect.arrayContaining([one.digest, digestOf('signature'), digestOf('sbom')]));
  });

  it('is one parcel without its subject, when that is there already', () => {
    expect(members([referring('signature'), referring('sbom')])).toHaveLength(1);
  });

  it('are not two tags of one digest: either may go where there is room', () => {
    const items = [subject, travelling(one, 'latest'), referring('signature')];

    expect(members(items)).toEqual([['team/api:latest', byDigest(referrer('signature', one))], ['team/api:v1']]);
  });

  it('is split where it is too much for one batch, the subject in the first part', () => {
    const items = [...Array.from({ length: 120 }, (_, index) => referring(`signature ${index}`)), subject];
    const parts = members(items);

    expect(parts.map((part) => part.length)).toEqual([50, 50, 21]);
    expect(parts[0]?.[0]).toBe('team/api:v1');
    expect(new Set(parts.flat()).size).toBe(121);
  });

  it('is split where it is too large for one blob', () => {
    const sbom = referring('sbom', large(100_000));
    const bytes = estimateBlobBytes(sbom.content) + 1000;

    expect(members([subject, sbom], { artifacts: 50, bytes })).toHaveLength(2);
  });

  it.each([
    { name: 'stays together if it is exactly as large as a blob is allowed to be', spare: 0, parts: 1 },
    { name: 'is split if it is one byte larger', spare: -1, parts: 2 },
  ])('$name', ({ spare, parts }) => {
    const signature = referring('signature');
    const bytes = estimateBlobBytes([...subject.content, ...signature.content]) + spare;

    expect(members([subject, signature], { artifacts: 50, bytes })).toHaveLength(parts);
  });

  it('is split in the same places whatever the order', () => {
    const items = [
      subject,
      travelling(one, 'latest'),
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

describe('what cannot travel', () => {
  it('has foreign layers, and the message names them, up to a number', () => {
    const foreign = Array.from({ length: 8 }, (_, index) => digestOf(`foreign ${index}`));
    const { parcels, staying } = groupBySubject([travelling(one, 'v1', { foreign })], NO_LIMITS);
    const [reason] = staying.map((item) => item.reason);

    expect([parcels, obstacles([travelling(one, 'v1', { foreign })])]).toEqual([[], ['ACRT3012']]);
    const message = reason?.kind === 'blocked' ? reason.failure.facts.message : '';
    expect(foreign.filter((digest) => message.includes(digest))).toHaveLength(5);
  });

  it.each([
    { name: 'a layer of 8 GiB', size: 8 * 1024 ** 3, expected: [] },
    { name: 'a layer of more', size: 8 * 1024 ** 3 + 1, expected: ['ACRT3013'] },
  ])('judges $name', ({ size, expected }) => {
    expect(obstacles([travelling(one, 'v1', large(size))])).toEqual(expected);
  });

  it.each([
    { name: 'as large as a blob may be', spare: 0, expected: [] },
    { name: 'larger than a blob may be', spare: -1, expected: ['ACRT3013'] },
  ])('judges an artifact that is $name', ({ spare, expected }) => {
    const bytes = estimateBlobBytes(subject.content) + spare;

    expect(obstacles([subject], { artifacts: 50, bytes })).toEqual(expected);
  });

  it('keeps what refers to it with it', () => {
    const items = [travelling(one, 'v1', { foreign: ['sha256:f'] }), referring('signature')];

    expect(members(items)).toEqual([]);
    expect(obstacles(items)).toEqual(['ACRT3012', 'subject-stays']);
  });

  it('does not keep its subject, when it only refers to something', () => {
    const items = [subject, referring('sbom', large(9 * 1024 ** 3))];

    expect(members(items)).toEqual([['team/api:v1']]);
    expect(reasonsOf(groupBySubject(items, NO_LIMITS).staying)).toEqual({
      [byDigest(referrer('sbom', one))]: 'blocked',
    });
  });
});
