/** Forms the batches of a plan, and keeps those of an earlier attempt. Pure. */
import { blobName, type Artifact, type Batch } from '../../model/artifact.ts';
import type { Candidate, PlannedArtifact, Skipped } from '../../model/plan.ts';
import { formatReference } from '../../model/reference.ts';
import { packGroups } from './pack.ts';
import type { PackingGroup, PackLimits } from './packing-group.ts';

/** A batch without its number. */
export type UnnumberedBatch<Member extends Artifact = Artifact> = Omit<Batch<Member>, 'index'>;

type PlannedMembers = UnnumberedBatch<PlannedArtifact>;

/** Batches of an earlier attempt that are resumed, and the artifacts that are in none of them. */
interface Resumed {
  readonly batches: readonly PlannedMembers[];
  readonly toTransfer: readonly Candidate[];
  readonly skipped: readonly Skipped[];
}

/** Name and limits of batches. */
export interface BatchTerms {
  readonly transferName: string;
  readonly limits: PackLimits;
  /**
   * Whether a batch is resumed if only some of its artifacts are up to date. False if the baseline shows what became of whole
   * batches: the blob of such a batch doesn't bring the others.
   */
  readonly resumesPartial: boolean;
}

const keyOf = ({ reference, digest }: Pick<Artifact, 'reference' | 'digest'>): string =>
  `${formatReference(reference)} ${digest}`;

/**
 * Keeps a batch of an earlier plan of the same transfer if all its artifacts are still selected. Its blob might exist and
 * its runs might be in progress; under other names everything would be transferred again. A batch whose artifacts are all
 * at the target is not kept.
 */
export function resumeBatches(
  earlier: readonly UnnumberedBatch[],
  toTransfer: readonly Candidate[],
  skipped: readonly Skipped[],
  { transferName, limits, resumesPartial }: BatchTerms,
): Resumed {
  const pending = new Map(toTransfer.map((item) => [keyOf(item), item]));
  const present = new Set(skipped.flatMap((item) => (item.reason.kind === 'present' ? [keyOf(item)] : [])));
  const resumed = new Set<string>();
  const kept = earlier.filter((batch) => {
    const keys = batch.artifacts.map(keyOf);
    const isSelected = keys.every((key) => (pending.has(key) || present.has(key)) && !resumed.has(key));
    const isPending = resumesPartial ? keys.some((key) => pending.has(key)) : keys.every((key) => pending.has(key));
    const fits = keys.length <= limits.artifacts && (limits.bytes === null || batch.bytes <= limits.bytes);
    const isOwn = batch.blob === blobName(transferName, batch.artifacts);
    if (!(isSelected && isPending && fits && isOwn)) return false;
    for (const key of keys) resumed.add(key);
    return true;
  });
  const batches = kept.map((batch) => ({
    ...batch,
    artifacts: batch.artifacts.map((artifact) => {
      const { where = null, reason = { kind: 'resumed' } as const } = pending.get(keyOf(artifact)) ?? {};
      return { ...artifact, where, reason };
    }),
  }));
  return {
    batches,
    toTransfer: toTransfer.filter((item) => !resumed.has(keyOf(item))),
    skipped: skipped.filter((item) => !(item.reason.kind === 'present' && resumed.has(keyOf(item)))),
  };
}

/** Removes the fields that only planning needs. */
const toPlanned = ({ root: _root, content: _content, foreign: _foreign, ...planned }: Candidate): PlannedArtifact =>
  planned;

/** Packs groups into batches and names their blobs. The same groups give the same batches, in any order. */
export const formBatches = (
  groups: readonly PackingGroup<Candidate>[],
  { transferName, limits }: Pick<BatchTerms, 'transferName' | 'limits'>,
): readonly PlannedMembers[] =>
  packGroups(groups, limits, keyOf).map(({ items, bytes }) => {
    const artifacts = items.map(toPlanned);
    return { blob: blobName(transferName, artifacts), artifacts, bytes };
  });
