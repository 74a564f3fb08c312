/** A directory that serves as a container: transfer blobs and documents as plain files, for whatever may cross the gap. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { failure } from '../transfer/failure.ts';
import type { Side } from '../transfer/services.ts';
import type { BlobContainer, BlobFacts, BlobRange, TextVersion } from '../transfer/storage.ts';
import { openChecksums, type Checksums } from './checksums.ts';
import { finishFile, hashFile } from './finish.ts';
import { PARTIAL, placeBlock, wholeBlocks } from './partial.ts';
import { blobOf, pathOf } from './paths.ts';
import { fileFailure, isMissing, unnameable } from './problems.ts';

/** Documents; larger ones are not ours. */
const LARGEST_TEXT_BYTES = 64 * 1024 * 1024;

/** Does something with the file of a blob. */
type Attempt = <Result>(blob: string, work: (file: string, path: string) => Promise<Result>) => Promise<Result>;

interface Version {
  readonly etag: string;
  readonly size: number;
  readonly modifiedAt: number;
}

async function versionOf(file: string): Promise<Version | null> {
  try {
    const { size, mtimeNs, ino } = await stat(file, { bigint: true });
    return { etag: `"${size}-${mtimeNs}-${ino}"`, size: Number(size), modifiedAt: Number(mtimeNs / 1_000_000n) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A link in the directory could lead anywhere. */
async function checkInside(folder: string, file: string): Promise<void> {
  const real = await realpath(dirname(file)).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (real === null) return;
  const way = relative(await realpath(folder), real);
  if (way === '..' || way.startsWith(`..${sep}`)) {
    throw failure('ACRT5014', { file, reason: 'a link leads out of the directory' });
  }
}

async function readRange(file: string, blob: string, { offset, etag }: BlobRange, into: Buffer): Promise<null> {
  const check = async (): Promise<void> => {
    if ((await versionOf(file))?.etag !== etag) throw failure('ACRT5003', { blob });
  };
  await check();
  const handle = await open(file, 'r');
  try {
    let filled = 0;
    while (filled < into.length) {
      const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
      if (bytesRead === 0) throw failure('ACRT5003', { blob });
      filled += bytesRead;
    }
  } finally {
    await handle.close();
  }
  await check();
  return null;
}

async function readVersion(file: string): Promise<TextVersion | null> {
  const version = await versionOf(file);
  if (version === null) return null;
  if (version.size > LARGEST_TEXT_BYTES) throw new Error(`${version.size} bytes are more than a document has`);
  return { text: await readFile(file, 'utf8'), etag: version.etag };
}

async function writeWhole(file: string, path: string, text: string, checksums: Checksums): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}${PARTIAL}`, text, { flush: true });
  await rename(`${file}${PARTIAL}`, file);
  await checksums.enter(path, createHash('sha256').update(text).digest('hex'));
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

const attemptIn =
  (folder: string): Attempt =>
  async (blob, work) => {
    const path = pathOf(blob);
    if (path === null) throw unnameable(blob);
    const file = join(folder, path);
    try {
      await checkInside(folder, file);
      return await work(file, path);
    } catch (error) {
      throw fileFailure(error, file);
    }
  };

type Texts = Pick<BlobContainer, 'readText' | 'writeText' | 'readVersion' | 'replaceText' | 'list'>;

function directoryTexts(folder: string, attempt: Attempt, checksums: Checksums): Texts {
  const read = (blob: string): Promise<TextVersion | null> =>
    pathOf(blob) === null ? Promise.resolve(null) : attempt(blob, readVersion);
  return {
    readText: async (blob) => (await read(blob))?.text ?? null,
    readVersion: read,
    writeText: (blob, text) => attempt(blob, (file, path) => writeWhole(file, path, text, checksums)),
    replaceText: (blob, text, etag) =>
      attempt(blob, async (file, path) => {
        if (((await versionOf(file))?.etag ?? null) !== etag) return false;
        await writeWhole(file, path, text, checksums);
        return true;
      }),
    list: async (suffix) => {
      try {
        const blobs = (await listFiles(folder)).flatMap((path) => blobOf(path) ?? []);
        return blobs.filter((blob) => blob.endsWith(suffix)).sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw fileFailure(error, folder);
      }
    },
  };
}

async function findFile(folder: string, file: string, side: Side): Promise<BlobFacts | null> {
  if (side === 'source' && (await versionOf(folder)) === null) throw failure('ACRT3006', { side, container: folder });
  const version = await versionOf(file);
  if (version === null) return null;
  const md5 = side === 'target' ? ((await hashFile(file))?.md5 ?? null) : null;
  return { ...version, md5, contentType: 'application/octet-stream', metadata: {}, tier: null };
}

/**
 * Opens a directory. At the target it is made at the first write; content types and metadata travel in the manifest.
 * @param folder absolute path
 * @param side at the target the MD5 of what is there is computed, as a medium may be damaged; what comes from a source is hashed as it is carried
 */
export function connectDirectory(folder: string, side: Side): BlobContainer {
  const checksums = openChecksums(folder);
  const attempt = attemptIn(folder);
  return {
    uri: folder,
    direct: null,
    accessEndsAt: null,
    find: (blob) => attempt(blob, (file) => findFile(folder, file, side)),
    read: (blob, range, into) => attempt(blob, (file) => readRange(file, blob, range, into)),
    arrived: (blob) => attempt(blob, wholeBlocks),
    stage: (blob, block) =>
      attempt(blob, async (file) => {
        await mkdir(dirname(file), { recursive: true });
        await placeBlock(file, block);
      }),
    commit: (blob, blockIds, { md5 }, replaces) =>
      attempt(blob, async (file, path) => {
        if (((await versionOf(file))?.etag ?? null) !== replaces) return false;
        await mkdir(dirname(file), { recursive: true });
        const hashes = await finishFile(file, blockIds, md5);
        if (hashes === null) return false;
        await checksums.enter(path, hashes.sha256);
        return true;
      }),
    describe: () => Promise.resolve(true),
    ...directoryTexts(folder, attempt, checksums),
  };
}
