/** The modes: what each makes ready, which batches it carries, and which documents it leaves. */
import { asWarnings, headingOf, keep, named, pathOf, putBeside, type NamedDocument } from './beside.ts';
import { carryIn, carryOut, carryOver, carryThrough, type Arrival, type BatchResult } from './carry.ts';
import { carryAll } from './carry-all.ts';
import { manifestDocument, receiptDocument } from './documents.ts';
import { incomplete } from './intake.ts';
import { manifestName, receiptName } from './names.ts';
import { blockedFailures, plannedResults, type Outbound } from './outbound.ts';
import { recordHandedOver, withEarlierBatches } from './handed-over.ts';
import { failuresOf, type Checked } from './checked.ts';
import { examineExport, examineFull, examineHandoff, examineImport, planFacts } from './examine.ts';
import type { ReadySide } from './preflight/side.ts';
import type { Journal } from './preflight/journal.ts';
import { openCrossing, type Crossing } from './handoff/crossing.ts';
import type { ExportRequest, FullRequest, HandoffPart, HandoffRequest, ImportPart, ImportRequest } from './request.ts';
import type { Remembered } from './plan/known.ts';
import type { Preparation } from './prepare.ts';
import { formatReference } from './reference.ts';
import type { ModeResult, World } from './world.ts';

/** The target of the imports of a request. */
export const arrivalOf = (request: ImportPart, target: ReadySide): Arrival => ({
  ...target,
  importBy: request.importBy,
  verify: request.verify,
});

/** Carries with what all handoffs share, and ends it. */
export async function withCrossing<Result>(
  part: HandoffPart,
  world: World,
  carry: (crossing: Crossing) => Promise<Result>,
): Promise<Result> {
  const hashing = world.hashing();
  try {
    return await carry(openCrossing(part, hashing, world.clock));
  } finally {
    hashing.close();
  }
}

/** The result of a dry run. */
export const dryRun = (outbound: Outbound, ends: Pick<ModeResult, 'from' | 'to'>): ModeResult => ({
  ...ends,
  ...planFacts(outbound),
  dryRun: true,
  batches: plannedResults(outbound),
  failures: blockedFailures(outbound),
  paths: { plan: outbound.path },
});

/** Builds the transfer manifest from the results of the batches. */
export const manifestOf = async (
  outbound: Outbound,
  results: readonly BatchResult[],
  { request, source, target, world }: Preparation,
): Promise<NamedDocument> => {
  const heading = headingOf(outbound.documentName, world, source.registry.loginServer);
  const ids = { exportPipelineId: request.exportPipeline.resourceId, target: request.destination };
  const document = manifestDocument(heading, results, ids);
  // What goes all the way needs nobody to take it up later.
  const all = target === null ? await withEarlierBatches(document, outbound, source.container) : document;
  return named(manifestName(outbound.documentName), all);
};

/** Mode `export`: plan, export, and leave the transfer manifest beside the blobs. */
export async function exportMode(request: ExportRequest, world: World, journal: Journal): Promise<ModeResult> {
  const examined = await examineExport(request, { world, journal, plansOnly: request.dryRun });
  if (!examined.ok) return examined.stopped;
  const { source, preparation, outbound } = examined.value;
  const { container, registry } = source;
  const ends = { from: registry.loginServer, to: container.uri };
  if (request.dryRun) return dryRun(outbound, ends);
  journal.enter('transfer');
  const { plan, path } = outbound;
  const departure = { ...source, maxBlobBytes: request.maxBlobBytes };
  const results = await carryAll(
    plan.batches,
    (batch, carriage) => carryOut(departure, batch, carriage),
    request,
    world,
  );
  const manifest = await manifestOf(outbound, results, preparation);
  const written = [await keep(world, manifest), await putBeside(world, container, manifest)] as const;
  const recorded = failuresOf(written).length > 0 ? [] : [await recordHandedOver(results, outbound, preparation)];
  const facts = planFacts(outbound);
  const failures = [...blockedFailures(outbound), ...failuresOf([...written, ...recorded])];
  const paths = { plan: path, manifest: pathOf(written[0]) };
  return { ...ends, ...facts, dryRun: false, batches: results, failures, paths };
}

