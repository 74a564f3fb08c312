import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Descriptor } from '../../../../../src/transfer/model/artifact.ts';
import {
  distinctBytes,
  naiveBytes,
  packGroups,
  type PackedBatch,
} from '../../../../../src/transfer/plan/batching/pack.ts';
import {
  estimateBlobBytes,
  type PackingGroup,
  type PackLimits,
} from '../../../../../src/transfer/plan/batching/packing-group.ts';

const MB = 1_000_000;

const pack = (
  parcels: readonly PackingGroup<string>[],
  limits: Partial<PackLimits> = {},
): readonly PackedBatch<string>[] => packGroups(parcels, { artifacts: 50, bytes: null, ...limits }, (item) => item);

const parcel = (name: string, ...content: readonly Descriptor[]): PackingGroup<string> => ({
  items: [name],
  content: [...content, { digest: `manifest of ${name}`, size: 1000 }],
});

const layer = (digest: string, size = 30 * MB): Descriptor => ({ digest, size });

const itemsOf = (batches: readonly PackedBatch<string>[]): string[][] => batches.map(({ items }) => [...items]);

const totalBytes = (batches: readonly PackedBatch<string>[]): number =>
  batches.reduce((sum, { bytes }) => sum + bytes, 0);

/** Parcels that share content at random, some with referrers, in the order of their names. */
const anyParcels = fc
  .array(
    fc.record({
      referrers: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(2)),
      shares: fc.uniqueArray(fc.nat(12), { maxLength: 5 }),
      own: fc.nat(9 * MB),
    }),
    { maxLength: 70 },
  )
  .map((shapes) =>
    shapes.map(({ referrers, shares, own }, index): PackingGroup<string> => {
      const name = `team/api:${String(index).padStart(3, '0')}`;
      const content = shares.map((one) => layer(`layer ${one}`, one * one * MB));
      const items = [name, ...Array.from({ length: referrers }, (_, referrer) => `${name} referrer ${referrer}`)];
      return { items, content: [...content, { digest: `config ${name}`, size: own }] };
    }),
  );
const anyLimit = fc.integer({ min: 3, max: 20 });
const largest = (parcels: readonly PackingGroup<string>[]): number =>
  Math.max(1, ...parcels.map(({ items }) => items.length));
const contentOf = (parcels: readonly PackingGroup<string>[], items: readonly string[]): readonly Descriptor[] =>
  parcels.filter((one) => items.includes(one.items[0]!)).flatMap(({ content }) => content);

