/** Mode `export`: plans, exports, and uploads the transfer manifest. */
import { savedPath, saveLocal, upload } from '../documents/index.ts';
import { problemsOf } from '../errors/index.ts';
import { exportBatch, runBatches } from '../execution/index.ts';
import type { ExportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { blockedErrors, countNamed, recordHistory, type PlanContext } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkSourceContent, type CheckLog } from '../preflight/index.ts';
import {
  checkSource,
  createPlan,
  dryRun,
  logSide,
  manifestOf,
  planFacts,
  stopped,
  type ModeContext,
  type PreparedMode,
  type ReadyExport,
} from './steps.ts';

/** Checks the source, plans the export, and checks the planned artifacts. */
export async function prepareExport(
  request: ExportRequest,
  modeContext: ModeContext,
): Promise<PreparedMode<ReadyExport>> {
  modeContext.checkLog.enter('preflight');
  const checkedSource = await checkSource(request, modeContext);
  logSide(modeContext, 'source', checkedSource);
  const { ready } = checkedSource;
  if (!ready.ok) return stopped(ready.failures, { selected: countNamed(request) });
  const source = ready.value;
  const planContext: PlanContext = { request, source, target: null, world: modeContext.context };
  const endpoints = { from: source.registry.loginServer, to: source.container.uri };
  const preparedPlan = await createPlan(planContext, endpoints, modeContext, ({ plan }) =>
    checkSourceContent(source, plan.batches),
  );
  return preparedPlan.ok
    ? { ok: true, value: { source, planContext, preparedPlan: preparedPlan.value } }
    : preparedPlan;
}

/** Runs mode `export`. */
export async function exportMode(
  request: ExportRequest,
  context: TransferContext,
  checkLog: CheckLog,
): Promise<ModeResult> {
  const prepared = await prepareExport(request, { context, checkLog, plansOnly: request.dryRun });
  if (!prepared.ok) return prepared.stopped;
  const { source, planContext, preparedPlan } = prepared.value;
  const { container, registry } = source;
  const endpoints = { from: registry.loginServer, to: container.uri };
  if (request.dryRun) return dryRun(preparedPlan, endpoints);
  checkLog.enter('transfer');
  const { plan, path } = preparedPlan;
  const exportSource = { ...source, maxBlobBytes: request.maxBlobBytes };
  const results = await runBatches(
    plan.batches,
    (batch, runner) => exportBatch(exportSource, batch, runner),
    request,
    context,
  );
  const manifest = await manifestOf(preparedPlan, results, planContext);
  const written = [await saveLocal(context, manifest), await upload(context, container, manifest)] as const;
  const recorded = problemsOf(written).length > 0 ? [] : [await recordHistory(results, preparedPlan, planContext)];
  const facts = planFacts(preparedPlan);
  const failures = [...blockedErrors(preparedPlan), ...problemsOf([...written, ...recorded])];
  const paths = { plan: path, manifest: savedPath(written[0]) };
  return { ...endpoints, ...facts, dryRun: false, batches: results, failures, paths };
}
