/** What each mode makes sure of before anything is started: both sides, what is to travel, and that the one fits the other. */
import { checked, distinct, failuresOf, type Checked } from './checked.ts';
import type { Failure } from './failure.ts';
import { takeUp, type HandedOver } from './intake.ts';
import { manifestName } from './names.ts';
import { announce, blockedFailures, countNamed, countSelected, planOutbound, type Outbound } from './outbound.ts';
import { checkArrival } from './preflight/arrival.ts';
import { checkContainer, type ContainerUse } from './preflight/container.ts';
import { checkDeparture } from './preflight/departure.ts';
import type { Finding } from './preflight/finding.ts';
import type { Journal } from './preflight/journal.ts';
import { checkSide, openContainer, type CheckedSide, type ReadySide } from './preflight/side.ts';
import type { Preparation } from './prepare.ts';
import type {
  ExportPart,
  ExportRequest,
  FullRequest,
  HandoffPlace,
  HandoffRequest,
  ImportPart,
  ImportRequest,
  SideRequest,
  Terms,
} from './request.ts';
import type { Side } from './services.ts';
import type { BlobContainer } from './storage.ts';
import { stoppedEarly, type ModeResult, type World } from './world.ts';

/** What examining came to: what a mode goes on with, or the result that it ends with. */
export type Examined<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly stopped: ModeResult };

/** What examining is done with. */
export interface Examination {
  readonly world: World;
  readonly journal: Journal;
  /** Whether nothing will be started whatever is found: then rights to start are nobody's business. */
  readonly plansOnly: boolean;
}

/** What leaves, ready to go. */
export interface ReadyDeparture {
  readonly source: ReadySide;
  readonly preparation: Preparation;
  readonly outbound: Outbound;
}

/** The same with the side that it goes to. */
export interface ReadyTransfer extends ReadyDeparture {
  readonly target: ReadySide;
}

/** What has arrived, ready to be taken up. */
export interface ReadyIntake {
  readonly target: ReadySide;
  readonly handed: HandedOver;
}

/** Two containers, and what goes from one to the other. */
export interface ReadyHandoff {
  readonly sides: Readonly<Record<Side, BlobContainer>>;
  readonly handed: HandedOver;
}

/** Ends a mode before its first batch. */
export const stopped = (failures: readonly Failure[], facts: Partial<ModeResult> = {}): Examined<never> => ({
  ok: false,
  stopped: stoppedEarly(failures, facts),
});

/** Checks the source side of a request. */
export const sourceOf = (request: ExportPart & Terms, { world, plansOnly }: Examination): Promise<CheckedSide> => {
  const { source, exportPipeline: id, sourceContainer: place, transferName } = request;
  const probe = manifestName(transferName);
  const order = { side: 'source', id, request: source, place, importBy: null, probe, plansOnly } as const;
  return checkSide(order, world.connect('source', source), world.clock.now());
};

/** Checks the target side of a request. */
export const targetOf = (request: ImportPart & Terms, { world, plansOnly }: Examination): Promise<CheckedSide> => {
  const { target, importPipeline: id, targetContainer: place, importBy, transferName } = request;
  const probe = manifestName(transferName);
  const order = { side: 'target', id, request: target, place, importBy, probe, plansOnly } as const;
  return checkSide(order, world.connect('target', target), world.clock.now());
};

/** Notes what was found on a side. */
export function noteSide({ journal }: Examination, side: Side, { findings, ready }: CheckedSide): void {
  journal.note(findings);
  if (ready.ok) journal.opened(side, ready.value.container.uri);
}

/** What a plan comes to before, or without, anything being carried. */
export const planFacts = (
  outbound: Outbound,
): Pick<ModeResult, 'transferName' | 'selected' | 'planned' | 'warnings'> => ({
  transferName: outbound.transferName,
  selected: countSelected(outbound),
  planned: { plan: outbound.plan, incremental: outbound.incremental },
  warnings: [...outbound.notes, ...outbound.warnings],
});

type Ends = Pick<ModeResult, 'from' | 'to'>;

