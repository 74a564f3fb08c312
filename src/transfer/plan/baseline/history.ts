/** What this side has handed over; rebuilt from manifests. */
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import {
  HISTORY,
  MANIFEST,
  readDocument,
  RECEIPT,
  writeDocument,
  type HistoryDocument,
  type ManifestDocument,
} from '../../documents/index.ts';
import { toTransferError, transferError } from '../../errors/index.ts';
import { historyName, MANIFEST_ENDING, receiptName } from '../../model/names.ts';
import { MAX_SHARDS } from '../../model/shard.ts';
import type { BlobContainer, TextVersion } from '../../ports/blob-container.ts';
import { baselineOf, isSamePair, sentence, type LoadedBaseline, type RegistryPair } from './baseline.ts';

/** One artifact that was handed over. */
export type HistoryEntry = HistoryDocument['artifacts'][number];

/** Of each artifact the newest entry. */
function mergeHistory(...parts: readonly (readonly HistoryEntry[])[]): readonly HistoryEntry[] {
  const merged = new Map<string, HistoryEntry>();
  for (const entry of parts.flat()) {
    const known = merged.get(entry.reference);
    if (known === undefined || Date.parse(known.at) <= Date.parse(entry.at)) merged.set(entry.reference, entry);
  }
  return [...merged.values()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

/** What the manifests told. */
interface Rebuilt {
  readonly artifacts: readonly HistoryEntry[];
  /** Manifests that were used. */
  readonly manifests: number;
  readonly notes: readonly string[];
}

const MAX_CONCURRENT_READS = 8;

/** Artifacts that the receipt beside the manifest has not seen arrive; none when there is no receipt. */
async function notArrived(container: BlobContainer, documentName: string): Promise<ReadonlySet<string>> {
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
  const missing = await notArrived(container, documentName);
  const { createdAt: at, transferName } = document;
  return document.batches
    .flatMap(({ artifacts }) => artifacts)
    .filter(({ reference }) => !missing.has(reference))
    .map(({ reference, digest, children }) => ({ reference, digest, children, at, transferName }));
}

/** Entries of one manifest; null when it is not of these two registries, a sentence when it cannot be read. */
async function readManifest(
  container: BlobContainer,
  name: string,
  ends: RegistryPair,
): Promise<readonly HistoryEntry[] | string | null> {
  try {
    const document = readDocument(MANIFEST, (await container.readText(name)) ?? '', name);
    if (!isSamePair({ source: document.registry, destination: document.target }, ends)) return null;
    return await entriesOf(container, document, name.slice(0, -MANIFEST_ENDING.length));
  } catch (error) {
    return `The transfer manifest ${name} was put aside: ${toTransferError(error).facts.message}`;
  }
}

/**
 * Rebuilds the history of what went between two registries.
 * @throws ACRT3006, ACRT5004, ACRT5005 when the container cannot be listed
 */
async function rebuildHistory(container: BlobContainer, ends: RegistryPair): Promise<Rebuilt> {
  const names = await container.list(MANIFEST_ENDING);
  const results = await pLimit(MAX_CONCURRENT_READS).map(names, (name) => readManifest(container, name, ends));
  const used = results.filter((result) => typeof result === 'object' && result !== null);
  return {
    artifacts: mergeHistory(...used),
    manifests: used.length,
    notes: results.filter((result) => typeof result === 'string'),
  };
}

/** Jobs that write at the same moment are let through one after the other; at most they are the shares of one plan. */
const MAX_ATTEMPTS = MAX_SHARDS;

const shortHash = (text: string): string => createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 12);

/** The name of the history of what goes from one registry to another. */
const nameOf = ({ source, destination }: RegistryPair): string =>
  historyName(shortHash(`${source}\n${destination ?? ''}`));

interface Current {
  readonly artifacts: readonly HistoryEntry[];
  /** Of the version that was read; null when there is none. */
  readonly etag: string | null;
  readonly notes: readonly string[];
}

function readVersion(
  { text }: TextVersion,
  name: string,
  ends: RegistryPair,
): readonly HistoryEntry[] | { readonly reason: string } {
  try {
    const { registry, target, artifacts } = readDocument(HISTORY, text, name);
    return isSamePair({ source: registry, destination: target }, ends)
      ? artifacts
      : { reason: 'it is of other registries' };
  } catch (error) {
    return { reason: toTransferError(error).facts.message };
  }
}

/** What a reader should know of a history that is not there or, for a reason, of no use. */
function lossNote(name: string, reason: string | null, { manifests }: Rebuilt): string {
  const loss =
    reason === null
      ? `There is no history of this source and target yet (${name}).`
      : `A history cannot be used: ${sentence(reason)}`;
  if (manifests === 0) return `${loss} Everything is planned, as if nothing had been handed over.`;
  const found = manifests === 1 ? 'one transfer manifest' : `${manifests} transfer manifests`;
  return `${loss} It was rebuilt from ${found} in the container.`;
}

/** The history as it is, or as the transfer manifests in the container tell it when it is lost. */
async function current(container: BlobContainer, ends: RegistryPair): Promise<Current> {
  const name = nameOf(ends);
  const version = await container.readVersion(name);
  const read = version === null ? { reason: null } : readVersion(version, name, ends);
  const etag = version?.etag ?? null;
  if (!('reason' in read)) return { artifacts: read, etag, notes: [] };
  const rebuilt = await rebuildHistory(container, ends);
  return { artifacts: rebuilt.artifacts, etag, notes: [lossNote(name, read.reason, rebuilt), ...rebuilt.notes] };
}

/**
 * Recalls what this side has handed over.
 * @throws ACRT3006, ACRT5004, ACRT5005 when the container cannot be read
 */
export async function loadHistory(container: BlobContainer, ends: RegistryPair): Promise<LoadedBaseline> {
  const { artifacts, notes } = await current(container, ends);
  return { known: baselineOf('history', artifacts), notes };
}

/**
 * Adds to the history what was just handed over. Nobody's entries are lost when several workflows write at once: each
 * replaces only the version that it has read, and reads again when another was faster.
 * @param now milliseconds since the epoch
 * @throws ACRT5005 when others are always faster, and what storage throws
 */
export async function addToHistory(
  container: BlobContainer,
  ends: RegistryPair,
  added: readonly HistoryEntry[],
  now: number,
): Promise<void> {
  const name = nameOf(ends);
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const { artifacts, etag, notes } = await current(container, ends);
    // A history that was rebuilt is written even so, or it would be rebuilt every night.
    if (added.length === 0 && notes.length === 0) return;
    const document: HistoryDocument = {
      kind: 'acr-transfer/history',
      version: 1,
      createdAt: new Date(now).toISOString(),
      registry: ends.source,
      target: ends.destination,
      artifacts: [...mergeHistory(artifacts, added)],
    };
    if (await container.replaceText(name, writeDocument(document), etag)) return;
  }
  const reason = `other workflows have written it ${MAX_ATTEMPTS} times meanwhile`;
  throw transferError('ACRT5005', { container: container.uri, blob: name, reason });
}
