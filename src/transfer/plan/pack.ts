/**
 * Forms batches so that the same bytes travel as rarely as possible: a blob holds a content once, however many of its
 * artifacts share it. Nobody can find the best batches of a large registry (it is set packing), so this finds good ones.
 */
import { estimateBlobBytes } from './blob-bytes.ts';
import { cutRow } from './pack-cut.ts';
import { toLoads } from './pack-load.ts';
import { shareRow } from './pack-row.ts';
import type { PackLimits, Parcel } from './parcel.ts';

/** What goes into one batch. */
export interface Packed<Item> {
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
export function packParcels<Item>(
  parcels: readonly Parcel<Item>[],
  limits: PackLimits,
  keyOf: (item: Item) => string,
): readonly Packed<Item>[] {
  for (const parcel of parcels) {
    mustFit(parcel, limits);
  }
  const sorted = sortParcels(parcels, keyOf);
  const loads = toLoads(sorted);
  const byShare = cutRow(shareRow(loads, limits), loads, limits);
  const byKey = cutRow([...sorted.keys()], loads, limits);
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

function mustFit({ items, content }: Parcel<unknown>, limits: PackLimits): void {
  if (items.length === 0 || items.length > limits.artifacts) {
    throw new Error(`A parcel of ${items.length} artifacts cannot go into batches of 1 to ${limits.artifacts}.`);
  }
  const bytes = estimateBlobBytes(content);
  if (limits.bytes !== null && bytes > limits.bytes) {
    throw new Error(`A parcel of ${bytes} bytes cannot go into blobs of at most ${limits.bytes}.`);
  }
}

function sortParcels<Item>(parcels: readonly Parcel<Item>[], keyOf: (item: Item) => string): readonly Parcel<Item>[] {
  return parcels
    .map((parcel) => ({ parcel, key: parcel.items.map(keyOf).reduce((least, key) => (key < least ? key : least)) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ parcel }) => parcel);
}

// By code unit: the order must not depend on the machine's language.
const compareKeys = (a: string, b: string): number => Number(a > b) - Number(a < b);

const pack = <Item>(parcels: readonly Parcel<Item>[], keyOf: (item: Item) => string): Packed<Item> => ({
  items: parcels.flatMap(({ items }) => items).sort((a, b) => compareKeys(keyOf(a), keyOf(b))),
  bytes: estimateBlobBytes(parcels.flatMap(({ content }) => content)),
});
