/** Mode `export`: plans, exports, and uploads the transfer manifest. */
import { savedPath, saveLocal, upload } from '../documents/index.ts';
import { ok, problemsOf } from '../errors/index.ts';
import { exportBatch, runBatches } from '../execution/index.ts';
import type { ExportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { blockedErrors, countNamed, recordHistory, type PlanContext, type PreparedPlan } from '../plan/index.ts';
import { checkSourceContent } from '../preflight/index.ts';
import {
  checkSource,
  createPlan,
  dryRun,
  logContent,
  logSide,
  manifestOf,
  planFacts,
  stopped,
  type ModeContext,
  type PreparedMode,
  type RunContext,
} from './steps.ts';

/** Plan of an export from a checked source. */
interface PreparedExport {
  readonly planContext: PlanContext;
  readonly preparedPlan: PreparedPlan;
}

/** Checks the source, plans the export, and checks the planned artifacts. */
export async function prepare(request: ExportRequest, modeContext: ModeContext): Promise<PreparedMode<PreparedExport>> {
  modeContext.checkLog.enter('preflight');
  const source = logSide(modeContext, 'source', await checkSource(request, modeContext));
  if (!source.ok) return stopped(source.problem, { selected: countNamed(request) });
  const { container, registry } = source.value;
  const planContext: PlanContext = { request, source: source.value, target: null, context: modeContext.context };
  const endpoints = { from: registry.loginServer, to: container.uri };
  const planned = await createPlan(planContext, endpoints, modeContext);
  if (!planned.ok) return planned;
  const { plan } = planned.value;
  const checkResults = modeContext.plansOnly ? [] : await checkSourceContent(source.value, plan.batches);
  const blocked = logContent(checkResults, planned.value, endpoints, modeContext);
  return blocked ?? ok({ planContext, preparedPlan: planned.value });
}

/** Runs mode `export`. */
export async function run(request: ExportRequest, runContext: RunContext): Promise<ModeResult> {
  const { context, checkLog, record } = runContext;
  const prepared = await prepare(request, { ...runContext, plansOnly: request.dryRun });
  if (!prepared.ok) return prepared.problem;
  const { planContext, preparedPlan } = prepared.value;
  const { source } = planContext;
  const { container, registry } = source;
  const endpoints = { from: registry.loginServer, to: container.uri };
  if (request.dryRun) return dryRun(preparedPlan, endpoints);
  checkLog.enter('transfer');
  const { plan, path } = preparedPlan;
  const facts = planFacts(preparedPlan);
  const work = exportBatch({ ...source, maxBlobBytes: request.maxBlobBytes });
  record.add({ ...endpoints, ...facts, paths: { plan: path } });
  const results = await runBatches(plan.batches, work, request, context);
  record.add({ batches: results });
  const manifest = manifestOf(preparedPlan, results, planContext);
  // If there is nothing to transfer, the manifest of the last transfer with this name stays as it is. With a history, the
  // manifest includes the earlier batches whose blobs still exist, so it is always up to date.
  const keepsLast = manifest.isEmpty && preparedPlan.incremental !== 'history';
  const uploads = keepsLast ? [] : [await upload(context, container, manifest)];
  const written = [await saveLocal(context, manifest), ...uploads] as const;
  const recorded = problemsOf(written).length > 0 ? [] : [await recordHistory(results, preparedPlan, planContext)];
  const failures = [...blockedErrors(preparedPlan), ...problemsOf([...written, ...recorded])];
  const paths = { plan: path, manifest: savedPath(written[0]) };
  return { ...endpoints, ...facts, dryRun: false, batches: results, failures, paths };
}
