/** Mode `full`: plans, then exports, hands off, imports and verifies each batch. */
import {
  documentDigest,
  headerOf,
  receiptDocument,
  savedPath,
  saveLocal,
  toNamedDocument,
  upload,
  uploadReceipt,
  uploadWarnings,
  type Answered,
  type BaselineEntry,
  type NamedDocument,
} from '../documents/index.ts';
import { distinctProblems, ok, problemsOf, type Result } from '../errors/index.ts';
import { runBatches, transferBatch } from '../execution/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { receiptName } from '../model/names.ts';
import { formatReference } from '../model/reference.ts';
import type { FullRequest } from '../model/request.ts';
import type { BatchResult, ModeResult } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import { blockedErrors, countNamed, recordHistory, type PlanContext, type PreparedPlan } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkSourceContent, checkTargetContent } from '../preflight/index.ts';
import {
  checkSource,
  checkTarget,
  createPlan,
  dryRun,
  importTargetOf,
  logContent,
  logSide,
  manifestOf,
  planFacts,
  stopped,
  withCopyContext,
  type ModeContext,
  type PreparedMode,
  type RunContext,
  type WrittenManifest,
} from './steps.ts';

/** Plan of a transfer between checked sides. */
interface PreparedTransfer {
  readonly target: ReadySide;
  readonly planContext: PlanContext;
  readonly preparedPlan: PreparedPlan;
}

/** Checks both sides concurrently, plans the transfer, and checks the planned artifacts. */
export async function prepare(request: FullRequest, modeContext: ModeContext): Promise<PreparedMode<PreparedTransfer>> {
  const { context, checkLog, plansOnly } = modeContext;
  checkLog.enter('preflight');
  const [from, to] = await Promise.all([checkSource(request, modeContext), checkTarget(request, modeContext)]);
  const source = logSide(modeContext, 'source', from);
  const target = logSide(modeContext, 'target', to);
  if (!source.ok || !target.ok) {
    return stopped(distinctProblems([source, target]), { selected: countNamed(request) });
  }
  const sides = { source: source.value, target: target.value };
  const planContext: PlanContext = { request, ...sides, context };
  const endpoints = { from: sides.source.registry.loginServer, to: sides.target.registry.loginServer };
  const planned = await createPlan(planContext, endpoints, modeContext);
  if (!planned.ok) return planned;
  const checkResults = plansOnly ? [] : await checkContent(request, sides, planned.value, context);
  const blocked = logContent(checkResults, planned.value, endpoints, modeContext);
  return blocked ?? ok({ target: sides.target, planContext, preparedPlan: planned.value });
}

/** Runs mode `full`. */
export async function run(request: FullRequest, runContext: RunContext): Promise<ModeResult> {
  const { context, checkLog, record } = runContext;
  const prepared = await prepare(request, { ...runContext, plansOnly: request.dryRun });
  if (!prepared.ok) return prepared.problem;
  const { target, planContext, preparedPlan } = prepared.value;
  const { source } = planContext;
  const endpoints = { from: source.registry.loginServer, to: target.registry.loginServer };
  if (request.dryRun) return dryRun(preparedPlan, endpoints);
  checkLog.enter('transfer');
  const { plan, path } = preparedPlan;
  const sides = {
    source: { ...source, maxBlobBytes: request.maxBlobBytes },
    target: importTargetOf(request, target, { source: source.registry.loginServer, batches: plan.batches, context }),
  };
  const facts = planFacts(preparedPlan);
  record.add({ ...endpoints, ...facts, paths: { plan: path } });
  const results = await withCopyContext(request.handoff, context, (copyContext) =>
    runBatches(plan.batches, transferBatch({ ...sides, copyContext }), request, context),
  );
  record.add({ batches: results });
  const documents = await writeDocuments(preparedPlan, results, target, planContext);
  const failures = [...blockedErrors(preparedPlan), ...documents.failures];
  const warnings = [...facts.warnings, ...documents.warnings];
  return {
    ...endpoints,
    ...facts,
    dryRun: false,
    warnings,
    batches: results,
    failures,
    paths: { plan: path, ...documents.paths },
  };
}