/** Plans the transfer, then checks the planned artifacts. */
export async function planned(
  preparation: Preparation,
  ends: Ends,
  examination: Examination,
  check: (outbound: Outbound) => Promise<readonly Finding[]>,
): Promise<Examined<Outbound>> {
  const { journal, plansOnly } = examination;
  journal.enter('plan');
  const outbound = await planOutbound(preparation);
  if (!outbound.ok) return stopped(outbound.failures, { ...ends, selected: countNamed(preparation.request) });
  if (plansOnly) return outbound;
  const against = journal.note(await check(outbound.value));
  if (against.length === 0) return outbound;
  const failures = [...against, ...blockedFailures(outbound.value)];
  return stopped(failures, { ...ends, ...planFacts(outbound.value), paths: { plan: outbound.value.path } });
}

/** Examines mode `export`. */
export async function examineExport(
  request: ExportRequest,
  examination: Examination,
): Promise<Examined<ReadyDeparture>> {
  examination.journal.enter('preflight');
  const checkedSource = await sourceOf(request, examination);
  noteSide(examination, 'source', checkedSource);
  const { ready } = checkedSource;
  if (!ready.ok) return stopped(ready.failures, { selected: countNamed(request) });
  const source = ready.value;
  const preparation: Preparation = { request, source, target: null, world: examination.world };
  const ends = { from: source.registry.loginServer, to: source.container.uri };
  const outbound = await planned(preparation, ends, examination, ({ plan }) => checkDeparture(source, plan.batches));
  return outbound.ok ? { ok: true, value: { source, preparation, outbound: outbound.value } } : outbound;
}

/** Examines mode `full`: both sides at once. */
export async function examineFull(request: FullRequest, examination: Examination): Promise<Examined<ReadyTransfer>> {
  const { world, journal } = examination;
  journal.enter('preflight');
  const [from, to] = await Promise.all([sourceOf(request, examination), targetOf(request, examination)]);
  noteSide(examination, 'source', from);
  noteSide(examination, 'target', to);
  if (!from.ready.ok || !to.ready.ok) {
    return stopped(distinct([from.ready, to.ready]), { selected: countNamed(request) });
  }
  const [source, target] = [from.ready.value, to.ready.value];
  const preparation: Preparation = { request, source, target, world };
  const ends = { from: source.registry.loginServer, to: target.registry.loginServer };
  const outbound = await planned(preparation, ends, examination, async ({ plan }) => {
    const found = [
      checkDeparture(source, plan.batches),
      checkArrival(target, plan.batches, request, world.clock.now()),
    ];
    return (await Promise.all(found)).flat();
  });
  return outbound.ok ? { ok: true, value: { source, target, preparation, outbound: outbound.value } } : outbound;
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

interface HandoffEnd {
  readonly side: Side;
  readonly request: SideRequest;
  readonly place: HandoffPlace;
  readonly use: ContainerUse;
}

async function checkEnd(
  { side, request, place, use }: HandoffEnd,
  container: BlobContainer,
  probe: string,
  world: World,
): Promise<readonly Finding[]> {
  const isDirectory = place.kind === 'directory';
  const inspector = place.kind === 'pipeline' ? world.connect(side, request).inspector(place.pipeline) : null;
  const sas = isDirectory ? null : request.sas;
  return checkContainer({ side, container, probe, use, sas }, inspector, world.clock.now());
}

/** Opens a container of a handoff and checks it. */
async function openEnd(
  end: HandoffEnd,
  probe: string,
  { world, journal }: Examination,
): Promise<Checked<BlobContainer>> {
  const { side, request, place } = end;
  const container = await checked(() => openContainer(side, request, place, world));
  if (!container.ok) return container;
  journal.opened(side, container.value.uri);
  const failures = journal.note(await checkEnd(end, container.value, probe, world));
  return failures.length > 0 ? { ok: false, failures } : container;
}

/** Examines mode `handoff`: both containers at once, and what is to be carried. */
export async function examineHandoff(
  request: HandoffRequest,
  examination: Examination,
): Promise<Examined<ReadyHandoff>> {
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
  if (!source.ok || !target.ok) return stopped(distinct([source, target]));
  journal.enter('plan');
  const ends = { from: source.value.uri, to: target.value.uri };
  const handed = await checked(() => takeUp(request.intake, source.value, world.files));
  if (!handed.ok) return stopped(failuresOf([handed]), ends);
  announce(handed.value.batches, world);
  return { ok: true, value: { sides: { source: source.value, target: target.value }, handed: handed.value } };
}
