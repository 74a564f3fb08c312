import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';

/** The result of an upload. */
export interface Uploaded {
  /** `sha256:…` */
  readonly digest: string;
}

/** Settings of an upload. */
export interface UploadSettings {
  readonly overwrite: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Called with the bytes read so far. */
  readonly progress: (bytes: number) => void;
}

const BLOCK_BYTES = 4 * 1024 * 1024;
const CONCURRENCY = 3;

/** Splits a stream into blocks. Each block has its own memory. */
async function* blocksOf(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    parts.push(chunk);
    size += chunk.length;
    if (size < BLOCK_BYTES) continue;
    const whole = Buffer.concat(parts);
    yield whole.subarray(0, BLOCK_BYTES);
    parts = [whole.subarray(BLOCK_BYTES)];
    size = whole.length - BLOCK_BYTES;
  }
  if (size > 0) yield Buffer.concat(parts);
}

async function stage(blob: BlockBlobClient, id: string, block: Buffer): Promise<void> {
  const transactionalContentMD5 = createHash('md5').update(block).digest();
  await blob.stageBlock(id, block, block.length, { transactionalContentMD5 });
}

/**
 * Writes a stream of any length as a block blob, a few blocks at a time. Sets the Content-MD5 of the whole blob, which the
 * service doesn't compute for blobs with several blocks. Throws RestError.
 */
export async function upload(
  blob: BlockBlobClient,
  content: AsyncIterable<Buffer>,
  { overwrite, metadata, progress }: UploadSettings,
): Promise<Uploaded> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const ids: string[] = [];
  // Errors are kept here, so that the next wait throws them.
  const inFlight = new Set<Promise<void>>();
  let bytes = 0;
  for await (const block of blocksOf(content)) {
    md5.update(block);
    sha256.update(block);
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64');
    ids.push(id);
    const staged: Promise<void> = stage(blob, id, block).then(() => void inFlight.delete(staged));
    staged.catch(() => undefined);
    inFlight.add(staged);
    progress((bytes += block.length));
    if (inFlight.size >= CONCURRENCY) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  await blob.commitBlockList(ids, {
    metadata: { ...metadata },
    blobHTTPHeaders: { blobContentMD5: md5.digest(), blobContentType: 'application/octet-stream' },
    ...(overwrite ? {} : { conditions: { ifNoneMatch: '*' } }),
  });
  return { digest: `sha256:${sha256.digest('hex')}` };
}
