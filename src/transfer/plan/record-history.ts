/** Keeps the history of what was handed over, and the manifest that nobody has taken up yet. */
import { MANIFEST, readDocument, type ManifestDocument } from '../documents/index.ts';
import { toResult, type Result } from '../errors/index.ts';
import { manifestName } from '../model/names.ts';
import { formatReference } from '../model/reference.ts';
import type { ArtifactStatus, BatchResult } from '../model/result.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { addToHistory, type HistoryEntry } from './baseline/history.ts';
import type { PreparedPlan } from './plan-transfer.ts';
import { registryPairOf, type PlanContext } from './prepare.ts';

/** What counts as handed over: it left, and whatever this step could see of its arrival was good. */
const HANDED_OVER: readonly ArtifactStatus[] = ['exported', 'verified', 'unverified', 'present', 'present-unverified'];

function entriesOf({ batch, artifacts }: BatchResult, at: string, transferName: string): readonly HistoryEntry[] {
  const good = new Set(
    artifacts.flatMap(({ reference, outcome }) => (HANDED_OVER.includes(outcome) ? [reference] : [])),
  );
  return batch.artifacts
    .filter(({ reference }) => good.has(formatReference(reference)))
    .map(({ reference, digest, children }) => ({
      reference: formatReference(reference),
      digest,
      children: [...children],
      at,
      transferName,
    }));
}

/** Adds what was handed over to the history, if there is one to keep. */
export function recordHistory(
  results: readonly BatchResult[],
  { incremental, documentName }: PreparedPlan,
  preparation: PlanContext,
): Promise<Result<void>> {
  const now = preparation.world.clock.now();
  const entries = results.flatMap((result) => entriesOf(result, new Date(now).toISOString(), documentName));
  if (incremental !== 'history') return Promise.resolve({ ok: true, value: undefined });
  return toResult(() =>
    withDeadline(preparation.world.ending, () =>
      addToHistory(preparation.source.container, registryPairOf(preparation), entries, now),
    ),
  );
}

/**
 * With a history, what is in the manifest of an earlier export counts as handed over: it must not drop out of a manifest of
 * the same name as long as its blob lies there, or nobody would ever carry it.
 */
export async function withEarlierBatches(
  document: ManifestDocument,
  { incremental, documentName }: PreparedPlan,
  container: BlobContainer,
): Promise<ManifestDocument> {
  if (incremental !== 'history') return document;
  const name = manifestName(documentName);
  const text = await container.readText(name);
  const earlier = text === null ? null : await toResult(() => Promise.resolve(readDocument(MANIFEST, text, name)));
  if (earlier === null || !earlier.ok) return document;
  const ours = new Set(document.batches.map(({ blob }) => blob.name));
  const others = earlier.value.batches.filter(({ blob }) => !ours.has(blob.name));
  const lying = await Promise.all(
    others.map(async (batch) => (await container.find(batch.blob.name))?.md5 === batch.blob.md5),
  );
  return { ...document, batches: [...document.batches, ...others.filter((_, index) => lying[index])] };
}
