/** What leaves: the plan, from the first look at the source to the document that a person can approve. */
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
import { manifestName, planName } from '../model/names.ts';
import type { Plan } from '../model/plan.ts';
import type { ExportPart } from '../model/request.ts';
import { withOutcome, type BatchResult } from '../model/result.ts';
import type { SelectionLine } from '../model/selection.ts';
import type { TransferContext } from '../ports/context.ts';
import { prepare, type PlanContext, type Prepared } from './prepare.ts';

/** A plan, where it is kept, and under which name its documents go. */
export interface PreparedPlan extends Prepared {
  /** Prefix of the names of manifest and receipt: of its own for every share of a plan. */
  readonly documentName: string;
  readonly path: string;
  readonly warnings: readonly string[];
}

/** Announces how much is ahead. */
export function emitPlanned(batches: Plan['batches'], world: TransferContext): void {
  const artifacts = batches.reduce((sum, batch) => sum + batch.artifacts.length, 0);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  world.onEvent({ kind: 'planned', batches: batches.length, artifacts, bytes });
}

/** Another step of the same workflow run may have exported other blobs under this name; a later attempt has another run URL. */
async function nameClash(
  documentName: string,
  { plan }: Prepared,
  { source, world }: PlanContext,
): Promise<TransferError | null> {
  const { provenance } = world;
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

/** A line as it was written, and where. */
const writtenLine = (line: SelectionLine): string =>
  `${line.where}: ${line.text}${line.kind === 'include' && line.optional ? ' optional' : ''}`;

/** Writes the plan: on this runner always; beside the blobs when it is carried out, so that a second attempt finds it. */
async function writePlan(
  prepared: Prepared,
  { request, source, world }: PlanContext,
): Promise<Pick<PreparedPlan, 'path' | 'warnings'>> {
  const { order, exportPipeline, destination } = request;
  if (order.kind === 'given') return { path: order.place, warnings: [] };
  const heading = {
    ...headerOf(prepared.transferName, world, source.registry.loginServer),
    exportPipelineId: exportPipeline.resourceId,
    target: destination,
    incremental: prepared.incremental,
    selection: order.selection.map(writtenLine),
    notes: prepared.notes,
  };
  const document = planDocument(heading, prepared.plan);
  const path = savedPath(await saveLocal(world, toNamedDocument('plan.json', document))) ?? '';
  const stays = request.dryRun || prepared.plan.batches.length === 0;
  const beside = stays
    ? []
    : [await upload(world, source.container, toNamedDocument(planName(prepared.transferName), document))];
  return { path, warnings: uploadWarnings(beside) };
}

/** Plans what leaves, and writes the plan. Starts nothing; a dry run writes nothing but files on this runner. */
export async function planTransfer(preparation: PlanContext): Promise<Result<PreparedPlan>> {
  const { request, world } = preparation;
  const prepared = await prepare(preparation);
  if (!prepared.ok) return prepared;
  const documentName = documentNameOf(prepared.value.transferName, request);
  const clash = request.dryRun ? null : await nameClash(documentName, prepared.value, preparation);
  if (clash !== null) return { ok: false, failures: [clash] };
  emitPlanned(prepared.value.plan.batches, world);
  return { ok: true, value: { ...prepared.value, documentName, ...(await writePlan(prepared.value, preparation)) } };
}

/** Failures of what was selected, or planned, and cannot travel. */
export const blockedErrors = ({ plan, lost }: Prepared): readonly TransferError[] => [
  ...lost,
  ...plan.staying.flatMap(({ reason }) => (reason.kind === 'blocked' ? [reason.failure] : [])),
];

/** Artifacts that the lines name one by one: all that is known of their number before anybody has looked. */
export const countNamed = ({ order }: ExportPart): number =>
  order.kind === 'given'
    ? 0
    : order.selection.filter(
        (line) => line.kind === 'include' && line.repositories.kind === 'literal' && line.tags.kind !== 'glob',
      ).length;

/** Artifacts that a plan speaks of as asked for: those that travel, are there, or cannot travel. */
export function countSelected({ plan, lost }: Prepared): number {
  const asked = plan.staying.filter(({ reason }) => !['excluded', 'gone'].includes(reason.kind)).length;
  return plan.artifacts.length + asked + lost.length;
}

/** The batches of a dry run: everything is planned, and nothing has happened. */
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
