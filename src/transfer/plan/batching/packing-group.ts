/**
 * Packing groups: their sizes, and the content that they share.
 *
 * Estimates the size of a transfer blob. A blob is a tar (`catalogDigest` in the service's specification). It is not known
 * what else a blob contains, or whether it is compressed (service notes, C), so the estimate is slightly too high.
 */
import type { Descriptor } from '../../model/artifact.ts';

/** Artifacts that must go into the same batch: a subject and its referrers. */
export interface PackingGroup<Item> {
  readonly items: readonly Item[];
  /** All content of the items, including their manifests, each digest once. */
  readonly content: readonly Descriptor[];
}

/** Limits of one batch. */
export interface PackLimits {
  /** Artifacts, 1 to 50. */
  readonly artifacts: number;
  /** Estimated bytes of the blob; null: no limit. */
  readonly bytes: number | null;
}

/** The size of one packing group. */
interface GroupSize {
  readonly artifacts: number;
  /** Bytes of all its entries in a blob. */
  readonly bytes: number;
  /** Bytes of the entries that no other group has. */
  readonly ownBytes: number;
  /** Content in common with other groups: indexes in `GroupSizes.shared`. */
  readonly shared: readonly number[];
}

/** Content that the same two or more groups have. */
interface SharedContent {
  /** Bytes of its entries in a blob. */
  readonly bytes: number;
  /** Groups that have it: indexes in `GroupSizes.groups`, ascending. */
  readonly holders: readonly number[];
}

/** The sizes of all packing groups. */
export interface GroupSizes {
  readonly groups: readonly GroupSize[];
  readonly shared: readonly SharedContent[];
}

const TAR_BLOCK = 512;

/** Bytes of the two closing blocks, and of documents that list 50 artifacts at about 600 bytes each. */
const FRAME_BYTES = 2 * TAR_BLOCK + 32 * 1024;

/** Bytes of one content in a tar: a header, and the content in whole blocks of 512 bytes. */
const entryBytes = ({ size }: Descriptor): number => TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

/** Bytes of a blob whose entries have this many bytes. */
export const blobBytes = (ofEntries: number): number => FRAME_BYTES + ofEntries;

/** Estimated bytes of the blob that holds this content. Counts each digest once. */
export function estimateBlobBytes(content: Iterable<Descriptor>): number {
  const distinct = new Map<string, number>();
  for (const one of content) {
    distinct.set(one.digest, entryBytes(one));
  }
  return blobBytes(distinct.values().reduce((sum, bytes) => sum + bytes, 0));
}

/** Whether a batch with this many artifacts and bytes of entries is within the limits. */
export const withinLimits = (limits: PackLimits, artifacts: number, ofEntries: number): boolean =>
  artifacts <= limits.artifacts && (limits.bytes === null || blobBytes(ofEntries) <= limits.bytes);

/** Counts the artifacts, bytes, and shared content of packing groups. */
export function toGroupSizes(packingGroups: readonly PackingGroup<unknown>[]): GroupSizes {
  const groups = packingGroups.map(({ items }) => ({
    artifacts: items.length,
    bytes: 0,
    ownBytes: 0,
    shared: [] as number[],
  }));
  const shared: SharedContent[] = [];
  for (const content of contentByHolders(packingGroups)) {
    const isShared = content.holders.length > 1;
    for (const group of content.holders.flatMap((holder) => groups[holder] ?? [])) {
      group.bytes += content.bytes;
      if (isShared) group.shared.push(shared.length);
      else group.ownBytes += content.bytes;
    }
    if (isShared) shared.push(content);
  }
  return { groups, shared };
}

function contentByHolders(packingGroups: readonly PackingGroup<unknown>[]): readonly SharedContent[] {
  const contents = new Map<string, { readonly bytes: number; readonly holders: Set<number> }>();
  for (const [index, { content }] of packingGroups.entries()) {
    for (const one of content) {
      const entry = contents.get(one.digest) ?? { bytes: entryBytes(one), holders: new Set() };
      contents.set(one.digest, entry);
      entry.holders.add(index);
    }
  }
  const byHolders = Map.groupBy(contents.values(), ({ holders }) => [...holders].join());
  return [...byHolders.values()].map((same) => ({
    bytes: same.reduce((sum, { bytes }) => sum + bytes, 0),
    holders: [...(same[0]?.holders ?? [])],
  }));
}
