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
import type { HandoffPart, ImportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { emitPlanned } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkTargetContent, type CheckLog } from '../preflight/index.ts';
import {
  checkTarget,
  importTargetOf,
  logSide,
  stopped,
  withCopyContext,
  type ModeContext,
  type PreparedMode,
} from './steps.ts';

/** Settings of a copy context that only hashes blobs. */
const READS_ONLY: HandoffPart = {
  method: 'stream',
  overwrite: false,
  tier: null,
  bandwidth: null,
  maxBlobBytes: null,
};

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
export async function run(request: ImportRequest, context: TransferContext, checkLog: CheckLog): Promise<ModeResult> {
  const prepared = await prepare(request, { context, checkLog, plansOnly: false });
  if (!prepared.ok) return prepared.stopped;
  const { target, loaded } = prepared.value;
  const { container, registry } = target;
  const { batches, expected, manifest, missing } = loaded;
  checkLog.enter('transfer');
  const source = manifest?.document.registry ?? null;
  const importTarget = importTargetOf(request, target, source, batches);
  const results = await withCopyContext(READS_ONLY, context, (copyContext) =>
    runBatches(batches, importBatch({ target: importTarget, expected, copyContext }), request, context),
  );
  const header = headerOf(manifest?.document.transferName ?? request.transferName, context, registry.loginServer);
  const ids = { registryId: request.importPipeline.registryId, source };
  const receipt = toNamedDocument(
    receiptName(header.transferName),
    receiptDocument({ ...header, ...ids }, results, []),
  );
  const saved = await saveLocal(context, receipt);
  return {
    transferName: header.transferName,
    from: container.uri,
    to: registry.loginServer,
    planned: null,
    dryRun: false,
    selected: batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length),
    batches: results,
    failures: [...missingArtifacts(loaded), ...problemsOf([saved])],
    warnings: uploadWarnings([await upload(context, container, receipt)]),
    paths: { receipt: savedPath(saved) },
  };
}
