/** Mode full. */
import {
  headerOf,
  receiptDocument,
  savedPath,
  saveLocal,
  toNamedDocument,
  upload,
  uploadWarnings,
  type BaselineEntry,
  type NamedDocument,
} from '../documents/index.ts';
import { distinctProblems, problemsOf, type Result } from '../errors/index.ts';
import { runBatches, transferBatch } from '../execution/index.ts';
import { receiptName } from '../model/names.ts';
import { formatReference } from '../model/reference.ts';
import type { FullRequest } from '../model/request.ts';
import type { BatchResult, ModeResult } from '../model/result.ts';
import { blockedErrors, countNamed, recordHistory, type PlanContext, type PreparedPlan } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkSourceContent, checkTargetContent, type CheckLog } from '../preflight/index.ts';
import {
  dryRun,
  importTargetOf,
  manifestOf,
  noteSide,
  planFacts,
  planned,
  sourceOf,
  stopped,
  targetOf,
  withCopyContext,
  type ModeContext,
  type PreparedMode,
  type ReadyExport,
} from './steps.ts';

/** The same with the side that it goes to. */
export interface ReadyTransfer extends ReadyExport {
  readonly target: ReadySide;
}

/** Examines mode `full`: both sides at once. */
export async function prepareFull(
  request: FullRequest,
  examination: ModeContext,
): Promise<PreparedMode<ReadyTransfer>> {
  const { world, journal } = examination;
  journal.enter('preflight');
  const [from, to] = await Promise.all([sourceOf(request, examination), targetOf(request, examination)]);
  noteSide(examination, 'source', from);
  noteSide(examination, 'target', to);
  if (!from.ready.ok || !to.ready.ok) {
    return stopped(distinctProblems([from.ready, to.ready]), { selected: countNamed(request) });
  }
  const [source, target] = [from.ready.value, to.ready.value];
  const preparation: PlanContext = { request, source, target, context: world };
  const ends = { from: source.registry.loginServer, to: target.registry.loginServer };
  const outbound = await planned(preparation, ends, examination, async ({ plan }) => {
    const found = [
      checkSourceContent(source, plan.batches),
      checkTargetContent(target, plan.batches, request, world.clock.now()),
    ];
    return (await Promise.all(found)).flat();
  });
  return outbound.ok ? { ok: true, value: { source, target, preparation, outbound: outbound.value } } : outbound;
}

/** What was seen at the target tonight, or is sworn to by earlier receipts: one of the same name must not forget it. */
function presentBefore(
  { incremental, plan, baselineEntries }: PreparedPlan,
  results: readonly BatchResult[],
): readonly BaselineEntry[] {
  if (incremental === 'target') {
    return plan.staying.flatMap(({ reference, digest, reason }) =>
      reason.kind === 'present' ? [{ reference: formatReference(reference), digest, children: [] }] : [],
    );
  }
  const carried = new Set(results.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)));
  return incremental === 'receipt' ? baselineEntries.filter(({ reference }) => !carried.has(reference)) : [];
}

const receiptOf = (
  outbound: PreparedPlan,
  results: readonly BatchResult[],
  target: ReadySide,
  { source, context: world }: PlanContext,
): NamedDocument => {
  const heading = headerOf(outbound.documentName, world, target.registry.loginServer);
  const ids = { registryId: target.pipeline.registryId, source: source.registry.loginServer };
  return toNamedDocument(
    receiptName(outbound.documentName),
    receiptDocument({ ...heading, ...ids }, results, presentBefore(outbound, results)),
  );
};

/** Mode `full`: all of it, every batch on its own. */
export async function fullMode(request: FullRequest, world: TransferContext, journal: CheckLog): Promise<ModeResult> {
  const examined = await prepareFull(request, { world, journal, plansOnly: request.dryRun });
  if (!examined.ok) return examined.stopped;
  const { source, target, preparation, outbound } = examined.value;
  const ends = { from: source.registry.loginServer, to: target.registry.loginServer };
  if (request.dryRun) return dryRun(outbound, ends);
  journal.enter('transfer');
  const { plan, path } = outbound;
  const departure = { ...source, maxBlobBytes: request.maxBlobBytes };
  const arrival = importTargetOf(request, target);
  const results = await withCopyContext(request.handoff, world, (crossing) =>
    runBatches(
      plan.batches,
      (batch, carriage) => transferBatch(departure, target, arrival, batch, crossing, carriage),
      request,
      world,
    ),
  );
  const left = await writeDocuments(outbound, results, target, preparation);
  const facts = planFacts(outbound);
  const failures = [...blockedErrors(outbound), ...left.failures];
  const warnings = [...facts.warnings, ...left.warnings];
  return {
    ...ends,
    ...facts,
    dryRun: false,
    warnings,
    batches: results,
    failures,
    paths: { plan: path, ...left.paths },
  };
}

type WrittenDocuments = Pick<ModeResult, 'failures' | 'warnings' | 'paths'>;

/**
 * Leaves manifest and receipt on this runner and beside the blobs. The receipt goes first: a history that is rebuilt from
 * the manifest must find with it what did not arrive.
 */
async function writeDocuments(
  outbound: PreparedPlan,
  results: readonly BatchResult[],
  target: ReadySide,
  preparation: PlanContext,
): Promise<WrittenDocuments> {
  const { source, context: world } = preparation;
  const manifest = await manifestOf(outbound, results, preparation);
  const receipt = receiptOf(outbound, results, target, preparation);
  const kept = [await saveLocal(world, manifest), await saveLocal(world, receipt)] as const;
  // A night without news leaves the documents of the last one with news as they are.
  const quiet = outbound.plan.batches.length === 0;
  const puts = (): Promise<Result<void>>[] => [
    upload(world, source.container, receipt).then((put) => (put.ok ? upload(world, source.container, manifest) : put)),
    upload(world, target.container, manifest),
    upload(world, target.container, receipt),
  ];
  // The history goes before them: what it is rebuilt from when it is lost hides the manifest before, of the same name.
  const recorded = await recordHistory(results, outbound, preparation);
  const beside = quiet ? [] : await Promise.all(puts());
  return {
    failures: problemsOf([...kept, recorded]),
    warnings: uploadWarnings(beside),
    paths: { manifest: savedPath(kept[0]), receipt: savedPath(kept[1]) },
  };
}
