/** Mode `import`: imports the blobs of the target container, verifies them, and writes the receipt. */
import {
  checkReceipt,
  headerOf,
  loadManifest,
  missingArtifacts,
  receiptDocument,
  savedPath,
  saveLocal,
  toNamedDocument,
  uploadReceipt,
  uploadWarnings,
  type Answered,
  type LoadedManifest,
} from '../documents/index.ts';
import { ok, problemsOf, toResult } from '../errors/index.ts';
import { importBatch, runBatches } from '../execution/index.ts';
import { receiptName } from '../model/names.ts';
import type { HandoffPart, ImportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { emitPlanned } from '../plan/index.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkTargetContent } from '../preflight/index.ts';
import {
  checkTarget,
  importTargetOf,
  logSide,
  stopped,
  withCopyContext,
  type ModeContext,
  type PreparedMode,
  type RunContext,
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

const transferNameOf = (request: ImportRequest, { manifest }: LoadedManifest): string =>
  manifest?.document.transferName ?? request.transferName;

/** What the receipt of an import answers. */
const answeredBy = ({ manifest }: LoadedManifest): Answered => {
  if (manifest === null) return { source: null, manifest: null };
  const { registry, createdAt } = manifest.document;
  return { source: registry, manifest: { digest: manifest.digest, createdAt } };
};

/** Checks the target, loads the manifest, and checks its artifacts. */
export async function prepare(request: ImportRequest, modeContext: ModeContext): Promise<PreparedMode<PreparedImport>> {
  const { context, checkLog } = modeContext;
  checkLog.enter('preflight');
  const checkedTarget = logSide(modeContext, 'target', await checkTarget(request, modeContext));
  if (!checkedTarget.ok) return stopped(checkedTarget.problem);
  const target = checkedTarget.value;
  checkLog.enter('plan');
  const endpoints = { from: target.container.uri, to: target.registry.loginServer };
  const loaded = await toResult(async () => {
    const manifest = await loadManifest(request.intake, {
      container: target.container,
      files: context.files,
      target: request.importPipeline.registryId,
    });
    await checkReceipt(target.container, transferNameOf(request, manifest), answeredBy(manifest));
    return manifest;
  });
  if (!loaded.ok) return stopped(loaded.problem, endpoints);
  emitPlanned(loaded.value.batches, context);
  const contentErrors = checkLog.note(
    await checkTargetContent(target, loaded.value.batches, request, context.clock.now()),
  );
  if (contentErrors.length > 0) return stopped(contentErrors, endpoints);
  return ok({ target, loaded: loaded.value });
}

/** Runs mode `import`. */
export async function run(request: ImportRequest, runContext: RunContext): Promise<ModeResult> {
  const { context, checkLog, record } = runContext;
  const prepared = await prepare(request, { ...runContext, plansOnly: false });
  if (!prepared.ok) return prepared.problem;
  const { target, loaded } = prepared.value;
  const { container, registry } = target;
  const { batches, expected, missing } = loaded;
  checkLog.enter('transfer');
  const answered = answeredBy(loaded);
  const importTarget = importTargetOf(request, target, { source: answered.source, batches, context });
  const endpoints = { from: container.uri, to: registry.loginServer };
  const selected = batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length);
  record.add({ ...endpoints, selected });
  const results = await withCopyContext(READS_ONLY, context, (copyContext) =>
    runBatches(batches, importBatch({ target: importTarget, expected, copyContext }), request, context),
  );
  record.add({ batches: results });
  const header = headerOf(transferNameOf(request, loaded), context, registry.loginServer);
  const ids = { registryId: request.importPipeline.registryId, ...answered };
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
    warnings: [...loaded.warnings, ...uploadWarnings([await uploadReceipt(context, container, receipt, answered)])],
    paths: { receipt: savedPath(saved) },
  };
}
