/** Documents in a directory. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import { MAX_DOCUMENT_BYTES } from '../transfer/model/bounded-json.ts';
import type { BlobContainer, TextVersion } from '../transfer/ports/blob-container.ts';
import { createMutex, READ, replaceFile } from './atomic-replace.ts';
import type { Checksums } from './checksums.ts';
import { fileError, isMissing, nullIfMissing } from './errors.ts';
import { versionIn, versionOf } from './file-version.ts';
import { blobOf, pathOf, type WithFile } from './paths.ts';

async function readVersion(file: string): Promise<TextVersion | null> {
  // Opening something that isn't a file, for example a pipe, might never return.
  if ((await versionOf(file)) === null) return null;
  const handle = await nullIfMissing(open(file, READ));
  if (handle === null) return null;
  try {
    const { etag, size } = versionIn(await handle.stat({ bigint: true }), file);
    if (size <= MAX_DOCUMENT_BYTES) return { text: await handle.readFile('utf8'), etag };
    throw transferError('ACRT5014', { file, reason: `${size} bytes exceed the maximum size of a document` });
  } finally {
    await handle.close();
  }
}

async function writeDocument(file: string, path: string, text: string, checksums: Checksums): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, text);
  await checksums.record(path, createHash('sha256').update(text).digest('hex'));
}

/** Folders at the root of a disk that belong to the file system or the operating system. They might be unreadable. */
const SYSTEM_FOLDER = /^(?:lost\+found|system volume information|\$recycle\.bin|\.trash.*)$/i;

/** Lists the paths of all files in a folder and its subfolders, with `/`. Skips links. */
async function listFiles(folder: string, within = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, within), { withFileTypes: true }).catch((error: unknown) => {
    if (SYSTEM_FOLDER.test(within)) return [];
    throw error;
  });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isFile()) paths.push(path);
    else if (entry.isDirectory()) for (const below of await listFiles(folder, path)) paths.push(below);
  }
  return paths;
}

async function listBlobs(folder: string, suffix: string): Promise<readonly string[]> {
  try {
    const blobs = (await listFiles(folder)).flatMap((path) => blobOf(path) ?? []);
    return blobs.filter((blob) => blob.endsWith(suffix)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError(error, folder);
  }
}

type DocumentMethods = Pick<BlobContainer, 'readText' | 'writeText' | 'readVersion' | 'replaceText' | 'list'>;

/**
 * Implements the documents of {@link BlobContainer}. Writes one at a time within this process, so that none is lost.
 * Throws ACRT5014.
 */
export function directoryDocuments(folder: string, withFile: WithFile, checksums: Checksums): DocumentMethods {
  const runExclusive = createMutex();
  const read = (blob: string): Promise<TextVersion | null> =>
    pathOf(blob) === null ? Promise.resolve(null) : withFile(blob, (_file, _path, real) => readVersion(real));
  return {
    readText: async (blob) => (await read(blob))?.text ?? null,
    readVersion: read,
    writeText: (blob, text) =>
      runExclusive(() => withFile(blob, (file, path) => writeDocument(file, path, text, checksums))),
    replaceText: (blob, text, etag) =>
      runExclusive(() =>
        withFile(blob, async (file, path) => {
          if (((await versionOf(file))?.etag ?? null) !== etag) return false;
          await writeDocument(file, path, text, checksums);
          return true;
        }),
      ),
    list: (suffix) => listBlobs(folder, suffix),
  };
}
