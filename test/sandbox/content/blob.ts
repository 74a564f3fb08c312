import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** Content that can be read as often as needed and is never held in memory when it is large. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** What a manifest says beside it. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly open: () => Readable;
}

/** A blob's place in a manifest. */
export type BlobDescriptor = Omit<Blob, 'open'>;

/** A blob out of bytes in memory. */
export function blobOf(mediaType: string, bytes: Buffer): Blob {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType, digest, size: bytes.length, open: () => Readable.from([bytes]) };
}

/** A blob out of a JSON value. */
export const jsonBlob = (mediaType: string, value: object): Blob =>
  blobOf(mediaType, Buffer.from(JSON.stringify(value)));

/** A blob out of content that is read once now, for its digest and size, and again whenever it is pushed. */
export async function streamedBlob(mediaType: string, open: () => Readable): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of open() as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { mediaType, digest: `sha256:${hash.digest('hex')}`, size, open };
}

/** The descriptor of a blob. */
export const describeBlob = ({ mediaType, digest, size, annotations }: BlobDescriptor): BlobDescriptor => ({
  mediaType,
  digest,
  size,
  ...(annotations && { annotations }),
});

/** Bytes that look random and are the same for the same seed everywhere: no compression makes them smaller. */
export function seededBytes(seed: string, size: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
