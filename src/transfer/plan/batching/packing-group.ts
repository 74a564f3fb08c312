/**
 * Groups, their sizes and shared content.
 *
 * How large a transfer blob will be. It is a tar (`catalogDigest` in the service's specification); what lies in it beside
 * the content, and whether it is compressed, is not known (service notes, C), so the estimate errs upwards a little.
 */
import type { Descriptor } from '../../model/artifact.ts';

const TAR_BLOCK = 512;

/** Two closing blocks, and room for documents that list 50 artifacts at some 600 bytes each, bytes. */
const FRAME_BYTES = 2 * TAR_BLOCK + 32 * 1024;

/** What one content takes in a tar: its header, and itself in whole blocks of 512 bytes. */
const entryBytes = ({ size }: Descriptor): number => TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

/** What a blob takes whose entries take that much, bytes. */
export const blobBytes = (ofEntries: number): number => FRAME_BYTES + ofEntries;

/** Estimated bytes of the blob that holds this content, each digest counted once. */
export function estimateBlobBytes(content: Iterable<Descriptor>): number {
  const distinct = new Map<string, number>();
  for (const one of content) {
    distinct.set(one.digest, entryBytes(one));
  }
  return blobBytes(distinct.values().reduce((sum, bytes) => sum + bytes, 0));
}

/** One parcel. */
export interface GroupSize {
  readonly artifacts: number;
  /** Of all its entries in a blob. */
  readonly bytes: number;
  /** Of the entries that no other parcel has. */
  readonly ownBytes: number;
  /** What it has in common with others: places in `GroupSizes.shares`. */
  readonly shares: readonly number[];
}

/** Content that the same parcels hold, two at least. */
export interface SharedContent {
  /** Of its entries in a blob. */
  readonly bytes: number;
  /** Places in `GroupSizes.all`, ascending. */
  readonly holders: readonly number[];
}

/** All parcels. */
export interface GroupSizes {
  readonly all: readonly GroupSize[];
  readonly shares: readonly SharedContent[];
}

/** Counts artifacts and content of parcels. */
export function toGroupSizes(parcels: readonly PackingGroup<unknown>[]): GroupSizes {
  const all = parcels.map(({ items }) => ({ artifacts: items.length, bytes: 0, ownBytes: 0, shares: [] as number[] }));
  const shares: SharedContent[] = [];
  for (const share of findSharedContent(parcels)) {
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

function findSharedContent(parcels: readonly PackingGroup<unknown>[]): readonly SharedContent[] {
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

/** What must travel together: a subject with its referrers, as one piece. */
export interface PackingGroup<Item> {
  readonly items: readonly Item[];
  /** All content of the items, their manifests included, each digest once. */
  readonly content: readonly Descriptor[];
}

/** What one batch may hold at most. */
export interface PackLimits {
  /** Artifacts, 1 to 50. */
  readonly artifacts: number;
  /** Bytes of the blob, as they are estimated; null when there is no limit. */
  readonly bytes: number | null;
}
