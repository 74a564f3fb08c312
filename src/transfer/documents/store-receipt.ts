/** Writes receipts to a container. A receipt never takes the place of a receipt that answers another manifest. */
import { toResult, transferError, type Result } from '../errors/index.ts';
import { keptReceiptName, receiptName } from '../model/names.ts';
import { isSameResource } from '../model/pipeline-id.ts';
import type { BlobContainer, TextVersion } from '../ports/blob-container.ts';
import type { TransferContext } from '../ports/context.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { documentDigest, tryReadDocument } from './codec.ts';
import { RECEIPT, type ReceiptDocument } from './schemas.ts';
import { updateText, type NamedDocument, type UpdateContext } from './store.ts';

/** What a receipt answers. */
export type Answered = Pick<ReceiptDocument, 'manifest' | 'source'>;

/** Tolerated difference between the clocks of two exports. */
const SKEW_MINUTES = 10;

/** Why a new receipt can't follow an existing one; null if it can. */
function conflictOf(existing: Answered, next: Answered): string | null {
  if (existing.manifest !== null && existing.manifest.digest === next.manifest?.digest) return null;
  const { source } = existing;
  if (source !== null && next.source !== null && !isSameResource(source, next.source)) {
    return `it is about artifacts from ${source}, and this transfer is from ${next.source}`;
  }
  if (existing.manifest === null || next.manifest === null) return null;
  const lead = Date.parse(existing.manifest.createdAt) - Date.parse(next.manifest.createdAt);
  if (lead <= SKEW_MINUTES * 60_000) return null;
  return `it answers a newer transfer manifest, of ${existing.manifest.createdAt}, and this one is of ${next.manifest.createdAt}`;
}

/**
 * Checks, before anything is imported, that the receipt of an import can be written. A newer manifest of the same source can
 * follow an earlier one of the same name.
 * @throws ACRT7011
 */
export async function checkReceipt(container: BlobContainer, transferName: string, next: Answered): Promise<void> {
  const name = receiptName(transferName);
  const text = await container.readText(name);
  if (text === null) return;
  const existing = tryReadDocument(RECEIPT, text, name);
  const reason = existing.ok ? conflictOf(existing.value, next) : existing.problem;
  if (reason !== null) throw transferError('ACRT7011', { receipt: name, container: container.uri, reason });
}

function replaceReceipt(
  container: BlobContainer,
  { name, text }: NamedDocument,
  next: Answered,
  updateContext: UpdateContext,
): Promise<void> {
  const keepEarlier = async (version: TextVersion | null): Promise<string> => {
    if (version === null) return text;
    const existing = tryReadDocument(RECEIPT, version.text, name);
    const isSame = existing.ok && existing.value.manifest?.digest === next.manifest?.digest;
    // The name is derived from the text, so a blob of this name has the same text.
    const kept = keptReceiptName(name, documentDigest(version.text));
    if (!isSame) await container.replaceText(kept, version.text, null);
    return text;
  };
  return updateText(container, name, keepEarlier, updateContext);
}

/** Uploads a receipt. A receipt that answers another manifest is kept under a name of its own. */
export const uploadReceipt = (
  { clock, ending }: TransferContext,
  container: BlobContainer,
  receipt: NamedDocument,
  answered: Answered,
): Promise<Result<void>> =>
  toResult(() => withDeadline(ending, () => replaceReceipt(container, receipt, answered, { clock, signal: ending })));
