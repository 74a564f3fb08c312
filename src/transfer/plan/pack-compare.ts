/** What batches are compared with. */
import type { Content } from '../services.ts';
import { estimateBlobBytes } from './blob-bytes.ts';
import type { Parcel } from './parcel.ts';

/**
 * Estimated bytes of the blobs when batches are filled in the given order, as scripts do.
 * @param artifactsPerRun 1 to 50; a parcel that does not fit any more begins the next batch
 */
export function naiveBytes(parcels: readonly Parcel<unknown>[], artifactsPerRun: number): number {
  return naiveBatches(parcels, artifactsPerRun)
    .map((batch) => estimateBlobBytes(batch.flatMap(({ content }) => content)))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** The batches that come of filling each in the given order; see `naiveBytes`. */
export function naiveBatches<Item>(
  parcels: readonly Parcel<Item>[],
  artifactsPerRun: number,
): readonly (readonly Parcel<Item>[])[] {
  const batches: Parcel<Item>[][] = [];
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
export function distinctBytes(parcels: readonly Parcel<unknown>[]): number {
  const distinct = new Map<string, Content>();
  for (const content of parcels.flatMap((parcel) => parcel.content)) {
    distinct.set(content.digest, content);
  }
  return distinct.values().reduce((sum, { size }) => sum + size, 0);
}
