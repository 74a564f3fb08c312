/** The four modes: what each makes ready, which batches it carries, and which documents it leaves. */
import { carryIn, carryOut, carryOver, carryThrough, type Arrival, type BatchResult } from './carry.ts';
import { carryAll } from './carry-all.ts';
import { readDocument, writeDocument } from './document.ts';
import { manifestDocument, planDocument, receiptDocument, type Heading } from './documents.ts';
import { failure, type Failure } from './failure.ts';
import { incomplete, takeUp } from './intake.ts';
import { manifestName, receiptName } from './names.ts';
import { formBatches, type Batch } from './plan.ts';
import { checked, distinct, failuresOf, openContainer, readySide, type Checked, type ReadySide } from './preflight.ts';
import type {
  ExportPart,
  ExportRequest,
  FullRequest,
  HandoffRequest,
  ImportPart,
  ImportRequest,
  Terms,
} from './request.ts';
import { MANIFEST } from './schemas.ts';
import { resolveSelection } from './select.ts';
import type { BlobContainer } from './services.ts';
import { stoppedEarly, type ModeResult, type World } from './world.ts';

const heading = ({ transferName }: Terms, { clock, provenance }: World, registry: string): Heading => ({
  transferName,
  createdAt: new Date(clock.now()).toISOString(),
  provenance,
  registry,
});

const readySource = (request: ExportPart, world: World): Promise<Checked<ReadySide>> =>
  readySide('source', world.connect('source', request.source), request.exportPipeline, request.sourceContainer);

const readyTarget = (request: ImportPart, world: World): Promise<Checked<ReadySide>> =>
  readySide('target', world.connect('target', request.target), request.importPipeline, request.targetContainer);

/**
 * Looks into the containers before anything is started: a container that cannot be read is found now, not after an hour of
 * exports. The look is for the manifest, which every mode has to do with.
 */
async function reachable({ transferName }: Terms, sides: readonly ReadySide[]): Promise<readonly Failure[]> {
  const name = manifestName(transferName);
  return distinct(await Promise.all(sides.map(({ container }) => checked(() => container.find(name)))));
}

/** Another step of the same workflow run may have exported other blobs under this name; a later attempt has another run URL. */
async function nameClash(
  { transferName }: Terms,
  { container }: ReadySide,
  batches: readonly Batch[],
  { provenance }: World,
): Promise<Failure | null> {
  const text = provenance === null ? null : await container.readText(manifestName(transferName));
  if (text === null) return null;
  const earlier = await checked(() => Promise.resolve(readDocument(MANIFEST, text, manifestName(transferName))));
  if (!earlier.ok || earlier.value.provenance?.run !== provenance?.run) return null;
  const ours = new Set(batches.map(({ blob }) => blob));
  const others = earlier.value.batches.some(({ blob }) => !ours.has(blob.name));
  return others ? failure('ACRT7004', { transferName }) : null;
}

interface Planned {
  readonly batches: readonly Batch[];
  readonly path: string;
}

/** Resolves the selection, looks into the containers, forms batches and writes the plan. */
async function plan(
  request: ExportPart & Terms,
  source: ReadySide,
  target: readonly ReadySide[],
  world: World,
): Promise<Checked<Planned>> {
  const [{ artifacts, failures }, unreachable] = await Promise.all([
    resolveSelection(source.registry, request.selection),
    reachable(request, [source, ...target]),
  ]);
  if (failures.length + unreachable.length > 0) return { ok: false, failures: [...unreachable, ...failures] };
  const batches = formBatches(artifacts, request.transferName, request.artifactsPerRun);
  const clash = await nameClash(request, source, batches, world);
  if (clash !== null) return { ok: false, failures: [clash] };
  const head = heading(request, world, source.registry.loginServer);
  const document = planDocument(head, batches, artifacts, request.exportPipeline.resourceId);
  announce(batches, world);
  return { ok: true, value: { batches, path: await world.files.write('plan.json', writeDocument(document)) } };
}

const countArtifacts = (batches: readonly Batch[]): number =>
  batches.reduce((sum, batch) => sum + batch.artifacts.length, 0);

function announce(batches: readonly Batch[], world: World): void {
  const artifacts = countArtifacts(batches);
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  world.onEvent({ kind: 'planned', batches: batches.length, artifacts, bytes });
}

interface Document {
  readonly name: string;
  readonly text: string;
}

const manifestOf = (
  request: ExportPart & Terms,
  source: ReadySide,
  results: readonly BatchResult[],
  world: World,
): Document => ({
  name: manifestName(request.transferName),
  text: writeDocument(
    manifestDocument(heading(request, world, source.registry.loginServer), results, request.exportPipeline.resourceId),
  ),
});

const receiptOf = (request: Terms, target: ReadySide, results: readonly BatchResult[], world: World): Document => ({
  name: receiptName(request.transferName),
  text: writeDocument(receiptDocument(heading(request, world, target.registry.loginServer), results)),
});

// Writing is checked instead of thrown: the artifacts are where they are, whether a document could be written or not.

/** Keeps a document on this runner; its path. */
const keep = ({ files }: World, { name, text }: Document): Promise<Checked<string>> =>
  checked(() => files.write(name, text));

/** Puts a document beside the blobs. */
const putBeside = (container: BlobContainer, { name, text }: Document): Promise<Checked<void>> =>
  checked(() => container.writeText(name, text));

