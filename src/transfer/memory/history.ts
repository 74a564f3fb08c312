/** What this side has handed over before: kept beside the blobs, shared by every workflow that writes there. */
import { createHash } from 'node:crypto';
import { readDocument, writeDocument } from '../document.ts';
import { asFailure, failure } from '../failure.ts';
import { HISTORY, type HistoryDocument } from '../schemas.ts';
import type { BlobContainer, TextVersion } from '../storage.ts';
import { historyName } from '../names.ts';
import { MOST_SHARDS } from '../plan/shard.ts';
import { rebuildHistory, type Rebuilt } from './rebuild.ts';
import { sameEnds, type Ends } from './ends.ts';
import { mergeHistory, type HandedOverArtifact } from './merge.ts';
import { sentence, type Recollection } from './recollection.ts';
import { remember } from './remembered.ts';

/** Jobs that write at the same moment are let through one after the other; at most they are the shares of one plan. */
const MOST_TRIES = MOST_SHARDS;

const shortHash = (text: string): string => createHash('sha256').update(text.toLowerCase()).digest('hex').slice(0, 12);

/** The name of the history of what goes from one registry to another. */
const nameOf = ({ source, destination }: Ends): string => historyName(shortHash(`${source}\n${destination ?? ''}`));

interface Current {
  readonly artifacts: readonly HandedOverArtifact[];
  /** Of the version that was read; null when there is none. */
  readonly etag: string | null;
  readonly notes: readonly string[];
}

function readVersion(
  { text }: TextVersion,
  name: string,
  ends: Ends,
): readonly HandedOverArtifact[] | { readonly reason: string } {
  try {
    const { registry, target, artifacts } = readDocument(HISTORY, text, name);
    return sameEnds({ source: registry, destination: target }, ends)
      ? artifacts
      : { reason: 'it is of other registries' };
  } catch (error) {
    return { reason: asFailure(error).facts.message };
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
async function current(container: BlobContainer, ends: Ends): Promise<Current> {
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
export async function recallHistory(container: BlobContainer, ends: Ends): Promise<Recollection> {
  const { artifacts, notes } = await current(container, ends);
  return { known: remember('history', artifacts), notes };
}

/**
 * Adds to the history what was just handed over. Nobody's entries are lost when several workflows write at once: each
 * replaces only the version that it has read, and reads again when another was faster.
 * @param now milliseconds since the epoch
 * @throws ACRT5005 when others are always faster, and what storage throws
 */
export async function addToHistory(
  container: BlobContainer,
  ends: Ends,
  added: readonly HandedOverArtifact[],
  now: number,
): Promise<void> {
  const name = nameOf(ends);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
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
  const reason = `other workflows have written it ${MOST_TRIES} times meanwhile`;
  throw failure('ACRT5005', { container: container.uri, blob: name, reason });
}
