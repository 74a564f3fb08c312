/**
 * Parcels as numbers, so that ten thousand of them can be compared in moments: content that the same parcels hold (the
 * layers of one base) is one share, and content that only one parcel holds is only a number of bytes.
 */
import { blobBytes, entryBytes } from './blob-bytes.ts';
import type { PackLimits, Parcel } from './parcel.ts';

/** One parcel. */
export interface Load {
  readonly artifacts: number;
  /** Of all its entries in a blob. */
  readonly bytes: number;
  /** Of the entries that no other parcel has. */
  readonly ownBytes: number;
  /** What it has in common with others: places in `Loads.shares`. */
  readonly shares: readonly number[];
}

/** Content that the same parcels hold, two at least. */
export interface Share {
  /** Of its entries in a blob. */
  readonly bytes: number;
  /** Places in `Loads.all`, ascending. */
  readonly holders: readonly number[];
}

/** All parcels. */
export interface Loads {
  readonly all: readonly Load[];
  readonly shares: readonly Share[];
}

/** Counts artifacts and content of parcels. */
export function toLoads(parcels: readonly Parcel<unknown>[]): Loads {
  const all = parcels.map(({ items }) => ({ artifacts: items.length, bytes: 0, ownBytes: 0, shares: [] as number[] }));
  const shares: Share[] = [];
  for (const share of findShares(parcels)) {
    const isShared = share.holders.length > 1;
    for (const load of share.holders.flatMap((holder) => all[holder] ?? [])) {
      load.bytes += share.bytes;
      if (isShared) load.shares.push(shares.length);
      else load.ownBytes += share.bytes;
    }
    if (isShared) shares.push(share);
  }
  return { all, shares };
}

function findShares(parcels: readonly Parcel<unknown>[]): readonly Share[] {
  const contents = new Map<string, { readonly bytes: number; readonly holders: Set<number> }>();
  for (const [index, { content }] of parcels.entries()) {
    for (const one of content) {
      const known = contents.get(one.digest) ?? { bytes: entryBytes(one), holders: new Set() };
      contents.set(one.digest, known);
      known.holders.add(index);
    }
  }
  const byHolders = Map.groupBy(contents.values(), ({ holders }) => [...holders].join());
  return [...byHolders.values()].map((same) => ({
    bytes: same.reduce((sum, { bytes }) => sum + bytes, 0),
    holders: [...(same[0]?.holders ?? [])],
  }));
}

/** Whether so much is within the limits of one batch. */
export const withinLimits = (limits: PackLimits, artifacts: number, ofEntries: number): boolean =>
  artifacts <= limits.artifacts && (limits.bytes === null || blobBytes(ofEntries) <= limits.bytes);