/** Checks the planned artifacts on both sides. */
async function checkContent(
  request: FullRequest,
  { source, target }: Readonly<Record<Side, ReadySide>>,
  { plan }: PreparedPlan,
  { clock }: TransferContext,
): Promise<readonly CheckResult[]> {
  const checks = [
    checkSourceContent(source, plan.batches),
    checkTargetContent(target, plan.batches, request, clock.now()),
  ];
  return (await Promise.all(checks)).flat();
}

type WrittenDocuments = Pick<ModeResult, 'failures' | 'warnings' | 'paths'>;

/**
 * Saves manifest and receipt on this runner, and uploads them to both containers. At the source, the receipt is uploaded
 * before the manifest: a history that is rebuilt from the manifest needs the receipt to find artifacts that didn't arrive.
 */
async function writeDocuments(
  preparedPlan: PreparedPlan,
  results: readonly BatchResult[],
  target: ReadySide,
  planContext: PlanContext,
): Promise<WrittenDocuments> {
  const { source, context } = planContext;
  const manifest = manifestOf(preparedPlan, results, planContext);
  const answered = answeredBy(manifest, planContext);
  const receipt = receiptOf(preparedPlan, results, target, answered, planContext);
  const saved = [await saveLocal(context, manifest), await saveLocal(context, receipt)] as const;
  // If there is nothing to transfer, the documents of the last transfer stay as they are.
  const nothingToTransfer = preparedPlan.plan.batches.length === 0;
  const startUploads = (): Promise<Result<void>>[] => [
    uploadReceipt(context, source.container, receipt, answered).then((put) =>
      put.ok ? upload(context, source.container, manifest) : put,
    ),
    upload(context, target.container, manifest),
    uploadReceipt(context, target.container, receipt, answered),
  ];
  // The history is recorded before the upload. A lost history is rebuilt from the manifests, and this upload replaces an
  // earlier manifest of the same name.
  const recorded = await recordHistory(results, preparedPlan, planContext);
  const uploads = nothingToTransfer ? [] : await Promise.all(startUploads());
  return {
    failures: problemsOf([...saved, recorded]),
    warnings: uploadWarnings(uploads),
    paths: { manifest: savedPath(saved[0]), receipt: savedPath(saved[1]) },
  };
}

/** Artifacts that the baseline of the plan knows to be at the target. A history knows only what was handed over. */
function baselineEntriesOf({ incremental, plan, baselineEntries }: PreparedPlan): readonly BaselineEntry[] {
  if (incremental === 'receipt') return baselineEntries;
  if (incremental !== 'target') return [];
  return plan.skipped.flatMap(({ reference, digest, reason }) =>
    reason.kind === 'present' ? [{ reference: formatReference(reference), digest, children: [] }] : [],
  );
}

/**
 * Lists artifacts that are at the target according to the baseline or an earlier receipt. The new receipt includes them, because
 * it replaces an earlier one of the same name. If both know an artifact, the receipt has its children too.
 */
function presentBefore(preparedPlan: PreparedPlan, results: readonly BatchResult[]): readonly BaselineEntry[] {
  const transferred = new Set(results.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)));
  const known = new Map(baselineEntriesOf(preparedPlan).map((entry) => [entry.reference, entry]));
  for (const entry of preparedPlan.earlierEntries) {
    const baseline = known.get(entry.reference);
    if (baseline === undefined || baseline.digest === entry.digest) known.set(entry.reference, entry);
  }
  return [...known.values()].filter(({ reference }) => !transferred.has(reference));
}

/** What the receipt of a transfer answers: the manifest that it has just written. */
const answeredBy = ({ text, createdAt }: WrittenManifest, { source }: PlanContext): Answered => ({
  source: source.registry.loginServer,
  manifest: { digest: documentDigest(text), createdAt },
});

const receiptOf = (
  preparedPlan: PreparedPlan,
  results: readonly BatchResult[],
  target: ReadySide,
  answered: Answered,
  { context }: PlanContext,
): NamedDocument => {
  const header = headerOf(preparedPlan.documentName, context, target.registry.loginServer);
  const ids = { registryId: target.pipeline.registryId, ...answered };
  return toNamedDocument(
    receiptName(preparedPlan.documentName),
    receiptDocument({ ...header, ...ids }, results, presentBefore(preparedPlan, results)),
  );
};
