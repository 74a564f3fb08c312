/** Mode export. */
import { savedPath, saveLocal, upload } from '../documents/index.ts';
import { problemsOf } from '../errors/index.ts';
import { exportBatch, runBatches } from '../execution/index.ts';
import type { ExportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { blockedErrors, countNamed, recordHistory, type PlanContext } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkSourceContent, type CheckLog } from '../preflight/index.ts';
import {
  dryRun,
  manifestOf,
  noteSide,
  planFacts,
  planned,
  sourceOf,
  stopped,
  type ModeContext,
  type PreparedMode,
  type ReadyExport,
} from './steps.ts';

/** Examines mode `export`. */
export async function prepareExport(
  request: ExportRequest,
  examination: ModeContext,
): Promise<PreparedMode<ReadyExport>> {
  examination.journal.enter('preflight');
  const checkedSource = await sourceOf(request, examination);
  noteSide(examination, 'source', checkedSource);
  const { ready } = checkedSource;
  if (!ready.ok) return stopped(ready.failures, { selected: countNamed(request) });
  const source = ready.value;
  const preparation: PlanContext = { request, source, target: null, context: examination.world };
  const ends = { from: source.registry.loginServer, to: source.container.uri };
  const outbound = await planned(preparation, ends, examination, ({ plan }) =>
    checkSourceContent(source, plan.batches),
  );
  return outbound.ok ? { ok: true, value: { source, preparation, outbound: outbound.value } } : outbound;
}

/** Mode `export`: plan, export, and leave the transfer manifest beside the blobs. */
export async function exportMode(
  request: ExportRequest,
  world: TransferContext,
  journal: CheckLog,
): Promise<ModeResult> {
  const examined = await prepareExport(request, { world, journal, plansOnly: request.dryRun });
  if (!examined.ok) return examined.stopped;
  const { source, preparation, outbound } = examined.value;
  const { container, registry } = source;
  const ends = { from: registry.loginServer, to: container.uri };
  if (request.dryRun) return dryRun(outbound, ends);
  journal.enter('transfer');
  const { plan, path } = outbound;
  const departure = { ...source, maxBlobBytes: request.maxBlobBytes };
  const results = await runBatches(
    plan.batches,
    (batch, carriage) => exportBatch(departure, batch, carriage),
    request,
    world,
  );
  const manifest = await manifestOf(outbound, results, preparation);
  const written = [await saveLocal(world, manifest), await upload(world, container, manifest)] as const;
  const recorded = problemsOf(written).length > 0 ? [] : [await recordHistory(results, outbound, preparation)];
  const facts = planFacts(outbound);
  const failures = [...blockedErrors(outbound), ...problemsOf([...written, ...recorded])];
  const paths = { plan: path, manifest: savedPath(written[0]) };
  return { ...ends, ...facts, dryRun: false, batches: results, failures, paths };
}
