/** Mode import. */
import {
  asWarnings,
  headingOf,
  incomplete,
  keep,
  named,
  pathOf,
  putBeside,
  receiptDocument,
  takeUp,
  type HandedOver,
} from '../documents/index.ts';
import { checked, failuresOf } from '../errors/index.ts';
import { carryAll, carryIn } from '../execution/index.ts';
import { receiptName } from '../model/names.ts';
import type { ImportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { announce } from '../plan/index.ts';
import type { World } from '../ports/context.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkArrival, type Journal } from '../preflight/index.ts';
import { arrivalOf, noteSide, stopped, targetOf, type Examination, type Examined } from './steps.ts';

/** What has arrived, ready to be taken up. */
export interface ReadyIntake {
  readonly target: ReadySide;
  readonly handed: HandedOver;
}

/** Examines mode `import`. */
export async function examineImport(request: ImportRequest, examination: Examination): Promise<Examined<ReadyIntake>> {
  const { world, journal } = examination;
  journal.enter('preflight');
  const checkedTarget = await targetOf(request, examination);
  noteSide(examination, 'target', checkedTarget);
  const { ready } = checkedTarget;
  if (!ready.ok) return stopped(ready.failures);
  const target = ready.value;
  journal.enter('plan');
  const ends = { from: target.container.uri, to: target.registry.loginServer };
  const handed = await checked(() => takeUp(request.intake, target.container, world.files));
  if (!handed.ok) return stopped(handed.failures, ends);
  announce(handed.value.batches, world);
  const against = journal.note(await checkArrival(target, handed.value.batches, request, world.clock.now()));
  if (against.length > 0) return stopped(against, ends);
  return { ok: true, value: { target, handed: handed.value } };
}

/** Mode `import`: take up what lies in the target container, verify it, and write the receipt. */
export async function importMode(request: ImportRequest, world: World, journal: Journal): Promise<ModeResult> {
  const examined = await examineImport(request, { world, journal, plansOnly: false });
  if (!examined.ok) return examined.stopped;
  const { target, handed } = examined.value;
  const { container, registry } = target;
  const { batches, expected, manifest, missing } = handed;
  journal.enter('transfer');
  const arrival = arrivalOf(request, target);
  const results = await carryAll(
    batches,
    (batch, carriage) => carryIn(target, arrival, batch, expected.get(batch.blob) ?? null, carriage),
    request,
    world,
  );
  const heading = headingOf(manifest?.document.transferName ?? request.transferName, world, registry.loginServer);
  const ids = { registryId: request.importPipeline.registryId, source: manifest?.document.registry ?? null };
  const receipt = named(receiptName(heading.transferName), receiptDocument({ ...heading, ...ids }, results, []));
  const kept = await keep(world, receipt);
  return {
    transferName: heading.transferName,
    from: container.uri,
    to: registry.loginServer,
    planned: null,
    dryRun: false,
    selected: batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length),
    batches: results,
    failures: [...incomplete(handed), ...failuresOf([kept])],
    warnings: asWarnings([await putBeside(world, container, receipt)]),
    paths: { receipt: pathOf(kept) },
  };
}
