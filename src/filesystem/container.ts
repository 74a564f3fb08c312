/** A directory that serves as a container: transfer blobs and documents as plain files, for whatever may cross the gap. */
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import type { BlobFacts } from '../transfer/model/blob.ts';
import type { Side } from '../transfer/model/side.ts';
import type { BlobContainer, BlobRange } from '../transfer/ports/blob-container.ts';
import { createChecksums, type Checksums } from './checksums.ts';
import { commitFile } from './commit-file.ts';
import { directoryTexts } from './documents.ts';
import { unlessMissing } from './errors.ts';
import { hashFile } from './file-hashes.ts';
import { versionOf, type FileVersion } from './file-version.ts';
import { discardBlocks, placeBlock, wholeBlocks } from './partial-file.ts';
import { attemptIn, type Attempt } from './paths.ts';

async function readRange(file: string, blob: string, { offset, etag }: BlobRange, into: Buffer): Promise<null> {
  const check = async (): Promise<void> => {
    if ((await versionOf(file))?.etag !== etag) throw transferError('ACRT5003', { blob });
  };
  await check();
  const handle = await open(file, 'r');
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

/** Where hashes of files that were found are kept. */
type Seen = Map<string, { readonly etag: string; readonly sha256: string }>;

const factsOf = (version: FileVersion, md5: string | null): BlobFacts => ({
  ...version,
  md5,
  contentType: 'application/octet-stream',
  metadata: {},
  tier: null,
});

/** At the source the bytes are hashed as they are carried. */
async function findAtSource(folder: string, attempt: Attempt, blob: string): Promise<BlobFacts | null> {
  return attempt(blob, async (file) => {
    const version = await versionOf(file);
    if (version !== null) return factsOf(version, null);
    if ((await unlessMissing(stat(folder))) !== null) return null;
    throw transferError('ACRT3006', { side: 'source', container: folder });
  });
}

/** At the target a medium may be damaged: what is there is read. */
const findAtTarget = (attempt: Attempt, blob: string, seen: Seen): Promise<BlobFacts | null> =>
  attempt(blob, async (file, path) => {
    const version = await versionOf(file);
    const hashes = version === null ? null : await hashFile(file, null);
    if (version === null || hashes === null) return null;
    seen.set(path, { etag: version.etag, sha256: hashes.sha256 });
    return factsOf(version, hashes.md5);
  });

type Writes = Pick<BlobContainer, 'arrived' | 'stage' | 'commit' | 'describe'>;

function directoryWrites(folder: string, attempt: Attempt, checksums: Checksums, seen: Seen): Writes {
  return {
    arrived: (blob) => attempt(blob, wholeBlocks),
    stage: (blob, block, signal) =>
      attempt(blob, async (file) => {
        signal.throwIfAborted();
        await mkdir(dirname(file), { recursive: true });
        await placeBlock(file, block);
      }),
    commit: (blob, blockIds, { md5 }, replaces, signal) =>
      attempt(blob, async (file, path) => {
        signal.throwIfAborted();
        await mkdir(dirname(file), { recursive: true });
        const hashes = await commitFile({ file, blob, container: folder, blockIds, md5, replaces, signal });
        if (hashes === null) return false;
        await checksums.enter(path, hashes.sha256);
        return true;
      }),
    // Content types and metadata travel in the manifest. But the file is what it must be: a process that was killed may
    // have left its line out of the list, and one that was overtaken may have left blocks.
    describe: (blob, _metadata, etag) =>
      attempt(blob, async (file, path) => {
        // They only take room, and nothing can be removed from a medium that is read-only.
        await discardBlocks(file).catch(() => undefined);
        const found = seen.get(path);
        if (found?.etag === etag) await checksums.enter(path, found.sha256);
        return true;
      }),
  };
}

/**
 * Opens a directory. At the target it is made at the first write. It keeps neither content types nor metadata nor tiers:
 * they travel in the manifest. Throws ACRT5014, and ACRT3006 for a source that is not there.
 * @param folder absolute path
 * @param side at the target the MD5 of what is there is computed; at the source nobody knows it
 */
export function connectDirectory(folder: string, side: Side): BlobContainer {
  const checksums = createChecksums(folder);
  const attempt = attemptIn(folder);
  const seen: Seen = new Map();
  return {
    uri: folder,
    direct: null,
    accessEndsAt: null,
    remove: null,
    find: (blob) => (side === 'source' ? findAtSource(folder, attempt, blob) : findAtTarget(attempt, blob, seen)),
    read: (blob, range, into, signal) =>
      attempt(blob, (file) => {
        signal.throwIfAborted();
        return readRange(file, blob, range, into);
      }),
    ...directoryWrites(folder, attempt, checksums, seen),
    ...directoryTexts(folder, attempt, checksums),
  };
}
