/** Mode handoff. */
import {
  loadManifest,
  missingArtifacts,
  savedPath,
  saveLocal,
  upload,
  type LoadedManifest,
} from '../documents/index.ts';
import { distinctProblems, problemsOf, toResult, type Result } from '../errors/index.ts';
import { handOffBatch, runBatches } from '../execution/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { manifestName } from '../model/names.ts';
import type { HandoffLocation, HandoffRequest, SideRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import { emitPlanned } from '../plan/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkContainer, resolveContainer, type CheckLog, type ContainerUse } from '../preflight/index.ts';
import { stopped, withCopyContext, type ModeContext, type PreparedMode } from './steps.ts';

/** Two containers, and what goes from one to the other. */
export interface ReadyHandoff {
  readonly sides: Readonly<Record<Side, BlobContainer>>;
  readonly handed: LoadedManifest;
}

interface HandoffEnd {
  readonly side: Side;
  readonly request: SideRequest;
  readonly place: HandoffLocation;
  readonly use: ContainerUse;
}

async function checkEnd(
  { side, request, place, use }: HandoffEnd,
  container: BlobContainer,
  probe: string,
  world: TransferContext,
): Promise<readonly CheckResult[]> {
  const isDirectory = place.kind === 'directory';
  const inspector = place.kind === 'pipeline' ? world.connect(side, request).inspector(place.pipeline) : null;
  const sas = isDirectory ? null : request.sas;
  return checkContainer({ side, container, probe, use, sas }, inspector, world.clock.now());
}

/** Opens a container of a handoff and checks it. */
async function openEnd(
  end: HandoffEnd,
  probe: string,
  { world, journal }: ModeContext,
): Promise<Result<BlobContainer>> {
  const { side, request, place } = end;
  const container = await toResult(() => resolveContainer(side, request, place, world));
  if (!container.ok) return container;
  journal.opened(side, container.value.uri);
  const failures = journal.note(await checkEnd(end, container.value, probe, world));
  return failures.length > 0 ? { ok: false, failures } : container;
}

/** Examines mode `handoff`: both containers at once, and what is to be carried. */
export async function prepareHandoff(
  request: HandoffRequest,
  examination: ModeContext,
): Promise<PreparedMode<ReadyHandoff>> {
  const { world, journal } = examination;
  journal.enter('preflight');
  const probe = manifestName(request.transferName);
  const [source, target] = await Promise.all([
    openEnd(
      { side: 'source', request: request.source, place: request.sourceContainer, use: 'read' },
      probe,
      examination,
    ),
    openEnd(
      { side: 'target', request: request.target, place: request.targetContainer, use: 'write' },
      probe,
      examination,
    ),
  ]);
  if (!source.ok || !target.ok) return stopped(distinctProblems([source, target]));
  journal.enter('plan');
  const ends = { from: source.value.uri, to: target.value.uri };
  const handed = await toResult(() => loadManifest(request.intake, source.value, world.files));
  if (!handed.ok) return stopped(problemsOf([handed]), ends);
  emitPlanned(handed.value.batches, world);
  return { ok: true, value: { sides: { source: source.value, target: target.value }, handed: handed.value } };
}

/** Mode `handoff`: carry what a transfer manifest names, then the manifest itself. */
export async function handoffMode(
  request: HandoffRequest,
  world: TransferContext,
  journal: CheckLog,
): Promise<ModeResult> {
  const examined = await prepareHandoff(request, { world, journal, plansOnly: false });
  if (!examined.ok) return examined.stopped;
  const { sides, handed } = examined.value;
  const { source, target } = sides;
  const facts = { from: source.uri, to: target.uri, planned: null, dryRun: false, warnings: [] };
  journal.enter('transfer');
  const { batches, expected, manifest, missing } = handed;
  const results = await withCopyContext(request.handoff, world, (crossing) =>
    runBatches(
      batches,
      (batch, carriage) => handOffBatch(sides, batch, expected.get(batch.blob) ?? null, crossing, carriage),
      request,
      world,
    ),
  );
  if (manifest === null) return { ...facts, selected: 0, batches: results, failures: [], paths: {} };
  const { transferName } = manifest.document;
  const document = { name: manifestName(transferName), text: manifest.text };
  const kept = await saveLocal(world, document);
  const failures = [...missingArtifacts(handed), ...problemsOf([kept, await upload(world, target, document)])];
  const selected = batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length);
  return { ...facts, transferName, selected, batches: results, failures, paths: { manifest: savedPath(kept) } };
}
