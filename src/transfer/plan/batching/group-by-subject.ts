/** Groups artifacts that must be transferred together, and excludes those that can't be transferred. Pure. */
import { transferError, type TransferError } from '../../errors/index.ts';
import type { Descriptor } from '../../model/artifact.ts';
import { formatBytes } from '../../model/bytes.ts';
import type { Candidate, Skipped, SkipReason } from '../../model/plan.ts';
import { formatReference } from '../../model/reference.ts';
import { estimateBlobBytes, type PackingGroup, type PackLimits } from './packing-group.ts';

/** The service transfers layers of at most 8 GB (Microsoft: ACR Transfer prerequisites). Read as binary units, the larger reading. */
const MAX_LAYER_BYTES = 8 * 1024 ** 3;

/** Digests of foreign layers that a message names. */
const MAX_NAMED_LAYERS = 5;

/** Groups of artifacts, and the artifacts that are not transferred. */
interface SubjectGroups {
  readonly groups: readonly PackingGroup<Candidate>[];
  readonly skipped: readonly Skipped[];
}

const distinctContent = (items: readonly Candidate[]): readonly Descriptor[] => [
  ...new Map(items.flatMap(({ content }) => content).map((part) => [part.digest, part])).values(),
];

/** Why an artifact can't be transferred; null if it can. */
function blockingError({ reference, content, foreign }: Candidate, limits: PackLimits): TransferError | null {
  const name = formatReference(reference);
  if (foreign.length > 0) {
    const layers = foreign.slice(0, MAX_NAMED_LAYERS).map((digest) => `  ${digest}`);
    return transferError('ACRT3012', { reference: name, layers: layers.join('\n') });
  }
  const tooLarge = (what: string, size: number, limit: number): TransferError =>
    transferError('ACRT3013', { reference: name, what, size: formatBytes(size), limit: formatBytes(limit) });
  const layer = content.find(({ size }) => size > MAX_LAYER_BYTES);
  if (layer !== undefined) return tooLarge(`layer ${layer.digest}`, layer.size, MAX_LAYER_BYTES);
  const bytes = estimateBlobBytes(content);
  return limits.bytes !== null && bytes > limits.bytes ? tooLarge('its blob', bytes, limits.bytes) : null;
}

const skip = ({ reference, digest, mediaType, size, where }: Candidate, reason: SkipReason): Skipped => ({
  reference,
  digest,
  mediaType,
  size,
  where,
  reason,
});

const isRoot = ({ reference, digest, root }: Candidate): boolean => root === `${reference.repository}@${digest}`;

const byReference = (one: Candidate, other: Candidate): number =>
  formatReference(one.reference) < formatReference(other.reference) ? -1 : 1;

/** Splits a group only if it is too much for one batch. The subject stays in the first part. */
function split(items: readonly Candidate[], limits: PackLimits): readonly PackingGroup<Candidate>[] {
  const parts: Candidate[][] = [];
  for (const item of items) {
    const last = parts.at(-1);
    const together = last === undefined ? null : [...last, item];
    const fits =
      together !== null &&
      together.length <= limits.artifacts &&
      (limits.bytes === null || estimateBlobBytes(distinctContent(together)) <= limits.bytes);
    if (last !== undefined && fits) last.push(item);
    else parts.push([item]);
  }
  return parts.map((part) => ({ items: part, content: distinctContent(part) }));
}

/** Forms the groups of one root. Skips artifacts that can't be transferred and, if the subject is one, all its referrers. */
function groupsOfRoot(items: readonly Candidate[], limits: PackLimits): SubjectGroups {
  const blocked = new Map(items.map((item) => [item, blockingError(item, limits)]));
  const subjectStays = items.some((item) => isRoot(item) && blocked.get(item) !== null);
  const skipped = items.flatMap((item): Skipped[] => {
    const failure = blocked.get(item) ?? null;
    if (failure !== null) return [skip(item, { kind: 'blocked', failure })];
    return subjectStays ? [skip(item, { kind: 'subject-stays' })] : [];
  });
  if (subjectStays) return { groups: [], skipped };
  // Sorted, because the order in which a registry lists must not decide where a group is split.
  const transferable = items.filter((item) => blocked.get(item) === null).toSorted(byReference);
  // Other tags of the same digest don't have to be in the same batch. They usually are, because they share all content.
  const [subject, ...others] = transferable.filter(isRoot);
  const together = [...(subject === undefined ? [] : [subject]), ...transferable.filter((item) => !isRoot(item))];
  return { groups: [...split(together, limits), ...others.flatMap((item) => split([item], limits))], skipped };
}

/** Groups artifacts that have the same root. */
export function groupBySubject(artifacts: readonly Candidate[], limits: PackLimits): SubjectGroups {
  const byRoot = Map.groupBy(artifacts, ({ root }) => root);
  const grouped = [...byRoot.values()].map((items) => groupsOfRoot(items, limits));
  return {
    groups: grouped.flatMap(({ groups }) => groups),
    skipped: grouped.flatMap(({ skipped }) => skipped),
  };
}
