import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A range of bytes. Both ends are included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A blob that is being uploaded. */
export interface Upload {
  readonly id: string;
  /** Bytes received so far. */
  readonly size: () => number;
  /** Adds content. If the content breaks off, the earlier bytes are kept and counted. */
  readonly append: (content: AsyncIterable<Buffer>) => Promise<void>;
  /** Stores the content as a blob. False if it has another digest: the content is deleted. */
  readonly commit: (digest: string) => Promise<boolean>;
  readonly discard: () => Promise<void>;
}

/** Blobs by digest, on disk. Only their sizes are in memory. */
export interface BlobStore {
  readonly has: (digest: string) => boolean;
  /** Bytes. Throws if the blob doesn't exist. */
  readonly size: (digest: string) => number;
  readonly read: (digest: string, range?: ByteRange) => Readable;
  readonly startUpload: () => Upload;
}

const WRITE_BUFFER_BYTES = 1024 * 1024;

async function appendTo(file: string, content: AsyncIterable<Buffer>, seen: (chunk: Buffer) => void): Promise<void> {
  const stream = createWriteStream(file, { flags: 'a', highWaterMark: WRITE_BUFFER_BYTES });
  try {
    for await (const chunk of content) {
      seen(chunk);
      if (!stream.write(chunk)) await once(stream, 'drain');
    }
  } finally {
    stream.end();
    await finished(stream);
  }
}

function createUpload(folder: string, store: (digest: string, file: string, size: number) => Promise<void>): Upload {
  const id = randomUUID();
  const file = path.join(folder, id);
  const hash = createHash('sha256');
  let size = 0;
  const discard = (): Promise<void> => rm(file, { force: true });
  return {
    id,
    size: () => size,
    append: (content) =>
      appendTo(file, content, (chunk) => {
        hash.update(chunk);
        size += chunk.length;
      }),
    commit: async (digest) => {
      const matches = `sha256:${hash.digest('hex')}` === digest;
      await (matches ? store(digest, file, size) : discard());
      return matches;
    },
    discard,
  };
}

/**
 * Opens an empty store.
 * @param folder is created if it doesn't exist
 */
export async function openBlobStore(folder: string): Promise<BlobStore> {
  const [blobs, uploads] = [path.join(folder, 'blobs'), path.join(folder, 'uploads')];
  await Promise.all([blobs, uploads].map((each) => mkdir(each, { recursive: true })));
  const sizes = new Map<string, number>();
  const fileOf = (digest: string): string => path.join(blobs, digest.replace('sha256:', ''));
  const store = async (digest: string, file: string, size: number): Promise<void> => {
    await rename(file, fileOf(digest));
    sizes.set(digest, size);
  };
  const size = (digest: string): number => {
    const known = sizes.get(digest);
    if (known === undefined) throw new Error(`no blob ${digest}`);
    return known;
  };
  return {
    has: (digest) => sizes.has(digest),
    size,
    // An empty file has no last byte, so only a range is passed on.
    read: (digest, range) => createReadStream(fileOf(digest), range && { start: range.start, end: range.end }),
    startUpload: () => createUpload(uploads, store),
  };
}
