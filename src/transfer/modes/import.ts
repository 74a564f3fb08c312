/** Mode import. */
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
import type { TransferContext } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkTargetContent, type CheckLog } from '../preflight/index.ts';
import { importTargetOf, noteSide, stopped, targetOf, type ModeContext, type PreparedMode } from './steps.ts';

/** What has arrived, ready to be taken up. */
export interface ReadyImport {
  readonly target: ReadySide;
  readonly handed: LoadedManifest;
}

/** Examines mode `import`. */
export async function prepareImport(
  request: ImportRequest,
  examination: ModeContext,
): Promise<PreparedMode<ReadyImport>> {
  const { world, journal } = examination;
  journal.enter('preflight');
  const checkedTarget = await targetOf(request, examination);
  noteSide(examination, 'target', checkedTarget);
  const { ready } = checkedTarget;
  if (!ready.ok) return stopped(ready.failures);
  const target = ready.value;
  journal.enter('plan');
  const ends = { from: target.container.uri, to: target.registry.loginServer };
  const handed = await toResult(() => loadManifest(request.intake, target.container, world.files));
  if (!handed.ok) return stopped(handed.failures, ends);
  emitPlanned(handed.value.batches, world);
  const against = journal.note(await checkTargetContent(target, handed.value.batches, request, world.clock.now()));
  if (against.length > 0) return stopped(against, ends);
  return { ok: true, value: { target, handed: handed.value } };
}

/** Mode `import`: take up what lies in the target container, verify it, and write the receipt. */
export async function importMode(
  request: ImportRequest,
  world: TransferContext,
  journal: CheckLog,
): Promise<ModeResult> {
  const examined = await prepareImport(request, { world, journal, plansOnly: false });
  if (!examined.ok) return examined.stopped;
  const { target, handed } = examined.value;
  const { container, registry } = target;
  const { batches, expected, manifest, missing } = handed;
  journal.enter('transfer');
  const arrival = importTargetOf(request, target);
  const results = await runBatches(
    batches,
    (batch, carriage) => importBatch(target, arrival, batch, expected.get(batch.blob) ?? null, carriage),
    request,
    world,
  );
  const heading = headerOf(manifest?.document.transferName ?? request.transferName, world, registry.loginServer);
  const ids = { registryId: request.importPipeline.registryId, source: manifest?.document.registry ?? null };
  const receipt = toNamedDocument(
    receiptName(heading.transferName),
    receiptDocument({ ...heading, ...ids }, results, []),
  );
  const kept = await saveLocal(world, receipt);
  return {
    transferName: heading.transferName,
    from: container.uri,
    to: registry.loginServer,
    planned: null,
    dryRun: false,
    selected: batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length),
    batches: results,
    failures: [...missingArtifacts(handed), ...problemsOf([kept])],
    warnings: uploadWarnings([await upload(world, container, receipt)]),
    paths: { receipt: savedPath(kept) },
  };
}
