/**
 * Reads the transfer manifest and the receipt that this step is going to replace. They are read before the first run starts, so
 * that an error of the storage can't separate exported blobs from their documents.
 */
import pLimit from 'p-limit';
import { findDocument, MANIFEST, type BaselineEntry, type ManifestDocument } from '../documents/index.ts';
import { transferError, type TransferError } from '../errors/index.ts';
import { manifestName, receiptName } from '../model/names.ts';
import { isSamePair } from './baseline/baseline.ts';
import { receiptEntries } from './baseline/receipts.ts';
import { registryPairOf, type PlanContext, type Prepared } from './prepare.ts';

/** The batches of a transfer manifest. */
export type ManifestBatches = ManifestDocument['batches'];

/** What a new manifest keeps of an earlier one of the same name. */
export interface EarlierManifest {
  /** Batches that were exported and are not in this plan, with blobs that still exist. */
  readonly batches: ManifestBatches;
  /** Whether another step of the same workflow run wrote it. */
  readonly isSameRun: boolean;
  readonly warnings: readonly string[];
  /** ACRT7004 if another step of the same workflow run uses the name for other registries. */
  readonly conflict: TransferError | null;
}

const NOTHING: EarlierManifest = { batches: [], isSameRun: false, warnings: [], conflict: null };

const MAX_CONCURRENT_READS = 8;
const DAY = 24 * 60 * 60 * 1000;

/** Batches whose blobs still exist, and that the cleanup of this step doesn't remove. */
async function storedBatches(
  batches: ManifestBatches,
  { request, source, context }: PlanContext,
): Promise<ManifestBatches> {
  const { cleanupDays } = request;
  const oldest = cleanupDays === null ? -Infinity : context.clock.now() - cleanupDays * DAY;
  const isStored = await pLimit(MAX_CONCURRENT_READS).map(batches, async ({ blob }) => {
    const facts = await source.container.find(blob.name);
    return facts !== null && facts.md5 === blob.md5 && facts.modifiedAt >= oldest;
  });
  return batches.filter((_, index) => isStored[index]);
}

const replacedWarning = (name: string, { registry, target }: ManifestDocument): string =>
  `The transfer manifest ${name} is about other registries (source ${registry}, target ${target ?? 'unknown'}), and is replaced. Give each pair of registries a transfer-name of its own.`;

/**
 * Reads what the new manifest keeps of an earlier one of the same name and the same registries:
 *
 * - With a history, all batches: the history counts them as handed over, so no later plan contains them.
 * - Without one, the batches of other steps of the same workflow run. A later attempt of the workflow plans its batches again.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export async function readEarlierManifest(
  documentName: string,
  { plan, incremental }: Prepared,
  planContext: PlanContext,
): Promise<EarlierManifest> {
  const { source, target, context } = planContext;
  const run = context.provenance?.run ?? null;
  // Mode `full` transfers its batches itself. Only mode `export` leaves them to a later handoff.
  const keepsAll = incremental === 'history' && target === null;
  if (run === null && !keepsAll) return NOTHING;
  const name = manifestName(documentName);
  // A damaged manifest is replaced. It can't name a batch.
  const earlier = await findDocument(source.container, MANIFEST, name);
  if (earlier === null) return NOTHING;
  const isSameRun = earlier.provenance?.run === run;
  const ownBlobs = new Set(plan.batches.map(({ blob }) => blob));
  const others = earlier.batches.filter(({ blob }) => !ownBlobs.has(blob.name));
  if (others.length === 0 || !(keepsAll || isSameRun)) return NOTHING;
  if (!isSamePair({ source: earlier.registry, destination: earlier.target }, registryPairOf(planContext))) {
    if (isSameRun) return { ...NOTHING, conflict: transferError('ACRT7004', { transferName: documentName }) };
    return { ...NOTHING, warnings: [replacedWarning(name, earlier)] };
  }
  return { ...NOTHING, isSameRun, batches: await storedBatches(others, planContext) };
}

/**
 * Reads what the new receipt keeps of an earlier one of the same name: what another step of the same workflow run transferred,
 * and the baseline of an approved plan, which knows the receipts only in part.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export function readEarlierReceipt(
  documentName: string,
  { incremental }: Prepared,
  isSameRun: boolean,
  planContext: PlanContext,
): Promise<readonly BaselineEntry[]> {
  const { request, source, target } = planContext;
  const isBaseline = incremental === 'receipt' && request.order.kind === 'approved';
  if (target === null || !(isSameRun || isBaseline)) return Promise.resolve([]);
  return receiptEntries(receiptName(documentName), registryPairOf(planContext), source.container);
}
