/** Plans a transfer, and writes the plan as a document that can be approved. */
import {
  headerOf,
  MANIFEST,
  planDocument,
  readDocument,
  savedPath,
  saveLocal,
  toNamedDocument,
  upload,
  uploadWarnings,
} from '../documents/index.ts';
import { toResult, transferError, type Result, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import { manifestName, planName } from '../model/names.ts';
import { plannedArtifacts } from '../model/plan.ts';
import type { ExportPart } from '../model/request.ts';
import { withOutcome, type BatchResult } from '../model/result.ts';
import type { SelectionLine } from '../model/selection.ts';
import type { TransferContext } from '../ports/context.ts';
import { prepare, type PlanContext, type Prepared } from './prepare.ts';

/** A prepared plan that was written. */
export interface PreparedPlan extends Prepared {
  /** Prefix of the names of manifest and receipt, different for every shard of a plan. */
  readonly documentName: string;
  /** Of the plan on this runner. */
  readonly path: string;
  readonly warnings: readonly string[];
}

/** Emits the event `planned`. */
export function emitPlanned(batches: readonly Batch[], context: TransferContext): void {
  const artifacts = batches.reduce((sum, batch) => sum + batch.artifacts.length, 0);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  context.onEvent({ kind: 'planned', batches: batches.length, artifacts, bytes });
}

/**
 * Returns ACRT7004 if another step of the same workflow run exported other blobs under this name. A later attempt has
 * another run URL, so it isn't affected.
 */
async function nameConflict(
  documentName: string,
  { plan }: Prepared,
  { source, context }: PlanContext,
): Promise<TransferError | null> {
  const { provenance } = context;
  const name = manifestName(documentName);
  const text = provenance === null ? null : await source.container.readText(name);
  if (text === null) return null;
  const earlier = await toResult(() => Promise.resolve(readDocument(MANIFEST, text, name)));
  if (!earlier.ok || earlier.value.provenance?.run !== provenance?.run) return null;
  const ours = new Set(plan.batches.map(({ blob }) => blob));
  const others = earlier.value.batches.some(({ blob }) => !ours.has(blob.name));
  return others ? transferError('ACRT7004', { transferName: documentName }) : null;
}

const documentNameOf = (transferName: string, { order }: ExportPart): string => {
  const shard = order.kind === 'given' ? order.shard : null;
  return shard === null ? transferName : `${transferName}.${shard.number}-of-${shard.of}`;
};

/** A line of the selection with its line number. */
const formatLine = (line: SelectionLine): string =>
  `${line.where}: ${line.text}${line.kind === 'include' && line.optional ? ' optional' : ''}`;

/** Writes the plan on this runner and, if there is something to execute, next to the blobs, where a later attempt finds it. */
async function writePlan(
  prepared: Prepared,
  { request, source, context }: PlanContext,
): Promise<Pick<PreparedPlan, 'path' | 'warnings'>> {
  const { order, exportPipeline, destination } = request;
  if (order.kind === 'given') return { path: order.place, warnings: [] };
  const header = {
    ...headerOf(prepared.transferName, context, source.registry.loginServer),
    exportPipelineId: exportPipeline.resourceId,
    target: destination,
    incremental: prepared.incremental,
    selection: order.selection.map(formatLine),
    notes: prepared.notes,
  };
  const document = planDocument(header, prepared.plan);
  const path = savedPath(await saveLocal(context, toNamedDocument('plan.json', document))) ?? '';
  const isLocalOnly = request.dryRun || prepared.plan.batches.length === 0;
  const uploads = isLocalOnly
    ? []
    : [await upload(context, source.container, toNamedDocument(planName(prepared.transferName), document))];
  return { path, warnings: uploadWarnings(uploads) };
}

/** Plans a transfer, and writes the plan. Starts nothing. A dry run only writes files on this runner. */
export async function planTransfer(planContext: PlanContext): Promise<Result<PreparedPlan>> {
  const { request, context } = planContext;
  const prepared = await prepare(planContext);
  if (!prepared.ok) return prepared;
  const documentName = documentNameOf(prepared.value.transferName, request);
  const conflict = request.dryRun ? null : await nameConflict(documentName, prepared.value, planContext);
  if (conflict !== null) return { ok: false, failures: [conflict] };
  emitPlanned(prepared.value.plan.batches, context);
  return { ok: true, value: { ...prepared.value, documentName, ...(await writePlan(prepared.value, planContext)) } };
}

/** Errors of selected or planned artifacts that can't be transferred. */
export const blockedErrors = ({ plan, deletedErrors }: Prepared): readonly TransferError[] => [
  ...deletedErrors,
  ...plan.skipped.flatMap(({ reason }) => (reason.kind === 'blocked' ? [reason.failure] : [])),
];

/** Number of artifacts that the lines name in full: the only count that is known before the source is read. */
export const countNamed = ({ order }: ExportPart): number =>
  order.kind === 'given'
    ? 0
    : order.selection.filter(
        (line) => line.kind === 'include' && line.repositories.kind === 'literal' && line.tags.kind !== 'glob',
      ).length;

/** Number of selected artifacts: those that are transferred, are up to date, or can't be transferred. */
export function countSelected({ plan, deletedErrors }: Prepared): number {
  const skipped = plan.skipped.filter(({ reason }) => !['excluded', 'gone'].includes(reason.kind)).length;
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
