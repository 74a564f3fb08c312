/** The history: what this side has handed over. Rebuilt from transfer manifests if it is lost. */
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import {
  HISTORY,
  MANIFEST,
  readDocument,
  RECEIPT,
  tryReadDocument,
  updateText,
  writeDocument,
  type HistoryDocument,
  type ManifestDocument,
  type UpdateContext,
} from '../../documents/index.ts';
import { failed, ok, toTransferError, valuesOf, type Result } from '../../errors/index.ts';
import { historyName, MANIFEST_ENDING, receiptName } from '../../model/names.ts';
import type { BlobContainer, TextVersion } from '../../ports/blob-container.ts';
import { baselineOf, isSamePair, sentence, type LoadedBaseline, type RegistryPair } from './baseline.ts';

/** One artifact that was handed over. */
export type HistoryEntry = HistoryDocument['artifacts'][number];

/** Keeps the newest entry of each artifact. */
function mergeHistory(...parts: readonly (readonly HistoryEntry[])[]): readonly HistoryEntry[] {
  const merged = new Map<string, HistoryEntry>();
  for (const entry of parts.flat()) {
    const known = merged.get(entry.reference);
    if (known === undefined || Date.parse(known.at) <= Date.parse(entry.at)) merged.set(entry.reference, entry);
  }
  return [...merged.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

/** A history that was rebuilt from transfer manifests. */
interface RebuiltHistory {
  readonly artifacts: readonly HistoryEntry[];
  /** Number of manifests that were used. */
  readonly manifests: number;
  readonly notes: readonly string[];
}

const MAX_CONCURRENT_READS = 8;

/** Artifacts that failed according to the receipt next to the manifest; none without a receipt. */
async function failedArtifacts(container: BlobContainer, documentName: string): Promise<ReadonlySet<string>> {
  const name = receiptName(documentName);
  const text = await container.readText(name);
  if (text === null) return new Set();
  const { artifacts } = readDocument(RECEIPT, text, name);
  return new Set(artifacts.flatMap(({ reference, outcome }) => (outcome === 'failed' ? [reference] : [])));
}

async function entriesOf(
  container: BlobContainer,
  document: ManifestDocument,
  documentName: string,
): Promise<readonly HistoryEntry[]> {
  const failed = await failedArtifacts(container, documentName);
  const { createdAt: at, transferName } = document;
  return document.batches
    .flatMap(({ artifacts }) => artifacts)
    .filter(({ reference }) => !failed.has(reference))
    .map(({ reference, digest, children }) => ({ reference, digest, children, at, transferName }));
}

/** Reads the entries of one manifest; null if it is about other registries. The problem is a note for the reader. */
async function readManifest(
  container: BlobContainer,
  name: string,
  registries: RegistryPair,
): Promise<Result<readonly HistoryEntry[] | null, string>> {
  try {
    const document = readDocument(MANIFEST, (await container.readText(name)) ?? '', name);
    if (!isSamePair({ source: document.registry, destination: document.target }, registries)) return ok(null);
    return ok(await entriesOf(container, document, name.slice(0, -MANIFEST_ENDING.length)));
  } catch (error) {
    return failed(`The transfer manifest ${name} was ignored: ${toTransferError(error).facts.message}`);
  }
}

/**
 * Rebuilds the history of transfers between two registries.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be listed
 */
async function rebuildHistory(container: BlobContainer, registries: RegistryPair): Promise<RebuiltHistory> {
  const names = await container.list(MANIFEST_ENDING);
  const results = await pLimit(MAX_CONCURRENT_READS).map(names, (name) => readManifest(container, name, registries));
  const used = valuesOf(results).filter((entries) => entries !== null);
  return {
    artifacts: mergeHistory(...used),
    manifests: used.length,
    notes: results.flatMap((result) => (result.ok ? [] : [result.problem])),
  };
}

const shortHash = (text: string): string => createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 12);

/** The name of the history of transfers between two registries. */
const nameOf = ({ source, destination }: RegistryPair): string =>
  historyName(shortHash(`${source}\n${destination ?? ''}`));

interface CurrentHistory {
  readonly artifacts: readonly HistoryEntry[];
  readonly notes: readonly string[];
}

function readVersion(
  { text }: TextVersion,
  name: string,
  registries: RegistryPair,
): Result<readonly HistoryEntry[], string> {
  const read = tryReadDocument(HISTORY, text, name);
  if (!read.ok) return read;
  const { registry, target, artifacts } = read.value;
  const isOwn = isSamePair({ source: registry, destination: target }, registries);
  return isOwn ? ok(artifacts) : failed('it is about other registries');
}

/** The note about a history that doesn't exist (reason null) or can't be used. */
function rebuiltNote(name: string, reason: string | null, { manifests }: RebuiltHistory): string {
  const loss =
    reason === null
      ? `There is no history of this source and target yet (${name}).`
      : `A history can't be used: ${sentence(reason)}`;
  if (manifests === 0) return `${loss} The plan includes everything that is selected.`;
  const found = manifests === 1 ? 'one transfer manifest' : `${manifests} transfer manifests`;
  return `${loss} It was rebuilt from ${found} in the container.`;
}

/** Reads the history. Rebuilds it from the transfer manifests in the container if it is lost. */
async function readCurrent(
  version: TextVersion | null,
  container: BlobContainer,
  registries: RegistryPair,
): Promise<CurrentHistory> {
  const name = nameOf(registries);
  const read = version === null ? failed(null) : readVersion(version, name, registries);
  if (read.ok) return { artifacts: read.value, notes: [] };
  const rebuilt = await rebuildHistory(container, registries);
  return { artifacts: rebuilt.artifacts, notes: [rebuiltNote(name, read.problem, rebuilt), ...rebuilt.notes] };
}

/**
 * Loads the history as a baseline.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export async function loadHistory(container: BlobContainer, registries: RegistryPair): Promise<LoadedBaseline> {
  const { artifacts, notes } = await readCurrent(
    await container.readVersion(nameOf(registries)),
    container,
    registries,
  );
  return { baseline: baselineOf('history', artifacts), notes };
}

/**
 * Adds what was just handed over to the history.
 * @throws ACRT5005 and the errors of the storage
 */
export function addToHistory(
  container: BlobContainer,
  registries: RegistryPair,
  added: readonly HistoryEntry[],
  updateContext: UpdateContext,
): Promise<void> {
  const next = async (version: TextVersion | null): Promise<string | null> => {
    const { artifacts, notes } = await readCurrent(version, container, registries);
    // A rebuilt history is always written. Otherwise every sync would rebuild it.
    if (added.length === 0 && notes.length === 0) return null;
    const document: HistoryDocument = {
      kind: 'acr-transfer/history',
      version: 1,
      createdAt: new Date(updateContext.clock.now()).toISOString(),
      registry: registries.source,
      target: registries.destination,
      artifacts: [...mergeHistory(artifacts, added)],
    };
    return writeDocument(document);
  };
  return updateText(container, nameOf(registries), next, updateContext);
}
