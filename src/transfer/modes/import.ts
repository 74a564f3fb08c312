/** Mode `import`: imports the blobs of the target container, verifies them, and writes the receipt. */
import {
  headerOf,
  loadManifest,
  missingArtifacts,
  receiptDocument,
  savedPath,
  saveLocal,
  toNamedDocument,
  upload,
  uploadWarnings,
  type LoadedManifest,
} from '../documents/index.ts';
import { problemsOf, toResult } from '../errors/index.ts';
import { importBatch, runBatches } from '../execution/index.ts';
import { receiptName } from '../model/names.ts';
import type { ImportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { emitPlanned } from '../plan/index.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkTargetContent } from '../preflight/index.ts';
import {
  checkTarget,
  importTargetOf,
  logSide,
  stopped,
  type ModeContext,
  type PreparedMode,
  type RunContext,
} from './steps.ts';

/** Checked target, and the manifest to import. */
interface PreparedImport {
  readonly target: ReadySide;
  readonly loaded: LoadedManifest;
}

/** Checks the target, loads the manifest, and checks its artifacts. */
export async function prepare(request: ImportRequest, modeContext: ModeContext): Promise<PreparedMode<PreparedImport>> {
  const { context, checkLog } = modeContext;
  checkLog.enter('preflight');
  const checkedTarget = logSide(modeContext, 'target', await checkTarget(request, modeContext));
  if (!checkedTarget.ok) return stopped(checkedTarget.failures);
  const target = checkedTarget.value;
  checkLog.enter('plan');
  const endpoints = { from: target.container.uri, to: target.registry.loginServer };
  const loaded = await toResult(() => loadManifest(request.intake, target.container, context.files));
  if (!loaded.ok) return stopped(loaded.failures, endpoints);
  emitPlanned(loaded.value.batches, context);
  const contentErrors = checkLog.note(
    await checkTargetContent(target, loaded.value.batches, request, context.clock.now()),
  );
  if (contentErrors.length > 0) return stopped(contentErrors, endpoints);
  return { ok: true, value: { target, loaded: loaded.value } };
}

/** Runs mode `import`. */
export async function run(request: ImportRequest, runContext: RunContext): Promise<ModeResult> {
  const { context, checkLog, record } = runContext;
  const prepared = await prepare(request, { ...runContext, plansOnly: false });
  if (!prepared.ok) return prepared.stopped;
  const { target, loaded } = prepared.value;
  const { container, registry } = target;
  const { batches, expected, manifest, missing } = loaded;
  checkLog.enter('transfer');
  const work = importBatch({ target: importTargetOf(request, target), expected });
  const endpoints = { from: container.uri, to: registry.loginServer };
  const selected = batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length);
  record.add({ ...endpoints, selected });
  const results = await runBatches(batches, work, request, context);
  record.add({ batches: results });
  const header = headerOf(manifest?.document.transferName ?? request.transferName, context, registry.loginServer);
  const ids = { registryId: request.importPipeline.registryId, source: manifest?.document.registry ?? null };
  const receipt = toNamedDocument(
    receiptName(header.transferName),
    receiptDocument({ ...header, ...ids }, results, []),
  );
  const saved = await saveLocal(context, receipt);
  return {
    transferName: header.transferName,
    ...endpoints,
    planned: null,
    dryRun: false,
    selected,
    batches: results,
    failures: [...missingArtifacts(loaded), ...problemsOf([saved])],
    warnings: uploadWarnings([await upload(context, container, receipt)]),
    paths: { receipt: savedPath(saved) },
  };
}
