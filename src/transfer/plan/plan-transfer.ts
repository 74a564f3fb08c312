/** Plans a transfer, and writes the plan as a document that can be approved. */
import {
  documentDigest,
  headerOf,
  planDocument,
  saveLocal,
  toNamedDocument,
  upload,
  uploadWarnings,
  type BaselineEntry,
} from '../documents/index.ts';
import { failed, ok, toResult, type Result, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import { planName } from '../model/names.ts';
import { plannedArtifacts } from '../model/plan.ts';
import type { ExportPart } from '../model/request.ts';
import { withOutcome, type BatchResult } from '../model/result.ts';
import type { SelectionLine } from '../model/selection.ts';
import type { TransferContext } from '../ports/context.ts';
import {
  readEarlierManifest,
  readEarlierReceipt,
  type EarlierManifest,
  type ManifestBatches,
} from './earlier-manifest.ts';
import { prepare, type PlanContext, type Prepared } from './prepare.ts';

/** A prepared plan that was written. */
export interface PreparedPlan extends Prepared {
  /** Prefix of the names of manifest and receipt, different for every shard of a plan. */
  readonly documentName: string;
  /** SHA-256 digest of the plan's text. */
  readonly planDigest: string;
  /** Of the plan on this runner. */
  readonly path: string;
  readonly warnings: readonly string[];
  /** Batches of an earlier manifest that the new one keeps. */
  readonly earlierBatches: ManifestBatches;
  /** Verified artifacts of an earlier receipt that the new one keeps. */
  readonly earlierEntries: readonly BaselineEntry[];
}

/** Emits the event `planned`. */
export function emitPlanned(batches: readonly Batch[], context: TransferContext): void {
  const artifacts = batches.reduce((sum, batch) => sum + batch.artifacts.length, 0);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  context.onEvent({ kind: 'planned', batches: batches.length, artifacts, bytes });
}

const documentNameOf = (transferName: string, { order }: ExportPart): string => {
  const shard = order.kind === 'approved' ? order.shard : null;
  return shard === null ? transferName : `${transferName}.${shard.number}-of-${shard.of}`;
};

/** A line of the selection with its line number. */
const formatLine = (line: SelectionLine): string =>
  `${line.where}: ${line.text}${line.kind === 'include' && line.optional ? ' optional' : ''}`;

/** Writes the plan on this runner and, if there is something to execute, next to the blobs, where a later attempt finds it. */
async function writePlan(
  prepared: Prepared,
  { request, source, context }: PlanContext,
): Promise<Result<Pick<PreparedPlan, 'path' | 'planDigest' | 'warnings'>>> {
  const { order, exportPipeline, destination } = request;
  if (order.kind === 'approved') {
    return ok({ path: order.place, planDigest: prepared.planDigest ?? '', warnings: [] });
  }
  const header = {
    ...headerOf(prepared.transferName, context, source.registry.loginServer),
    exportPipelineId: exportPipeline.resourceId,
    target: destination,
    incremental: prepared.incremental,
    selection: order.selection.map(formatLine),
    notes: prepared.notes,
  };
  const document = planDocument(header, prepared.plan);
  const local = toNamedDocument('plan.json', document);
  const saved = await saveLocal(context, local);
  if (!saved.ok) return saved;
  const isLocalOnly = request.dryRun || prepared.plan.batches.length === 0;
  const uploads = isLocalOnly
    ? []
    : [await upload(context, source.container, toNamedDocument(planName(prepared.transferName), document))];
  return ok({ path: saved.value, planDigest: documentDigest(local.text), warnings: uploadWarnings(uploads) });
}

type EarlierDocuments = Pick<PreparedPlan, 'earlierBatches' | 'earlierEntries'> &
  Pick<EarlierManifest, 'conflict' | 'warnings'>;

/** Reads the documents of the same name, which this step replaces. */
async function readEarlierDocuments(
  documentName: string,
  prepared: Prepared,
  planContext: PlanContext,
): Promise<EarlierDocuments> {
  const { batches, isSameRun, ...rest } = await readEarlierManifest(documentName, prepared, planContext);
  const earlierEntries = await readEarlierReceipt(documentName, prepared, isSameRun, planContext);
  return { ...rest, earlierBatches: batches, earlierEntries };
}

/** Plans a transfer, and writes the plan. Starts nothing. A dry run only writes files on this runner. */
export async function planTransfer(planContext: PlanContext): Promise<Result<PreparedPlan>> {
  const { request, context } = planContext;
  const prepared = await prepare(planContext);
  if (!prepared.ok) return prepared;
  const documentName = documentNameOf(prepared.value.transferName, request);
  const earlier = await toResult(async () =>
    request.dryRun ? null : readEarlierDocuments(documentName, prepared.value, planContext),
  );
  if (!earlier.ok) return earlier;
  const { conflict = null, warnings = [], earlierBatches = [], earlierEntries = [] } = earlier.value ?? {};
  if (conflict !== null) return failed([conflict]);
  emitPlanned(prepared.value.plan.batches, context);
  const written = await writePlan(prepared.value, planContext);
  if (!written.ok) return written;
  const { path, planDigest } = written.value;
  const documents = { documentName, path, planDigest, earlierBatches, earlierEntries };
  const allWarnings = [...warnings, ...written.value.warnings];
  return ok({ ...prepared.value, ...documents, warnings: allWarnings });
}

/** Errors of selected or planned artifacts that can't be transferred. */
export const blockedErrors = ({ plan, deletedErrors }: Prepared): readonly TransferError[] => [
  ...deletedErrors,
  ...plan.skipped.flatMap(({ reason }) => (reason.kind === 'blocked' ? [reason.failure] : [])),
];

/** Number of artifacts that the lines name in full: the only count that is known before the source is read. */
export const countNamed = ({ order }: ExportPart): number =>
  order.kind === 'approved'
    ? 0
    : order.selection.filter(
        (line) => line.kind === 'include' && line.repositories.kind === 'literal' && line.tags.kind !== 'glob',
      ).length;

/** Number of selected artifacts: those that are transferred, are up to date, or can't be transferred. */
export function countSelected({ plan, deletedErrors }: Prepared): number {
  const skipped = plan.skipped.filter(({ reason }) => !['excluded', 'deleted'].includes(reason.kind)).length;
  return plannedArtifacts(plan).length + skipped + deletedErrors.length;
}

/** The batches of a dry run: every artifact is planned. */
export const plannedResults = ({ plan }: Prepared): readonly BatchResult[] =>
  plan.batches.map((batch) => ({
    batch,
    stages: [],
    blob: null,
    bytes: 0,
    handoff: null,
    failure: null,
    artifacts: withOutcome(batch, 'planned'),
  }));
