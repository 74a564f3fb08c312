/** Copies from storage to storage: the target fetches the blocks, and no byte passes through the runner. */
import { TransferError, transferError } from '../errors/index.ts';
import { pulledBlockId, readBlockId, type BlockSource } from '../model/block-id.ts';
import type { DirectCopy } from '../ports/blob-container.ts';
import { blockBytes, blockSpans, MAX_SINGLE_BLOCK, type BlockSpan } from './block-plan.ts';
import {
  arrivedBlocks,
  bytesOf,
  copyBlocks,
  retryBlock,
  type BlobUpload,
  type UploadedBlocks,
} from './block-upload.ts';

/** Both containers as services that can copy directly. */
interface DirectContainers {
  readonly source: DirectCopy;
  readonly target: DirectCopy;
}

/** Both containers as services that can copy directly. Null if one of them can't. */
export const directCopyOf = ({ containers: { source, target } }: BlobUpload): DirectContainers | null =>
  source.direct === null || target.direct === null ? null : { source: source.direct, target: target.direct };

/** Plan of a server copy. */
interface ServerCopyPlan {
  readonly upload: BlobUpload;
  readonly direct: DirectContainers;
  readonly blockSource: BlockSource;
  readonly spans: readonly BlockSpan[];
  /** MD5 of the blob, base64. */
  readonly md5: string;
}

function planServerCopy(upload: BlobUpload, direct: DirectContainers, md5: string): ServerCopyPlan {
  const { name, facts } = upload;
  const size = blockBytes(name, facts.size, 'server', null);
  const blockSource = { method: 'server', etag: facts.etag, blockBytes: size } as const;
  return { upload, direct, blockSource, spans: blockSpans(facts.size, size), md5 };
}

const pullBlock = ({ upload, direct, blockSource, spans, md5 }: ServerCopyPlan, span: BlockSpan, signal: AbortSignal) =>
  retryBlock(upload, signal, async () => {
    const { name, facts } = upload;
    const block = {
      id: pulledBlockId(blockSource, span.index),
      offset: span.offset,
      size: span.size,
      etag: facts.etag,
      // Only the MD5 of the whole blob is known, so the service can check it only for a blob in one block.
      md5: spans.length === 1 ? md5 : null,
    };
    await direct.target.pull(name, block, await direct.source.authorizeSource(name), signal);
  });

async function findReusableBlocks({ upload, blockSource, spans }: ServerCopyPlan): Promise<ReadonlySet<number>> {
  if (spans.length < 2) return new Set();
  const arrived = await arrivedBlocks(upload);
  return new Set(
    arrived.flatMap(({ id, size }) => {
      const index = readBlockId(blockSource, id)?.index;
      return index !== undefined && spans[index]?.size === size ? [index] : [];
    }),
  );
}

/**
 * Makes the target fetch the blob's blocks, without committing them. The ETag pins the source. The service checks the MD5
 * of a blob in one block. Blocks of earlier attempts are reused.
 * @param md5 MD5 of the blob, base64
 * @param probed whether the probe has just fetched the first block
 * @throws ACRT5003 changed during the copy, ACRT5008 the target can't read the source, ACRT5012 too large
 */
export async function pullBlob(
  upload: BlobUpload,
  direct: DirectContainers,
  md5: string,
  probed: boolean,
): Promise<UploadedBlocks> {
  const plan = planServerCopy(upload, direct, md5);
  const reusable = probed && plan.spans.length < 2 ? new Set([0]) : await findReusableBlocks(plan);
  const missing = plan.spans.filter(({ index }) => !reusable.has(index));
  const first = probed ? (plan.spans[0]?.size ?? 0) : 0;
  const reused = upload.facts.size - bytesOf(missing) - first;
  const blocks = { spans: missing, reused, memory: 0 };
  const copied = await copyBlocks(upload, blocks, (span, signal) => pullBlock(plan, span, signal));
  const blockIds = plan.spans.map(({ index }) => pulledBlockId(plan.blockSource, index));
  return { blockIds, md5, moved: first + copied, reused };
}

/** Checks whether the target can read the source by fetching the first block. The copy uses this block. */
export async function probe(
  upload: BlobUpload,
  direct: DirectContainers,
  md5: string,
  onUnreadable: (reason: string) => void,
): Promise<boolean> {
  const plan = planServerCopy(upload, direct, md5);
  const [first] = plan.spans;
  try {
    if (first !== undefined) await pullBlock(plan, first, upload.stageContext.signal);
    return true;
  } catch (error) {
    if (!(error instanceof TransferError) || error.facts.id !== 'ACRT5008') throw error;
    onUnreadable(error.facts.message);
    return false;
  }
}

/**
 * The blob's expected MD5 if a server copy preserves or checks it, otherwise null. The service checks the MD5 of a blob in
 * one block. For a larger blob, the source must already have this MD5, because no service reads the whole blob.
 */
export const verifiableMd5 = ({ facts }: BlobUpload, md5: string | null): string | null =>
  facts.md5 === md5 || facts.size <= MAX_SINGLE_BLOCK ? md5 : null;

/** Requires an MD5 that a server copy preserves or checks (ACRT5006). */
export function requireVerifiableMd5(upload: BlobUpload, md5: string | null): string {
  const verifiable = verifiableMd5(upload, md5);
  if (verifiable !== null) return verifiable;
  throw transferError('ACRT5006', { blob: upload.name, container: upload.containers.source.uri });
}
