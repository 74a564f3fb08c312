/** From storage to storage: the target fetches the blocks by itself, no byte passes through the runner. */
import { TransferError, transferError } from '../errors/index.ts';
import { pulledBlockId, readBlockId, type BlockSource } from '../model/block-id.ts';
import type { DirectCopy } from '../ports/blob-container.ts';
import { blockBytes, blockSpans, MAX_WHOLE, type BlockSpan } from './block-plan.ts';
import {
  arrivedBlocks,
  bytesOf,
  copyBlocks,
  retryBlock,
  type BlobUpload,
  type UploadedBlocks,
} from './block-upload.ts';

/** Both ends, where services can do it. */
export interface DirectSides {
  readonly source: DirectCopy;
  readonly target: DirectCopy;
}

/** Both ends as services that copy by themselves; null when one of them cannot. */
export const directSides = ({ sides: { source, target } }: BlobUpload): DirectSides | null =>
  source.direct === null || target.direct === null ? null : { source: source.direct, target: target.direct };

/** A blob in the blocks that the service fetches. */
interface Pull {
  readonly staging: BlobUpload;
  readonly direct: DirectSides;
  readonly family: BlockSource;
  readonly spans: readonly BlockSpan[];
  /** MD5 of the whole, base64. */
  readonly md5: string;
}

function pullOf(staging: BlobUpload, direct: DirectSides, md5: string): Pull {
  const { name, facts } = staging;
  const bytes = blockBytes(name, facts.size, 'server', null);
  const family = { method: 'server', etag: facts.etag, blockBytes: bytes } as const;
  return { staging, direct, family, spans: blockSpans(facts.size, bytes), md5 };
}

const pullBlock = ({ staging, direct, family, spans, md5 }: Pull, span: BlockSpan, signal: AbortSignal) =>
  retryBlock(staging, signal, async () => {
    const { name, facts } = staging;
    const block = {
      id: pulledBlockId(family, span.index),
      offset: span.offset,
      size: span.size,
      etag: facts.etag,
      // Only the MD5 of the whole is known, so that a blob in one block is checked by the service itself.
      md5: spans.length === 1 ? md5 : null,
    };
    await direct.target.pull(name, block, await direct.source.lend(name), signal);
  });

async function arrivedBefore({ staging, family, spans }: Pull): Promise<ReadonlySet<number>> {
  if (spans.length < 2) return new Set();
  const arrived = await arrivedBlocks(staging);
  return new Set(
    arrived.flatMap(({ id, size }) => {
      const index = readBlockId(family, id)?.index;
      return index !== undefined && spans[index]?.size === size ? [index] : [];
    }),
  );
}

/**
 * Lets the target fetch the blob's blocks; they are not committed yet. The source is pinned by its ETag, and the MD5 of a
 * blob that fits into one block is checked by the service. Blocks of earlier attempts are not fetched again.
 * @param md5 of the whole, base64
 * @param probed whether the first block has just been fetched
 * @throws ACRT5003 changed under way, ACRT5008 the target cannot read the source, ACRT5012 too large
 */
export async function pullBlob(
  staging: BlobUpload,
  direct: DirectSides,
  md5: string,
  probed: boolean,
): Promise<UploadedBlocks> {
  const pull = pullOf(staging, direct, md5);
  const there = probed && pull.spans.length < 2 ? new Set([0]) : await arrivedBefore(pull);
  const missing = pull.spans.filter(({ index }) => !there.has(index));
  const first = probed ? (pull.spans[0]?.size ?? 0) : 0;
  const reused = staging.facts.size - bytesOf(missing) - first;
  const load = { spans: missing, reused, memory: 0 };
  const carried = await copyBlocks(staging, load, (span, signal) => pullBlock(pull, span, signal));
  const blockIds = pull.spans.map(({ index }) => pulledBlockId(pull.family, index));
  return { blockIds, md5, moved: first + carried, reused };
}

/** Whether the target can read the source: it fetches the first block, which is used if it can. */
export async function probe(
  staging: BlobUpload,
  direct: DirectSides,
  md5: string,
  onClosed: (reason: string) => void,
): Promise<boolean> {
  const pull = pullOf(staging, direct, md5);
  const [first] = pull.spans;
  try {
    if (first !== undefined) await pullBlock(pull, first, staging.tools.signal);
    return true;
  } catch (error) {
    if (!(error instanceof TransferError) || error.facts.id !== 'ACRT5008') throw error;
    onClosed(error.facts.message);
    return false;
  }
}

/**
 * The MD5 that a blob must have and that the copy can vouch for; null when only a reader could. The service checks that of
 * a blob in one block. Of a larger one nobody sees the whole: it must have had its MD5 all along.
 */
export const vouchedMd5 = ({ facts }: BlobUpload, md5: string | null): string | null =>
  facts.md5 === md5 || facts.size <= MAX_WHOLE ? md5 : null;

/** The same, where it is needed (ACRT5006). */
export function knownMd5(staging: BlobUpload, md5: string | null): string {
  const known = vouchedMd5(staging, md5);
  if (known !== null) return known;
  throw transferError('ACRT5006', { blob: staging.name, container: staging.sides.source.uri });
}
