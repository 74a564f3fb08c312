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
  groups: readonly PackingGroup<string>[],
  limits: Partial<PackLimits> = {},
): readonly PackedBatch<string>[] => packGroups(groups, { artifacts: 50, bytes: null, ...limits }, (item) => item);

const group = (name: string, ...content: readonly Descriptor[]): PackingGroup<string> => ({
  items: [name],
  content: [...content, { digest: `manifest of ${name}`, size: 1000 }],
});

const layer = (digest: string, size = 30 * MB): Descriptor => ({ digest, size });

const itemsOf = (batches: readonly PackedBatch<string>[]): string[][] => batches.map(({ items }) => [...items]);

const totalBytes = (batches: readonly PackedBatch<string>[]): number =>
  batches.reduce((sum, { bytes }) => sum + bytes, 0);

/** Groups that share content at random, some with referrers, in the order of their names. */
const anyGroups = fc
  .array(
    fc.record({
      referrers: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(2)),
      shared: fc.uniqueArray(fc.nat(12), { maxLength: 5 }),
      own: fc.nat(9 * MB),
    }),
    { maxLength: 70 },
  )
  .map((shapes) =>
    shapes.map(({ referrers, shared, own }, index): PackingGroup<string> => {
      const name = `team/api:${String(index).padStart(3, '0')}`;
      const content = shared.map((one) => layer(`layer ${one}`, one * one * MB));
      const items = [name, ...Array.from({ length: referrers }, (_, referrer) => `${name} referrer ${referrer}`)];
      return { items, content: [...content, { digest: `config ${name}`, size: own }] };
    }),
  );
const anyLimit = fc.integer({ min: 3, max: 20 });
const largest = (groups: readonly PackingGroup<string>[]): number =>
  Math.max(1, ...groups.map(({ items }) => items.length));
const contentOf = (groups: readonly PackingGroup<string>[], items: readonly string[]): readonly Descriptor[] =>
  groups.filter((one) => items.includes(one.items[0]!)).flatMap(({ content }) => content);