const pathOf = (kept: Checked<string>): string | undefined => (kept.ok ? kept.value : undefined);

const asWarnings = (written: readonly Checked<void>[]): string[] =>
  failuresOf(written).map(({ facts }) => `A document was not left beside the blobs: ${facts.message}`);

const arrivalOf = (request: ImportPart, target: ReadySide): Arrival => ({
  ...target,
  importBy: request.importBy,
  verify: request.verify,
});

/** Mode `export`: plan, export, and leave the transfer manifest beside the blobs. */
export async function exportMode(request: ExportRequest, world: World): Promise<ModeResult> {
  const selected = request.selection.length;
  const source = await readySource(request, world);
  if (!source.ok) return stoppedEarly(source.failures, { selected });
  const from = source.value.registry.loginServer;
  const planned = await plan(request, source.value, [], world);
  if (!planned.ok) return stoppedEarly(planned.failures, { selected, from });
  const { batches, path } = planned.value;
  const results = await carryAll(batches, (batch, carriage) => carryOut(source.value, batch, carriage), request, world);
  const manifest = manifestOf(request, source.value, results, world);
  const kept = await keep(world, manifest);
  const failures = failuresOf([kept, await putBeside(source.value.container, manifest)]);
  const paths = { plan: path, manifest: pathOf(kept) };
  return { from, to: source.value.container.uri, selected, batches: results, failures, warnings: [], paths };
}

/** Mode `handoff`: carry what a transfer manifest names, then the manifest itself. */
export async function handoffMode(request: HandoffRequest, world: World): Promise<ModeResult> {
  const [source, target] = await Promise.all([
    checked(async () => openContainer('source', world.connect('source', request.source), request.sourceContainer)),
    checked(async () => openContainer('target', world.connect('target', request.target), request.targetContainer)),
  ]);
  if (!source.ok || !target.ok) return stoppedEarly(distinct([source, target]));
  const ends = { from: source.value.uri, to: target.value.uri };
  const handed = await takeUp(request.intake, source.value, world.files);
  const { batches, expected, manifest, missing } = handed;
  announce(batches, world);
  const sides = { source: source.value, target: target.value };
  const results = await carryAll(
    batches,
    (batch, carriage) => carryOver(sides, batch, expected.get(batch.blob) ?? null, carriage),
    request,
    world,
  );
  if (manifest === null) return { ...ends, selected: 0, batches: results, failures: [], warnings: [], paths: {} };
  const document = { name: manifestName(manifest.document.transferName), text: manifest.text };
  const kept = await keep(world, document);
  const failures = [...incomplete(handed), ...failuresOf([kept, await putBeside(target.value, document)])];
  const selected = countArtifacts(batches) + missing.length;
  return { ...ends, selected, batches: results, failures, warnings: [], paths: { manifest: pathOf(kept) } };
}

/** Mode `import`: take up what lies in the target container, verify it, and write the receipt. */
export async function importMode(request: ImportRequest, world: World): Promise<ModeResult> {
  const target = await readyTarget(request, world);
  if (!target.ok) return stoppedEarly(target.failures);
  const ends = { from: target.value.container.uri, to: target.value.registry.loginServer };
  const handed = await takeUp(request.intake, target.value.container, world.files);
  const { batches, expected, missing } = handed;
  announce(batches, world);
  const arrival = arrivalOf(request, target.value);
  const results = await carryAll(
    batches,
    (batch, carriage) => carryIn(target.value, arrival, batch, expected.get(batch.blob) ?? null, carriage),
    request,
    world,
  );
  const receipt = receiptOf(request, target.value, results, world);
  const kept = await keep(world, receipt);
  const warnings = asWarnings([await putBeside(target.value.container, receipt)]);
  const paths = { receipt: pathOf(kept) };
  const failures = [...incomplete(handed), ...failuresOf([kept])];
  return { ...ends, selected: countArtifacts(batches) + missing.length, batches: results, failures, warnings, paths };
}

/** Mode `full`: all of it, every batch on its own. */
export async function fullMode(request: FullRequest, world: World): Promise<ModeResult> {
  const selected = request.selection.length;
  const [source, target] = await Promise.all([readySource(request, world), readyTarget(request, world)]);
  if (!source.ok || !target.ok) return stoppedEarly(distinct([source, target]), { selected });
  const ends = { from: source.value.registry.loginServer, to: target.value.registry.loginServer };
  const planned = await plan(request, source.value, [target.value], world);
  if (!planned.ok) return stoppedEarly(planned.failures, { selected, ...ends });
  const { batches, path } = planned.value;
  const arrival = arrivalOf(request, target.value);
  const results = await carryAll(
    batches,
    (batch, carriage) => carryThrough(source.value, target.value, arrival, batch, carriage),
    request,
    world,
  );
  const manifest = manifestOf(request, source.value, results, world);
  const receipt = receiptOf(request, target.value, results, world);
  const keptManifest = await keep(world, manifest);
  const keptReceipt = await keep(world, receipt);
  const beside = await Promise.all([
    putBeside(source.value.container, manifest),
    putBeside(target.value.container, manifest),
    putBeside(target.value.container, receipt),
  ]);
  const paths = { plan: path, manifest: pathOf(keptManifest), receipt: pathOf(keptReceipt) };
  const failures = failuresOf([keptManifest, keptReceipt]);
  return { ...ends, selected, batches: results, failures, warnings: asWarnings(beside), paths };
}
