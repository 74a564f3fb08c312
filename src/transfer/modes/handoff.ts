/** Mode `handoff`: copies the blobs of a transfer manifest between two containers. */
import {
  arrivedBlobs,
  loadManifest,
  missingArtifacts,
  savedPath,
  saveLocal,
  upload,
  type LoadedManifest,
} from '../documents/index.ts';
import { distinctProblems, failed, ok, problemsOf, toResult, type Result } from '../errors/index.ts';
import { handOffBatch, runBatches } from '../execution/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { manifestName } from '../model/names.ts';
import type { HandoffLocation, HandoffRequest, SideRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import { emitPlanned } from '../plan/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkContainer, resolveContainer, type ContainerUse } from '../preflight/index.ts';
import { stopped, withCopyContext, type ModeContext, type PreparedMode, type RunContext } from './steps.ts';

/** Checked containers of a handoff, and the manifest to hand off. */
interface PreparedHandoff {
  readonly containers: Readonly<Record<Side, BlobContainer>>;
  readonly loaded: LoadedManifest;
  /** Names of blobs whose artifacts have arrived. */
  readonly arrived: ReadonlySet<string>;
}

/** Checks both containers concurrently, and loads the manifest. */
export async function prepare(
  request: HandoffRequest,
  modeContext: ModeContext,
): Promise<PreparedMode<PreparedHandoff>> {
  const { context, checkLog } = modeContext;
  checkLog.enter('preflight');
  const probe = manifestName(request.transferName);
  const [source, target] = await Promise.all([
    connectContainer(
      { side: 'source', request: request.source, location: request.sourceContainer, use: 'read' },
      probe,
      modeContext,
    ),
    connectContainer(
      { side: 'target', request: request.target, location: request.targetContainer, use: 'write' },
      probe,
      modeContext,
    ),
  ]);
  if (!source.ok || !target.ok) return stopped(distinctProblems([source, target]));
  checkLog.enter('plan');
  const endpoints = { from: source.value.uri, to: target.value.uri };
  const loaded = await toResult(() =>
    loadManifest(request.intake, { container: source.value, files: context.files, target: request.destination }),
  );
  if (!loaded.ok) return stopped(loaded.problem, endpoints);
  const arrived = await toResult(() => arrivedBlobs(target.value, loaded.value));
  if (!arrived.ok) return stopped(arrived.problem, endpoints);
  emitPlanned(loaded.value.batches, context);
  const containers = { source: source.value, target: target.value };
  return ok({ containers, loaded: loaded.value, arrived: arrived.value });
}

/** Runs mode `handoff`: copies the blobs of the transfer manifest, then the manifest itself. */
export async function run(request: HandoffRequest, runContext: RunContext): Promise<ModeResult> {
  const { context, checkLog, record } = runContext;
  const prepared = await prepare(request, { ...runContext, plansOnly: false });
  if (!prepared.ok) return prepared.problem;
  const { containers, loaded, arrived } = prepared.value;
  const { source, target } = containers;
  const facts = { from: source.uri, to: target.uri, planned: null, dryRun: false, warnings: loaded.warnings };
  checkLog.enter('transfer');
  const { batches, expected, manifest, missing } = loaded;
  const artifacts = batches.reduce((sum, batch) => sum + batch.artifacts.length, missing.length);
  const selected = manifest === null ? 0 : artifacts;
  record.add({ ...facts, selected });
  const results = await withCopyContext(request.handoff, context, (copyContext) =>
    runBatches(batches, handOffBatch({ containers, expected, arrived, copyContext }), request, context),
  );
  record.add({ batches: results });
  if (manifest === null) return { ...facts, selected, batches: results, failures: [], paths: {} };
  const { transferName } = manifest.document;
  const document = { name: manifestName(transferName), text: manifest.text };
  const saved = await saveLocal(context, document);
  const failures = [...missingArtifacts(loaded), ...problemsOf([saved, await upload(context, target, document)])];
  return { ...facts, transferName, selected, batches: results, failures, paths: { manifest: savedPath(saved) } };
}

interface HandoffContainer {
  readonly side: Side;
  readonly request: SideRequest;
  readonly location: HandoffLocation;
  readonly use: ContainerUse;
}

async function checkHandoffContainer(
  { side, request, location, use }: HandoffContainer,
  container: BlobContainer,
  probe: string,
  context: TransferContext,
): Promise<readonly CheckResult[]> {
  const isDirectory = location.kind === 'directory';
  const inspector = location.kind === 'pipeline' ? context.connect(side, request).inspector(location.pipeline) : null;
  const sas = isDirectory ? null : request.sas;
  return checkContainer({ side, container, probe, use, sas }, inspector, context.clock.now());
}

/** Connects one container of a handoff and checks it. */
async function connectContainer(
  handoffContainer: HandoffContainer,
  probe: string,
  { context, checkLog }: ModeContext,
): Promise<Result<BlobContainer>> {
  const { side, request, location } = handoffContainer;
  const container = await toResult(() => resolveContainer(side, request, location, context));
  if (!container.ok) return container;
  checkLog.opened(side, container.value.uri);
  const failures = checkLog.note(await checkHandoffContainer(handoffContainer, container.value, probe, context));
  return failures.length > 0 ? failed(failures) : container;
}
