import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** Content that can be read several times. Large content is never in memory. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Additional members of its descriptor. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly open: () => Readable;
}

/** A descriptor. */
export type BlobDescriptor = Omit<Blob, 'open'>;

/** Creates a blob of bytes in memory. */
export function blobOf(mediaType: string, bytes: Buffer): Blob {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType, digest, size: bytes.length, open: () => Readable.from([bytes]) };
}

/** Creates a blob of a JSON value. */
export const jsonBlob = (mediaType: string, value: object): Blob =>
  blobOf(mediaType, Buffer.from(JSON.stringify(value)));

/** Creates a blob of content that is read now, for digest and size, and at each push. */
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

/** Pseudorandom bytes, the same for each seed on every machine. They can't be compressed. */
export function seededBytes(seed: string, size: number): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
