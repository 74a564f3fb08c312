/** Forms the batches of a plan. Pure. */
import { blobName, type Artifact, type Batch } from '../../model/artifact.ts';
import type { Skipped, ToTransfer } from '../../model/plan.ts';
import { formatReference } from '../../model/reference.ts';
import { packGroups } from './pack.ts';
import type { PackingGroup, PackLimits } from './packing-group.ts';

/** A batch before it has its place among the others. */
export type UnnumberedBatch = Omit<Batch, 'index'>;

/** Batches that an earlier attempt has begun and that go on, and what is left to form anew. */
export interface Resumed {
  readonly batches: readonly UnnumberedBatch[];
  readonly travelling: readonly ToTransfer[];
  readonly staying: readonly Skipped[];
}

/** What forming batches goes by. */
export interface BatchTerms {
  readonly transferName: string;
  readonly limits: PackLimits;
}

const keyOf = ({ reference, digest }: Pick<Artifact, 'reference' | 'digest'>): string =>
  `${formatReference(reference)} ${digest}`;

/**
 * Keeps the batches of an earlier plan of the same transfer as they are, as long as all of each is still wanted: their
 * blobs may be written and their runs under way, and under other names everything would be done again. A batch that has
 * arrived entirely is over.
 */
export function resumeBatches(
  earlier: readonly UnnumberedBatch[],
  travelling: readonly ToTransfer[],
  staying: readonly Skipped[],
  { transferName, limits }: BatchTerms,
): Resumed {
  const going = new Map(travelling.map((item) => [keyOf(item), item]));
  const there = new Set(staying.flatMap((item) => (item.reason.kind === 'present' ? [keyOf(item)] : [])));
  const taken = new Set<string>();
  const batches = earlier.filter((batch) => {
    const keys = batch.artifacts.map(keyOf);
    const wanted = keys.every((key) => (going.has(key) || there.has(key)) && !taken.has(key));
    const open = keys.some((key) => going.has(key));
    const fits = keys.length <= limits.artifacts && (limits.bytes === null || batch.bytes <= limits.bytes);
    const ours = batch.blob === blobName(transferName, batch.artifacts);
    if (!(wanted && open && fits && ours)) return false;
    for (const key of keys) taken.add(key);
    return true;
  });
  return {
    batches,
    travelling: travelling.filter((item) => !taken.has(keyOf(item))),
    staying: staying.filter((item) => !(item.reason.kind === 'present' && taken.has(keyOf(item)))),
  };
}

/** An artifact without what only planning needs of it. */
const bare = ({ reference, digest, mediaType, size, children, subject }: Artifact): Artifact => ({
  reference,
  digest,
  mediaType,
  size,
  children,
  subject,
});

/** Packs parcels into batches and names their blobs. The same parcels give the same batches, in whatever order they come. */
export const formBatches = (
  parcels: readonly PackingGroup<ToTransfer>[],
  { transferName, limits }: BatchTerms,
): readonly UnnumberedBatch[] =>
  packGroups(parcels, limits, keyOf).map(({ items, bytes }) => {
    const artifacts = items.map(bare);
    return { blob: blobName(transferName, artifacts), artifacts, bytes };
  });