/** Mode `handoff`: carry what a transfer manifest names, then the manifest itself. */
export async function handoffMode(request: HandoffRequest, world: World, journal: Journal): Promise<ModeResult> {
  const examined = await examineHandoff(request, { world, journal, plansOnly: false });
  if (!examined.ok) return examined.stopped;
  const { sides, handed } = examined.value;
  const { source, target } = sides;
  const facts = { from: source.uri, to: target.uri, planned: null, dryRun: false, warnings: [] };
  journal.enter('transfer');
  const { batches, expected, manifest, missing } = handed;
  const results = await withCrossing(request.handoff, world, (crossing) =>
    carryAll(
      batches,
      (batch, carriage) => carryOver(sides, batch, expected.get(batch.blob) ?? null, crossing, carriage),
      request,
      world,
    ),
  );
  if (manifest === null) return { ...facts, selected: 0, batches: results, failures: [], paths: {} };
  const { transferName } = manifest.document;
  const document = { name: manifestName(transferName), text: manifest.text };
  const kept = await keep(world, document);
  const failures = [...incomplete(handed), ...failuresOf([kept, await putBeside(world, target, document)])];
  const selected = batches.reduce((sum, { artifacts }) => sum + artifacts.length, missing.length);
  return { ...facts, transferName, selected, batches: results, failures, paths: { manifest: pathOf(kept) } };
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

/** What was seen at the target tonight, or is sworn to by earlier receipts: one of the same name must not forget it. */
function thereBefore(
  { incremental, plan, remembered }: Outbound,
  results: readonly BatchResult[],
): readonly Remembered[] {
  if (incremental === 'target') {
    return plan.staying.flatMap(({ reference, digest, reason }) =>
      reason.kind === 'present' ? [{ reference: formatReference(reference), digest, children: [] }] : [],
    );
  }
  const carried = new Set(results.flatMap(({ artifacts }) => artifacts.map(({ reference }) => reference)));
  return incremental === 'receipt' ? remembered.filter(({ reference }) => !carried.has(reference)) : [];
}

const receiptOf = (
  outbound: Outbound,
  results: readonly BatchResult[],
  target: ReadySide,
  { source, world }: Preparation,
): NamedDocument => {
  const heading = headingOf(outbound.documentName, world, target.registry.loginServer);
  const ids = { registryId: target.pipeline.registryId, source: source.registry.loginServer };
  return named(
    receiptName(outbound.documentName),
    receiptDocument({ ...heading, ...ids }, results, thereBefore(outbound, results)),
  );
};

/** Mode `full`: all of it, every batch on its own. */
export async function fullMode(request: FullRequest, world: World, journal: Journal): Promise<ModeResult> {
  const examined = await examineFull(request, { world, journal, plansOnly: request.dryRun });
  if (!examined.ok) return examined.stopped;
  const { source, target, preparation, outbound } = examined.value;
  const ends = { from: source.registry.loginServer, to: target.registry.loginServer };
  if (request.dryRun) return dryRun(outbound, ends);
  journal.enter('transfer');
  const { plan, path } = outbound;
  const departure = { ...source, maxBlobBytes: request.maxBlobBytes };
  const arrival = arrivalOf(request, target);
  const results = await withCrossing(request.handoff, world, (crossing) =>
    carryAll(
      plan.batches,
      (batch, carriage) => carryThrough(departure, target, arrival, batch, crossing, carriage),
      request,
      world,
    ),
  );
  const left = await leaveDocuments(outbound, results, target, preparation);
  const facts = planFacts(outbound);
  const failures = [...blockedFailures(outbound), ...left.failures];
  const warnings = [...facts.warnings, ...left.warnings];
  return {
    ...ends,
    ...facts,
    dryRun: false,
    warnings,
    batches: results,
    failures,
    paths: { plan: path, ...left.paths },
  };
}

type Left = Pick<ModeResult, 'failures' | 'warnings' | 'paths'>;

/**
 * Leaves manifest and receipt on this runner and beside the blobs. The receipt goes first: a history that is rebuilt from
 * the manifest must find with it what did not arrive.
 */
async function leaveDocuments(
  outbound: Outbound,
  results: readonly BatchResult[],
  target: ReadySide,
  preparation: Preparation,
): Promise<Left> {
  const { source, world } = preparation;
  const manifest = await manifestOf(outbound, results, preparation);
  const receipt = receiptOf(outbound, results, target, preparation);
  const kept = [await keep(world, manifest), await keep(world, receipt)] as const;
  // A night without news leaves the documents of the last one with news as they are.
  const quiet = outbound.plan.batches.length === 0;
  const puts = (): Promise<Checked<void>>[] => [
    putBeside(world, source.container, receipt).then((put) =>
      put.ok ? putBeside(world, source.container, manifest) : put,
    ),
    putBeside(world, target.container, manifest),
    putBeside(world, target.container, receipt),
  ];
  // The history goes before them: what it is rebuilt from when it is lost hides the manifest before, of the same name.
  const recorded = await recordHandedOver(results, outbound, preparation);
  const beside = quiet ? [] : await Promise.all(puts());
  return {
    failures: failuresOf([...kept, recorded]),
    warnings: asWarnings(beside),
    paths: { manifest: pathOf(kept[0]), receipt: pathOf(kept[1]) },
  };
}
