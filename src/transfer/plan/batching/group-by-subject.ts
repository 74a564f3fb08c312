/** Ties up what must travel together, and takes out what cannot travel. Pure. */
import { transferError, type TransferError } from '../../errors/index.ts';
import type { Descriptor } from '../../model/artifact.ts';
import { formatBytes } from '../../model/bytes.ts';
import type { Skipped, SkipReason, ToTransfer } from '../../model/plan.ts';
import { formatReference } from '../../model/reference.ts';
import { estimateBlobBytes, type PackingGroup, type PackLimits } from './packing-group.ts';

/** Layers that the service carries have at most 8 GB (Microsoft: ACR Transfer prerequisites); read generously, in binary units. */
const MAX_LAYER_BYTES = 8 * 1024 ** 3;

/** Digests of foreign layers that a message names. */
const MAX_NAMED_LAYERS = 5;

/** Parcels, and what was taken out of them. */
export interface SubjectGroups {
  readonly parcels: readonly PackingGroup<ToTransfer>[];
  readonly staying: readonly Skipped[];
}

const distinct = (items: readonly ToTransfer[]): readonly Descriptor[] => [
  ...new Map(items.flatMap(({ content }) => content).map((part) => [part.digest, part])).values(),
];

function obstacle({ reference, content, foreign }: ToTransfer, limits: PackLimits): TransferError | null {
  const name = formatReference(reference);
  if (foreign.length > 0) {
    const layers = foreign.slice(0, MAX_NAMED_LAYERS).map((digest) => `  ${digest}`);
    return transferError('ACRT3012', { reference: name, layers: layers.join('\n') });
  }
  const over = (what: string, size: number, limit: number): TransferError =>
    transferError('ACRT3013', { reference: name, what, size: formatBytes(size), limit: formatBytes(limit) });
  const large = content.find(({ size }) => size > MAX_LAYER_BYTES);
  if (large !== undefined) return over(`layer ${large.digest}`, large.size, MAX_LAYER_BYTES);
  const bytes = estimateBlobBytes(content);
  return limits.bytes !== null && bytes > limits.bytes ? over('its blob', bytes, limits.bytes) : null;
}

const skip = ({ reference, digest, mediaType, size, where }: ToTransfer, reason: SkipReason): Skipped => ({
  reference,
  digest,
  mediaType,
  size,
  where,
  reason,
});

const isRoot = ({ reference, digest, root }: ToTransfer): boolean => root === `${reference.repository}@${digest}`;

const byReference = (one: ToTransfer, other: ToTransfer): number =>
  formatReference(one.reference) < formatReference(other.reference) ? -1 : 1;

/** Splits what belongs together only where it is too much for one batch: the subject stays in the first part. */
function split(items: readonly ToTransfer[], limits: PackLimits): readonly PackingGroup<ToTransfer>[] {
  const parts: ToTransfer[][] = [];
  for (const item of items) {
    const last = parts.at(-1);
    const together = last === undefined ? null : [...last, item];
    const fits =
      together !== null &&
      together.length <= limits.artifacts &&
      (limits.bytes === null || estimateBlobBytes(distinct(together)) <= limits.bytes);
    if (last !== undefined && fits) last.push(item);
    else parts.push([item]);
  }
  return parts.map((part) => ({ items: part, content: distinct(part) }));
}

/** What cannot travel stays, and with a subject everything that refers to it. */
function joinGroups(items: readonly ToTransfer[], limits: PackLimits): SubjectGroups {
  const blocked = new Map(items.map((item) => [item, obstacle(item, limits)]));
  const subjectStays = items.some((item) => isRoot(item) && blocked.get(item) !== null);
  const staying = items.flatMap((item): Skipped[] => {
    const why = blocked.get(item) ?? null;
    if (why !== null) return [skip(item, { kind: 'blocked', failure: why })];
    return subjectStays ? [skip(item, { kind: 'subject-stays' })] : [];
  });
  if (subjectStays) return { parcels: [], staying };
  // Where it is split must not depend on the order in which a registry lists.
  const going = items.filter((item) => blocked.get(item) === null).toSorted(byReference);
  // Other tags of the same digest need not stand in the same batch; sharing all their content, they mostly will.
  const [subject, ...others] = going.filter(isRoot);
  const together = [...(subject === undefined ? [] : [subject]), ...going.filter((item) => !isRoot(item))];
  return { parcels: [...split(together, limits), ...others.flatMap((item) => split([item], limits))], staying };
}

/** Ties what has the same root into one parcel. */
export function groupBySubject(travelling: readonly ToTransfer[], limits: PackLimits): SubjectGroups {
  const byRoot = Map.groupBy(travelling, ({ root }) => root);
  const tied = [...byRoot.values()].map((items) => joinGroups(items, limits));
  return {
    parcels: tied.flatMap(({ parcels }) => parcels),
    staying: tied.flatMap(({ staying }) => staying),
  };
}
