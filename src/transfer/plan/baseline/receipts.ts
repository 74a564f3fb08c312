/** The baseline that receipts from the target side record. */
import {
  findDocument,
  RECEIPT,
  tryReadDocument,
  type BaselineEntry,
  type ReceiptDocument,
} from '../../documents/index.ts';
import { failed, ok, valuesOf, type Result } from '../../errors/index.ts';
import { RECEIPT_ENDING } from '../../model/names.ts';
import { isSameResource } from '../../model/pipeline-id.ts';
import { parseReference } from '../../model/reference.ts';
import type { BlobContainer } from '../../ports/blob-container.ts';
import type { LocalFiles } from '../../ports/context.ts';
import { compileGlob } from '../../selection/index.ts';
import { baselineOf, sentence, type LoadedBaseline, type RegistryPair } from './baseline.ts';

/** The text of a receipt; null if there is neither a file nor a blob of this name. */
interface ReceiptText {
  readonly place: string;
  readonly text: string | null;
}

const readText = async (place: string, text: Promise<string | null>): Promise<ReceiptText> => ({
  place,
  text: await text,
});

async function findPlace(
  place: string,
  files: LocalFiles,
  listBlobs: () => Promise<readonly string[]>,
  container: BlobContainer,
): Promise<readonly ReceiptText[]> {
  const paths = await files.list(place);
  if (paths.length > 0) return Promise.all(paths.map((path) => readText(path, files.read(path))));
  const matches = compileGlob(place);
  const names = (await listBlobs()).filter((name) => name === place || matches(name));
  if (names.length === 0) return [{ place, text: null }];
  return Promise.all(names.map((name) => readText(name, container.readText(name))));
}

async function findReceipts(
  places: readonly string[],
  container: BlobContainer,
  files: LocalFiles,
): Promise<readonly ReceiptText[]> {
  // Lists blobs only when needed, because files don't need the permission to list.
  let blobs: Promise<readonly string[]> | undefined;
  const listBlobs = (): Promise<readonly string[]> => (blobs ??= container.list(RECEIPT_ENDING));
  if (places.length === 0) {
    return Promise.all((await listBlobs()).map((name) => readText(name, container.readText(name))));
  }
  const found = await Promise.all(places.map((place) => findPlace(place, files, listBlobs, container)));
  return [...new Map(found.flat().map((item) => [item.place, item])).values()];
}

/** A receipt, and where it was found. */
interface FoundReceipt {
  readonly place: string;
  readonly receipt: ReceiptDocument;
}

/** Reads one receipt. The problem is why it can't be used. */
function readReceipt({ place, text }: ReceiptText): Result<FoundReceipt, string> {
  if (text === null) return failed(`receipt ${place}: there is neither a file nor a blob of this name.`);
  const read = tryReadDocument(RECEIPT, text, place);
  return read.ok ? ok({ place, receipt: read.value }) : failed(sentence(read.problem));
}

/** Why a receipt is about another transfer; null if it is about this one. */
function mismatchReason({ source, registry, registryId }: ReceiptDocument, registries: RegistryPair): string | null {
  if (!isSameResource(source, registries.source))
    return `it is about artifacts from ${source ?? 'an unknown registry'}`;
  if (registries.destination !== null && !isSameResource(registryId, registries.destination))
    return `it is about another target, ${registry}`;
  return null;
}

/** Combines receipts. The newest entry of each artifact counts, and only verified artifacts are known to be at the target. */
function combineReceipts(receipts: readonly ReceiptDocument[]): readonly BaselineEntry[] {
  const newestLast = [...receipts].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  const known = new Map<string, { readonly digest: string; readonly children: Set<string> }>();
  for (const { reference, digest, children, outcome } of newestLast.flatMap(({ artifacts }) => artifacts)) {
    if (outcome === 'verified' && digest !== null && parseReference(reference).ok) {
      const before = known.get(reference);
      // An artifact that was up to date is listed without its children. They are in the receipt of its import.
      if (before?.digest === digest) for (const child of children) before.children.add(child);
      else known.set(reference, { digest, children: new Set(children) });
    } else {
      known.delete(reference);
    }
  }
  return [...known].map(([reference, { digest, children }]) => ({ reference, digest, children: [...children] }));
}

/**
 * Reads what one receipt in the container records as verified. Empty if there is no such receipt, it can't be read, or it is
 * about other registries.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export async function receiptEntries(
  name: string,
  registries: RegistryPair,
  container: BlobContainer,
): Promise<readonly BaselineEntry[]> {
  const receipt = await findDocument(container, RECEIPT, name);
  return receipt !== null && mismatchReason(receipt, registries) === null ? combineReceipts([receipt]) : [];
}

/** The empty baseline: the plan includes everything that is selected. */
const emptyBaseline = (note: string, before: readonly string[] = []): LoadedBaseline => ({
  baseline: baselineOf('receipt', []),
  notes: [...before, `${note} The plan includes everything that is selected.`],
});

/**
 * Loads the baseline from receipts. The baseline is empty if a receipt is missing or damaged, because it might have the
 * newest entry of any artifact. A receipt about other registries is ignored. The notes report both.
 * @param places files (also patterns) or blobs in the source container; none: every receipt in that container
 */
export async function loadReceipts(
  places: readonly string[],
  registries: RegistryPair,
  container: BlobContainer,
  files: LocalFiles,
): Promise<LoadedBaseline> {
  const results = (await findReceipts(places, container, files)).map(readReceipt);
  if (results.length === 0) return emptyBaseline(`No receipt was found in ${container.uri}.`);
  const broken = results.find((result) => !result.ok);
  if (broken !== undefined) return emptyBaseline(`A receipt can't be used: ${broken.problem}`);
  const compared = valuesOf(results).map((item) => ({ ...item, reason: mismatchReason(item.receipt, registries) }));
  const notes = compared.flatMap(({ place, reason }) =>
    reason === null ? [] : [`The receipt ${place} was ignored: ${reason}.`],
  );
  const matching = compared.flatMap(({ receipt, reason }) => (reason === null ? [receipt] : []));
  if (matching.length === 0) return emptyBaseline('No receipt is about this source and target.', notes);
  const targets = new Set(matching.map(({ registry, registryId }) => (registryId ?? registry).toLowerCase()));
  if (targets.size > 1) {
    return emptyBaseline(
      'The receipts are about several targets, and this step does not know its target. Set `import-pipeline`.',
    );
  }
  return { baseline: baselineOf('receipt', combineReceipts(matching)), notes };
}
