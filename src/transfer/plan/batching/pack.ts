/**
 * Packs groups into batches so that few bytes are transferred.
 *
 * A blob holds a content once, even if several of its artifacts share it. Finding the best batches is set packing, which
 * takes too long for a large registry, so this finds good ones. {@link naiveBytes} is the figure to compare them with.
 */
import type { Descriptor } from '../../model/artifact.ts';
import { cutOrder } from './cut.ts';
import { orderBySharedContent } from './order.ts';
import { estimateBlobBytes, toGroupSizes, type PackingGroup, type PackLimits } from './packing-group.ts';

/**
 * Estimated bytes of the blobs if batches are filled in the given order, as scripts do.
 * @param artifactsPerRun 1 to 50; a group that doesn't fit starts the next batch
 */
export function naiveBytes(groups: readonly PackingGroup<unknown>[], artifactsPerRun: number): number {
  return naiveBatches(groups, artifactsPerRun)
    .map((batch) => estimateBlobBytes(batch.flatMap(({ content }) => content)))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** Fills batches in the given order; see {@link naiveBytes}. */
export function naiveBatches<Item>(
  groups: readonly PackingGroup<Item>[],
  artifactsPerRun: number,
): readonly (readonly PackingGroup<Item>[])[] {
  const batches: PackingGroup<Item>[][] = [];
  let room = 0;
  for (const group of groups) {
    if (group.items.length > room || batches.length === 0) {
      batches.push([]);
      room = artifactsPerRun;
    }
    batches.at(-1)?.push(group);
    room -= group.items.length;
  }
  return batches;
}

/** Bytes of all content, each digest once: the least that has to be transferred to an empty target. */
export function distinctBytes(groups: readonly PackingGroup<unknown>[]): number {
  const distinct = new Map<string, Descriptor>();
  for (const content of groups.flatMap((group) => group.content)) {
    distinct.set(content.digest, content);
  }
  return distinct.values().reduce((sum, { size }) => sum + size, 0);
}

/** The items of one batch. */
export interface PackedBatch<Item> {
  /** In the order of their keys. */
  readonly items: readonly Item[];
  /** Estimated bytes of the blob: each content once, plus the overhead of the archive. */
  readonly bytes: number;
}

/**
 * Packs groups into batches. The same groups give the same batches, in any order.
 *
 * Without a limit of bytes, the total is at most that of batches that are filled in the order of the keys. There is at most
 * one batch in twenty more than if every batch were filled until no group fits.
 * @param keyOf orders items; no two items have the same key
 * @throws Error if a group has no items or exceeds the limits by itself; the caller has to exclude such groups
 */
export function packGroups<Item>(
  groups: readonly PackingGroup<Item>[],
  limits: PackLimits,
  keyOf: (item: Item) => string,
): readonly PackedBatch<Item>[] {
  for (const group of groups) {
    assertFits(group, limits);
  }
  const sorted = sortGroups(groups, keyOf);
  const sizes = toGroupSizes(sorted);
  const bySharedContent = cutOrder(orderBySharedContent(sizes, limits), sizes, limits);
  const byKey = cutOrder([...sorted.keys()], sizes, limits);
  const { batches } = bySharedContent.bytes <= byKey.bytes ? bySharedContent : byKey;
  return batches
    .map((batch) => [...batch].sort((a, b) => a - b))
    .sort(([a = 0], [b = 0]) => a - b)
    .map((batch) =>
      toPackedBatch(
        batch.flatMap((index) => sorted[index] ?? []),
        keyOf,
      ),
    );
}

function assertFits({ items, content }: PackingGroup<unknown>, limits: PackLimits): void {
  if (items.length === 0 || items.length > limits.artifacts) {
    throw new Error(`A group of ${items.length} artifacts doesn't fit into batches of 1 to ${limits.artifacts}.`);
  }
  const bytes = estimateBlobBytes(content);
  if (limits.bytes !== null && bytes > limits.bytes) {
    throw new Error(`A group of ${bytes} bytes doesn't fit into blobs of at most ${limits.bytes}.`);
  }
}

function sortGroups<Item>(
  groups: readonly PackingGroup<Item>[],
  keyOf: (item: Item) => string,
): readonly PackingGroup<Item>[] {
  return groups
    .map((group) => ({ group, key: group.items.map(keyOf).reduce((least, key) => (key < least ? key : least)) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ group }) => group);
}

// Compares code units, because the order must not depend on the locale.
const compareKeys = (a: string, b: string): number => Number(a > b) - Number(a < b);

const toPackedBatch = <Item>(
  groups: readonly PackingGroup<Item>[],
  keyOf: (item: Item) => string,
): PackedBatch<Item> => ({
  items: groups.flatMap(({ items }) => items).sort((a, b) => compareKeys(keyOf(a), keyOf(b))),
  bytes: estimateBlobBytes(groups.flatMap(({ content }) => content)),
});