describe('packGroups', () => {
  it('packs nothing into no batch', () => {
    expect(pack([])).toEqual([]);
  });

  it.each([
    { name: 'fills a blob up to its limit', spare: 0, batches: 1 },
    { name: 'begins another blob for one byte more', spare: -1, batches: 2 },
  ])('$name', ({ spare, batches }) => {
    const parcels = [parcel('a', layer('one')), parcel('b', layer('two'))];
    const bytes = estimateBlobBytes(parcels.flatMap(({ content }) => content)) + spare;

    expect(pack(parcels, { bytes })).toHaveLength(batches);
  });

  it('puts those together that share a layer', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const parcels = names.map((name, index) => parcel(name, layer(index % 2 === 0 ? 'even' : 'odd')));

    expect(itemsOf(pack(parcels, { artifacts: 3 }))).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd', 'f'],
    ]);
  });

  it('counts what is shared once in a blob', () => {
    const shared = layer('shared');
    const parcels = [parcel('a', shared), parcel('b', shared)];

    expect(pack(parcels)).toEqual([
      { items: ['a', 'b'], bytes: estimateBlobBytes([shared, layer('manifest a', 1000), layer('manifest b', 1000)]) },
    ]);
  });

  it('cuts between groups rather than through them, for a batch more in twenty', () => {
    const groups = Array.from({ length: 70 }, (_, group) => layer(`group ${group}`));
    const parcels = groups.flatMap((shared, group) =>
      Array.from({ length: 7 }, (_, member) => parcel(`${String(group).padStart(2, '0')}-${member}`, shared)),
    );
    const batches = pack(parcels, { artifacts: 22 });

    expect(Math.ceil(parcels.length / 22)).toBe(23);
    expect(batches.length).toBe(24);
    expect(Math.floor(totalBytes(batches) / (30 * MB))).toBe(groups.length);
  });

  it('follows a chain in which each shares only with the next', () => {
    const names = Array.from({ length: 40 }, (_, index) => index);
    const parcels = names.map((index) =>
      parcel(`${(index * 17) % 40}`, layer(`link ${index}`), layer(`link ${index + 1}`)),
    );

    expect(totalBytes(pack(parcels, { artifacts: 10 }))).toBeLessThan(distinctBytes(parcels) + 3.2 * 30 * MB);
  });

  it('begins with what shares most with the batch before, so that no group is torn twice', () => {
    const parcels = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => parcel(name, layer(name < 'd' ? 'first' : 'second')));

    expect(itemsOf(pack(parcels, { artifacts: 2 }))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('orders the items of a batch by their keys, whatever the order within a parcel', () => {
    const content = [layer('one')];

    expect(itemsOf(pack([{ items: ['z', 'b'], content }, parcel('c')]))).toEqual([['b', 'c', 'z']]);
  });

  it.each([
    { name: 'with no items', one: { items: [], content: [] }, says: /0 artifacts/ },
    { name: 'with too many items', one: { items: ['a', 'b', 'c'], content: [] }, says: /3 artifacts/ },
    { name: 'with too many bytes', one: parcel('a', layer('large', 11 * MB)), says: /bytes cannot go/ },
  ])('refuses a parcel $name', ({ one, says }) => {
    expect(() => pack([one], { artifacts: 2, bytes: 10 * MB })).toThrow(says);
  });

  it('loses nothing, doubles nothing and tears no parcel', () => {
    fc.assert(
      fc.property(anyParcels, anyLimit, (parcels, artifacts) => {
        const batches = itemsOf(pack(parcels, { artifacts }));

        expect(batches.flat().sort()).toEqual(parcels.flatMap(({ items }) => items).sort());
        for (const { items } of parcels) {
          expect(batches.filter((batch) => items.some((item) => batch.includes(item)))).toHaveLength(1);
        }
      }),
    );
  });

  it('is never over a limit, and knows how large each blob will be', () => {
    fc.assert(
      fc.property(anyParcels, anyLimit, fc.nat(900 * MB), (parcels, artifacts, over) => {
        const bytes = Math.max(0, ...parcels.map(({ content }) => estimateBlobBytes(content))) + over;
        for (const batch of pack(parcels, { artifacts, bytes })) {
          expect(batch.items.length).toBeLessThanOrEqual(artifacts);
          expect(batch.bytes).toBeLessThanOrEqual(bytes);
          expect(batch.bytes).toBe(estimateBlobBytes(contentOf(parcels, batch.items)));
        }
      }),
    );
  });

  it('does not depend on the order in which parcels and their content are given', () => {
    const shuffled = anyParcels.chain((parcels) =>
      fc.record({
        parcels: fc.constant(parcels),
        others: fc
          .shuffledSubarray(parcels, { minLength: parcels.length })
          .map((some) => some.map((one) => ({ items: one.items.toReversed(), content: one.content.toReversed() }))),
      }),
    );
    fc.assert(
      fc.property(shuffled, anyLimit, fc.option(fc.constant(600 * MB)), ({ parcels, others }, artifacts, bytes) => {
        expect(pack(others, { artifacts, bytes })).toEqual(pack(parcels, { artifacts, bytes }));
      }),
    );
  });

  it('never comes to more bytes than filling batches in the order of the keys', () => {
    fc.assert(
      fc.property(anyParcels, anyLimit, (parcels, artifacts) => {
        expect(totalBytes(pack(parcels, { artifacts }))).toBeLessThanOrEqual(naiveBytes(parcels, artifacts));
      }),
    );
  });

  it('makes few batches more than the limit of artifacts asks for', () => {
    fc.assert(
      fc.property(anyParcels, anyLimit, (parcels, artifacts) => {
        const items = parcels.reduce((sum, one) => sum + one.items.length, 0);
        // A batch is closed only when a parcel does not fit, so it lacks less than the largest parcel.
        const fewest = Math.ceil(items / (artifacts - largest(parcels) + 1));
        expect(pack(parcels, { artifacts }).length).toBeLessThanOrEqual(Math.floor(fewest * 1.05));
      }),
    );
  });
});
