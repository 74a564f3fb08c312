/** Documents in a directory. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transferError } from '../transfer/errors/index.ts';
import type { BlobContainer, TextVersion } from '../transfer/ports/blob-container.ts';
import { createMutex, replaceFile } from './atomic-replace.ts';
import type { Checksums } from './checksums.ts';
import { fileError, isMissing, unlessMissing } from './errors.ts';
import { versionIn, versionOf } from './file-version.ts';
import { blobOf, pathOf, type Attempt } from './paths.ts';

/** Documents; larger ones are not ours. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

async function readVersion(file: string): Promise<TextVersion | null> {
  // What is no file may not even answer to being opened.
  if ((await versionOf(file)) === null) return null;
  const handle = await unlessMissing(open(file, 'r'));
  if (handle === null) return null;
  try {
    const { etag, size } = versionIn(await handle.stat({ bigint: true }), file);
    if (size <= MAX_TEXT_BYTES) return { text: await handle.readFile('utf8'), etag };
    throw transferError('ACRT5014', { file, reason: `${size} bytes are more than a document has` });
  } finally {
    await handle.close();
  }
}

async function writeWhole(file: string, path: string, text: string, checksums: Checksums): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, text);
  await checksums.enter(path, createHash('sha256').update(text).digest('hex'));
}

/** Folders that file systems and Windows keep for themselves at the top of a disk, and let nobody look into. */
const OF_THE_SYSTEM = /^(?:lost\+found|system volume information|\$recycle\.bin|\.trash.*)$/i;

/** Paths of all files below, with `/`. Links are not files. */
async function listFiles(folder: string, within = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, within), { withFileTypes: true }).catch((error: unknown) => {
    if (OF_THE_SYSTEM.test(within)) return [];
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

type Texts = Pick<BlobContainer, 'readText' | 'writeText' | 'readVersion' | 'replaceText' | 'list'>;

/** See BlobContainer. Within this process documents are written one after the other, so that none is lost (ACRT5014). */
export function directoryTexts(folder: string, attempt: Attempt, checksums: Checksums): Texts {
  const turn = createMutex();
  const read = (blob: string): Promise<TextVersion | null> =>
    pathOf(blob) === null ? Promise.resolve(null) : attempt(blob, readVersion);
  return {
    readText: async (blob) => (await read(blob))?.text ?? null,
    readVersion: read,
    writeText: (blob, text) => turn(() => attempt(blob, (file, path) => writeWhole(file, path, text, checksums))),
    replaceText: (blob, text, etag) =>
      turn(() =>
        attempt(blob, async (file, path) => {
          if (((await versionOf(file))?.etag ?? null) !== etag) return false;
          await writeWhole(file, path, text, checksums);
          return true;
        }),
      ),
    list: (suffix) => listBlobs(folder, suffix),
  };
}