describe('packGroups', () => {
  it('packs no groups into no batches', () => {
    expect(pack([])).toEqual([]);
  });

  it.each([
    { name: 'fills a blob up to its limit', spare: 0, batches: 1 },
    { name: 'starts another blob for one byte more', spare: -1, batches: 2 },
  ])('$name', ({ spare, batches }) => {
    const groups = [group('a', layer('one')), group('b', layer('two'))];
    const bytes = estimateBlobBytes(groups.flatMap(({ content }) => content)) + spare;

    expect(pack(groups, { bytes })).toHaveLength(batches);
  });

  it('puts groups that share a layer into one batch', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const groups = names.map((name, index) => group(name, layer(index % 2 === 0 ? 'even' : 'odd')));

    expect(itemsOf(pack(groups, { artifacts: 3 }))).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd', 'f'],
    ]);
  });

  it('counts shared content once in a blob', () => {
    const shared = layer('shared');
    const groups = [group('a', shared), group('b', shared)];

    expect(pack(groups)).toEqual([
      { items: ['a', 'b'], bytes: estimateBlobBytes([shared, layer('manifest a', 1000), layer('manifest b', 1000)]) },
    ]);
  });

  it('cuts between groups that share a layer, with at most one more batch in twenty', () => {
    const layers = Array.from({ length: 70 }, (_, index) => layer(`layer ${index}`));
    const groups = layers.flatMap((shared, index) =>
      Array.from({ length: 7 }, (_, member) => group(`${String(index).padStart(2, '0')}-${member}`, shared)),
    );
    const batches = pack(groups, { artifacts: 22 });

    expect(Math.ceil(groups.length / 22)).toBe(23);
    expect(batches.length).toBe(24);
    expect(Math.floor(totalBytes(batches) / (30 * MB))).toBe(layers.length);
  });

  it('follows a chain in which each group shares a layer with the next', () => {
    const names = Array.from({ length: 40 }, (_, index) => index);
    const groups = names.map((index) =>
      group(`${(index * 17) % 40}`, layer(`link ${index}`), layer(`link ${index + 1}`)),
    );

    expect(totalBytes(pack(groups, { artifacts: 10 }))).toBeLessThan(distinctBytes(groups) + 3.2 * 30 * MB);
  });

  it('starts a batch with the group that shares most with the batch before', () => {
    const groups = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => group(name, layer(name < 'd' ? 'first' : 'second')));

    expect(itemsOf(pack(groups, { artifacts: 2 }))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('orders the items of a batch by their keys', () => {
    const content = [layer('one')];

    expect(itemsOf(pack([{ items: ['z', 'b'], content }, group('c')]))).toEqual([['b', 'c', 'z']]);
  });

  it.each([
    { name: 'with no items', one: { items: [], content: [] }, says: /0 artifacts/ },
    { name: 'with too many items', one: { items: ['a', 'b', 'c'], content: [] }, says: /3 artifacts/ },
    { name: 'with too many bytes', one: group('a', layer('large', 11 * MB)), says: /bytes doesn't fit/ },
  ])('refuses a group $name', ({ one, says }) => {
    expect(() => pack([one], { artifacts: 2, bytes: 10 * MB })).toThrow(says);
  });

  it('packs every item once, and splits no group', () => {
    fc.assert(
      fc.property(anyGroups, anyLimit, (groups, artifacts) => {
        const batches = itemsOf(pack(groups, { artifacts }));

        expect(batches.flat().sort()).toEqual(groups.flatMap(({ items }) => items).sort());
        for (const { items } of groups) {
          expect(batches.filter((batch) => items.some((item) => batch.includes(item)))).toHaveLength(1);
        }
      }),
    );
  });

  it('exceeds no limit, and estimates the size of each blob', () => {
    fc.assert(
      fc.property(anyGroups, anyLimit, fc.nat(900 * MB), (groups, artifacts, over) => {
        const bytes = Math.max(0, ...groups.map(({ content }) => estimateBlobBytes(content))) + over;
        for (const batch of pack(groups, { artifacts, bytes })) {
          expect(batch.items.length).toBeLessThanOrEqual(artifacts);
          expect(batch.bytes).toBeLessThanOrEqual(bytes);
          expect(batch.bytes).toBe(estimateBlobBytes(contentOf(groups, batch.items)));
        }
      }),
    );
  });

  it('packs the same batches in every order of groups and their content', () => {
    const shuffled = anyGroups.chain((groups) =>
      fc.record({
        groups: fc.constant(groups),
        others: fc
          .shuffledSubarray(groups, { minLength: groups.length })
          .map((some) => some.map((one) => ({ items: one.items.toReversed(), content: one.content.toReversed() }))),
      }),
    );
    fc.assert(
      fc.property(shuffled, anyLimit, fc.option(fc.constant(600 * MB)), ({ groups, others }, artifacts, bytes) => {
        expect(pack(others, { artifacts, bytes })).toEqual(pack(groups, { artifacts, bytes }));
      }),
    );
  });

  it('never has more bytes than batches that are filled in the order of the keys', () => {
    fc.assert(
      fc.property(anyGroups, anyLimit, (groups, artifacts) => {
        expect(totalBytes(pack(groups, { artifacts }))).toBeLessThanOrEqual(naiveBytes(groups, artifacts));
      }),
    );
  });

  it('has at most one batch in twenty more than the limit of artifacts requires', () => {
    fc.assert(
      fc.property(anyGroups, anyLimit, (groups, artifacts) => {
        const items = groups.reduce((sum, one) => sum + one.items.length, 0);
        // A batch is closed only when a group does not fit, so its free space is smaller than the largest group.
        const fewest = Math.ceil(items / (artifacts - largest(groups) + 1));
        expect(pack(groups, { artifacts }).length).toBeLessThanOrEqual(Math.floor(fewest * 1.05));
      }),
    );
  });
});
