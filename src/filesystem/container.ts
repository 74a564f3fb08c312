/** A directory as a container: transfer blobs and documents are plain files, for example on a removable medium. */
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import type { BlobFacts } from '../transfer/model/blob.ts';
import type { Side } from '../transfer/model/side.ts';
import type { BlobContainer, BlobRange } from '../transfer/ports/blob-container.ts';
import { READ } from './atomic-replace.ts';
import { createChecksums, type Checksums } from './checksums.ts';
import { commitFile } from './commit-file.ts';
import { directoryDocuments } from './documents.ts';
import { nullIfMissing } from './errors.ts';
import { hashFile } from './file-hashes.ts';
import { versionOf, type FileVersion } from './file-version.ts';
import { discardBlocks, intactBlocks, writeBlock } from './partial-file.ts';
import { withFileIn, type WithFile } from './paths.ts';

async function readRange(file: string, blob: string, { offset, etag }: BlobRange, into: Buffer): Promise<null> {
  const check = async (): Promise<void> => {
    if ((await versionOf(file))?.etag !== etag) throw transferError('ACRT5003', { blob });
  };
  await check();
  const handle = await open(file, READ);
  try {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
      if (bytesRead === 0) throw transferError('ACRT5003', { blob });
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
  await check();
  return null;
}

/** SHA-256 of files by path, from the last time that they were found. */
type KnownHashes = Map<string, { readonly etag: string; readonly sha256: string }>;

const factsOf = (version: FileVersion, md5: string | null): BlobFacts => ({
  ...version,
  md5,
  contentType: 'application/octet-stream',
  metadata: {},
  tier: null,
});

/** Finds a blob at the source. Doesn't compute its MD5, because the copy hashes the bytes. */
async function findAtSource(folder: string, withFile: WithFile, blob: string): Promise<BlobFacts | null> {
  return withFile(blob, async (file) => {
    const version = await versionOf(file);
    if (version !== null) return factsOf(version, null);
    if ((await nullIfMissing(stat(folder))) !== null) return null;
    throw transferError('ACRT3006', { side: 'source', container: folder });
  });
}

/** Finds a blob at the target. Reads the whole file to compute its MD5, because the medium might be damaged. */
const findAtTarget = (withFile: WithFile, blob: string, knownHashes: KnownHashes): Promise<BlobFacts | null> =>
  withFile(blob, async (_file, path, real) => {
    const version = await versionOf(real);
    const hashes = version === null ? null : await hashFile(real, null);
    if (version === null || hashes === null) return null;
    knownHashes.set(path, { etag: version.etag, sha256: hashes.sha256 });
    return factsOf(version, hashes.md5);
  });

type WriteMethods = Pick<BlobContainer, 'arrived' | 'stage' | 'commit' | 'describe'>;

function directoryWrites(
  folder: string,
  withFile: WithFile,
  checksums: Checksums,
  knownHashes: KnownHashes,
): WriteMethods {
  return {
    arrived: (blob) => withFile(blob, intactBlocks),
    stage: (blob, block, signal) =>
      withFile(blob, async (file) => {
        signal.throwIfAborted();
        await mkdir(dirname(file), { recursive: true });
        await writeBlock(file, block);
      }),
    commit: (blob, blockIds, { md5 }, replaces, signal) =>
      withFile(blob, async (file, path) => {
        signal.throwIfAborted();
        await mkdir(dirname(file), { recursive: true });
        const hashes = await commitFile({ file, blob, container: folder, blockIds, md5, replaces, signal });
        if (hashes === null) return null;
        await checksums.record(path, hashes.sha256);
        return (await versionOf(file))?.etag ?? null;
      }),
    // A directory stores no metadata: the manifest contains it. The file is up to date, so this only completes earlier
    // work: a killed process might not have recorded the checksum, and a slower process might have left blocks.
    describe: (blob, _metadata, etag) =>
      withFile(blob, async (file, path) => {
        // Blocks only use space, and a read-only medium doesn't allow their removal.
        await discardBlocks(file).catch(() => undefined);
        const found = knownHashes.get(path);
        if (found?.etag === etag) await checksums.record(path, found.sha256);
        return etag;
      }),
  };
}

/**
 * Connects a directory. At the target, the first write creates it. It stores no content types, metadata, or tiers, which
 * the manifest contains. Throws ACRT5014, and ACRT3006 if a source directory doesn't exist.
 * @param folder absolute path
 * @param side at the target, `find` computes the MD5 of a file; at the source, the MD5 is unknown
 */
export function connectDirectory(folder: string, side: Side): BlobContainer {
  const checksums = createChecksums(folder);
  const withFile = withFileIn(folder);
  const knownHashes: KnownHashes = new Map();
  return {
    uri: folder,
    direct: null,
    accessEndsAt: null,
    computesMd5: side === 'target',
    remove: null,
    find: (blob) =>
      side === 'source' ? findAtSource(folder, withFile, blob) : findAtTarget(withFile, blob, knownHashes),
    read: (blob, range, into, signal) =>
      withFile(blob, (_file, _path, real) => {
        signal.throwIfAborted();
        return readRange(real, blob, range, into);
      }),
    ...directoryWrites(folder, withFile, checksums, knownHashes),
    ...directoryDocuments(folder, withFile, checksums),
  };
}
