/** What receipts that came back from the far side tell of it. */
import { readDocument, RECEIPT, type BaselineEntry, type ReceiptDocument } from '../../documents/index.ts';
import { toTransferError } from '../../errors/index.ts';
import { RECEIPT_ENDING } from '../../model/names.ts';
import { parseReference } from '../../model/reference.ts';
import type { BlobContainer } from '../../ports/blob-container.ts';
import type { LocalFiles } from '../../ports/context.ts';
import { compileGlob } from '../../selection/index.ts';
import { baselineOf, isSameRegistry, sentence, type LoadedBaseline, type RegistryPair } from './baseline.ts';

interface Found {
  readonly place: string;
  readonly text: string | null;
}

const asText = async (place: string, read: Promise<string | null>): Promise<Found> => ({ place, text: await read });

async function findPlace(
  place: string,
  files: LocalFiles,
  listed: () => Promise<readonly string[]>,
  container: BlobContainer,
): Promise<readonly Found[]> {
  const paths = await files.list(place);
  if (paths.length > 0) return Promise.all(paths.map((path) => asText(path, files.read(path))));
  const matches = compileGlob(place);
  const names = (await listed()).filter((name) => name === place || matches(name));
  if (names.length === 0) return [{ place, text: null }];
  return Promise.all(names.map((name) => asText(name, container.readText(name))));
}

async function findReceipts(
  places: readonly string[],
  container: BlobContainer,
  files: LocalFiles,
): Promise<readonly Found[]> {
  // Listing is a right of its own, which files do not need.
  let blobs: Promise<readonly string[]> | undefined;
  const listed = (): Promise<readonly string[]> => (blobs ??= container.list(RECEIPT_ENDING));
  if (places.length === 0) return Promise.all((await listed()).map((name) => asText(name, container.readText(name))));
  const found = await Promise.all(places.map((place) => findPlace(place, files, listed, container)));
  return [...new Map(found.flat().map((item) => [item.place, item])).values()];
}

/** One receipt, or why it is not to be had. */
type Read =
  { readonly place: string; readonly receipt: ReceiptDocument } | { readonly place: string; readonly reason: string };

function read({ place, text }: Found): Read {
  if (text === null) return { place, reason: `receipt ${place}: there is neither a file nor a blob of this name.` };
  try {
    return { place, receipt: readDocument(RECEIPT, text, place) };
  } catch (error) {
    return { place, reason: sentence(toTransferError(error).facts.message) };
  }
}

/** Why a receipt says nothing about this transfer; null when it does. */
function foreignReason({ source, registry, registryId }: ReceiptDocument, ends: RegistryPair): string | null {
  if (!isSameRegistry(source, ends.source)) return `it is of artifacts from ${source ?? 'an unknown registry'}`;
  if (ends.destination !== null && !isSameRegistry(registryId, ends.destination))
    return `it is of another target, ${registry}`;
  return null;
}

/** What is there after all receipts: of each artifact the newest word counts, and only what was verified counts as there. */
function combine(receipts: readonly ReceiptDocument[]): readonly BaselineEntry[] {
  const newestLast = [...receipts].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  const known = new Map<string, { readonly digest: string; readonly children: Set<string> }>();
  for (const { reference, digest, children, outcome } of newestLast.flatMap(({ artifacts }) => artifacts)) {
    if (outcome === 'verified' && digest !== null && 'value' in parseReference(reference)) {
      const before = known.get(reference);
      // What was there before is sworn to without its children; the receipt of its arrival has told them.
      if (before?.digest === digest) for (const child of children) before.children.add(child);
      else known.set(reference, { digest, children: new Set(children) });
    } else {
      known.delete(reference);
    }
  }
  return [...known].map(([reference, { digest, children }]) => ({ reference, digest, children: [...children] }));
}

const full = (note: string, before: readonly string[] = []): LoadedBaseline => ({
  known: baselineOf('receipt', []),
  notes: [...before, `${note} Everything is planned, as if nothing had arrived.`],
});

/**
 * Recalls what has arrived from receipts. One that is missing or damaged may hold the newest word on any artifact, so
 * everything is planned then; one of other registries says nothing, and is put aside. Either is said in the notes.
 * @param places files (patterns too) or blobs in the source container; none: every receipt in that container
 */
export async function loadReceipts(
  places: readonly string[],
  ends: RegistryPair,
  container: BlobContainer,
  files: LocalFiles,
): Promise<LoadedBaseline> {
  const results = (await findReceipts(places, container, files)).map(read);
  if (results.length === 0) return full(`No receipt was found in ${container.uri}.`);
  const broken = results.find((result) => 'reason' in result);
  if (broken !== undefined) return full(`A receipt cannot be used: ${broken.reason}`);
  const all = results.flatMap((result) => ('receipt' in result ? [result] : []));
  const judged = all.map((item) => ({ ...item, reason: foreignReason(item.receipt, ends) }));
  const notes = judged.flatMap(({ place, reason }) =>
    reason === null ? [] : [`The receipt ${place} was put aside: ${reason}.`],
  );
  const ours = judged.flatMap(({ receipt, reason }) => (reason === null ? [receipt] : []));
  if (ours.length === 0) return full('No receipt is of this source and target.', notes);
  const targets = new Set(ours.map(({ registry, registryId }) => (registryId ?? registry).toLowerCase()));
  if (targets.size > 1) {
    return full(
      'The receipts are of several targets, and this step does not know which it is meant for (import-pipeline says it).',
    );
  }
  return { known: baselineOf('receipt', combine(ours)), notes };
}
