/**
 * Groups to batches; compared with the naive way.
 *
 * Forms batches so that the same bytes travel as rarely as possible: a blob holds a content once, however many of its
 * artifacts share it. Nobody can find the best batches of a large registry (it is set packing), so this finds good ones.
 */
import type { Descriptor } from '../../model/artifact.ts';
import { cutOrder } from './cut.ts';
import { orderBySharedContent } from './order.ts';
import { estimateBlobBytes, toGroupSizes, type PackingGroup, type PackLimits } from './packing-group.ts';

/**
 * Estimated bytes of the blobs when batches are filled in the given order, as scripts do.
 * @param artifactsPerRun 1 to 50; a parcel that does not fit any more begins the next batch
 */
export function naiveBytes(parcels: readonly PackingGroup<unknown>[], artifactsPerRun: number): number {
  return naiveBatches(parcels, artifactsPerRun)
    .map((batch) => estimateBlobBytes(batch.flatMap(({ content }) => content)))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** The batches that come of filling each in the given order; see `naiveBytes`. */
export function naiveBatches<Item>(
  parcels: readonly PackingGroup<Item>[],
  artifactsPerRun: number,
): readonly (readonly PackingGroup<Item>[])[] {
  const batches: PackingGroup<Item>[][] = [];
  let room = 0;
  for (const parcel of parcels) {
    if (parcel.items.length > room || batches.length === 0) {
      batches.push([]);
      room = artifactsPerRun;
    }
    batches.at(-1)?.push(parcel);
    room -= parcel.items.length;
  }
  return batches;
}

/** Bytes of all content, each digest once: fewer can never travel to an empty target. */
export function distinctBytes(parcels: readonly PackingGroup<unknown>[]): number {
  const distinct = new Map<string, Descriptor>();
  for (const content of parcels.flatMap((parcel) => parcel.content)) {
    distinct.set(content.digest, content);
  }
  return distinct.values().reduce((sum, { size }) => sum + size, 0);
}

/** What goes into one batch. */
export interface PackedBatch<Item> {
  /** In the order of their keys. */
  readonly items: readonly Item[];
  /** Estimated bytes of the blob: content counted once, and what an archive adds. */
  readonly bytes: number;
}

/**
 * Packs parcels into batches. The same parcels give the same batches, in whatever order they are given.
 *
 * Without a limit of bytes it never comes to more bytes than batches that are filled in the order of the keys, and to at
 * most one batch in twenty more than if every batch were filled until no parcel fits.
 * @param keyOf orders items; no two items have the same key
 * @throws Error when a parcel has no items or is over the limits by itself: the caller has to sort those out
 */
export function packGroups<Item>(
  parcels: readonly PackingGroup<Item>[],
  limits: PackLimits,
  keyOf: (item: Item) => string,
): readonly PackedBatch<Item>[] {
  for (const parcel of parcels) {
    mustFit(parcel, limits);
  }
  const sorted = sortGroups(parcels, keyOf);
  const loads = toGroupSizes(sorted);
  const byShare = cutOrder(orderBySharedContent(loads, limits), loads, limits);
  const byKey = cutOrder([...sorted.keys()], loads, limits);
  const { batches } = byShare.bytes <= byKey.bytes ? byShare : byKey;
  return batches
    .map((batch) => [...batch].sort((a, b) => a - b))
    .sort(([a = 0], [b = 0]) => a - b)
    .map((batch) =>
      pack(
        batch.flatMap((index) => sorted[index] ?? []),
        keyOf,
      ),
    );
}

function mustFit({ items, content }: PackingGroup<unknown>, limits: PackLimits): void {
  if (items.length === 0 || items.length > limits.artifacts) {
    throw new Error(`A parcel of ${items.length} artifacts cannot go into batches of 1 to ${limits.artifacts}.`);
  }
  const bytes = estimateBlobBytes(content);
  if (limits.bytes !== null && bytes > limits.bytes) {
    throw new Error(`A parcel of ${bytes} bytes cannot go into blobs of at most ${limits.bytes}.`);
  }
}

function sortGroups<Item>(
  parcels: readonly PackingGroup<Item>[],
  keyOf: (item: Item) => string,
): readonly PackingGroup<Item>[] {
  return parcels
    .map((parcel) => ({ parcel, key: parcel.items.map(keyOf).reduce((least, key) => (key < least ? key : least)) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ parcel }) => parcel);
}

// By code unit: the order must not depend on the machine's language.
const compareKeys = (a: string, b: string): number => Number(a > b) - Number(a < b);

const pack = <Item>(parcels: readonly PackingGroup<Item>[], keyOf: (item: Item) => string): PackedBatch<Item> => ({
  items: parcels.flatMap(({ items }) => items).sort((a, b) => compareKeys(keyOf(a), keyOf(b))),
  bytes: estimateBlobBytes(parcels.flatMap(({ content }) => content)),
});
