import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { TransferError, type TransferErrorFacts } from '../../../src/transfer/errors/transfer-error.ts';
import { blockId } from '../../../src/transfer/model/block-id.ts';
import type { BlobContainer, BlobProperties, StagedBlock } from '../../../src/transfer/ports/blob-container.ts';

/** A temporary folder that contains the directory, and files outside of it. */
export interface Media {
  readonly outside: string;
  /** The directory. It doesn't exist before the first write. */
  readonly folder: string;
  /** Path of a file in the directory. */
  readonly at: (name: string) => string;
  readonly remove: () => void;
}

export function makeMedia(): Media {
  const outside = mkdtempSync(join(tmpdir(), 'acr-transfer-media-'));
  const folder = join(outside, 'media');
  return {
    outside,
    folder,
    at: (name) => join(folder, name),
    remove: () => {
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

export const NEVER = new AbortController().signal;

const hash = (name: string, bytes: Uint8Array): Buffer => createHash(name).update(bytes).digest();

export const md5Of = (bytes: Uint8Array): string => hash('md5', bytes).toString('base64');
export const sha256Of = (bytes: Uint8Array | string): string => hash('sha256', Buffer.from(bytes)).toString('hex');

/** Bytes without repetition. */
export const noise = (size: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = seed; at < size; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
};

/** The blocks of a streamed blob with these bytes. */
export function blocksOf(bytes: Buffer, blockBytes: number, etag = '"source"'): StagedBlock[] {
  const family = { method: 'stream', etag, blockBytes } as const;
  return Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, index) => {
    const offset = index * blockBytes;
    const block = bytes.subarray(offset, offset + blockBytes);
    const md5 = hash('md5', block);
    const id = blockId(family, { index, md5, state: Buffer.alloc(16) });
    return { id, offset, bytes: block, md5: md5.toString('base64') };
  });
}

export const propertiesOf = (bytes: Buffer): BlobProperties => ({
  md5: md5Of(bytes),
  contentType: 'application/x-tar',
  metadata: { category: 'acr-transfer-blob' },
  tier: null,
});

export async function stageAll(container: BlobContainer, blob: string, blocks: readonly StagedBlock[]): Promise<void> {
  await Promise.all(blocks.map((block) => container.stage(blob, block, NEVER)));
}

/** Copies a whole blob to the directory. */
export async function copyBlobTo(
  container: BlobContainer,
  blob: string,
  bytes: Buffer,
  replaces: string | null = null,
): Promise<boolean> {
  const blocks = blocksOf(bytes, 1024);
  await stageAll(container, blob, blocks);
  const ids = blocks.map(({ id }) => id);
  return (await container.commit(blob, ids, propertiesOf(bytes), replaces, NEVER)) !== null;
}

/** Output of `sha256sum -c` for the list. Empty if every checksum matches. */
export function sumsComplaint(folder: string): string {
  try {
    execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder, stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
    return `${stdout.toString()}${stderr.toString()}`;
  }
}

/** Paths in the list, in order. */
export const listedPaths = (folder: string): string[] =>
  readFileSync(join(folder, 'SHA256SUMS'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(66));

/** The error that the work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<Pick<TransferErrorFacts, 'id' | 'message'>> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TransferError) return { id: error.facts.id, message: error.facts.message };
    throw error;
  }
  throw new Error('nothing failed');
}

/** Calls `change` right after the nth read of any file has got its bytes, before its caller sees them; until `jest.restoreAllMocks`. */
export async function afterFileRead(nth: number, change: () => void): Promise<void> {
  const handle = await open(import.meta.filename, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  // It is called below with its own handle.
  const read = Reflect.get(prototype, 'read') as (this: FileHandle, ...order: unknown[]) => Promise<unknown>;
  let reads = 0;
  const changing = async function (this: FileHandle, ...order: unknown[]): Promise<unknown> {
    const result = await read.apply(this, order);
    reads += 1;
    if (reads === nth) change();
    return result;
  };
  jest.spyOn(prototype, 'read').mockImplementation(changing as FileHandle['read']);
}
