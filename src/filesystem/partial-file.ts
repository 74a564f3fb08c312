/**
 * A file that is being written. `NAME.partial` contains the blocks at their offsets. `NAME.partial.blocks` lists them, one
 * per line, each written after its block. A block is reused only if its bytes have the MD5 in its id. Damaged blocks of a
 * killed process or a removed disk are therefore copied again.
 */
import { createHash } from 'node:crypto';
import { appendFile, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { blockMd5 } from '../transfer/model/block-id.ts';
import type { ArrivedBlock, StagedBlock } from '../transfer/ports/blob-container.ts';
import { APPEND, PARTIAL_SUFFIX, READ, READ_WRITE } from './atomic-replace.ts';
import { isMissing, nullIfMissing } from './errors.ts';
import { createChunk, readPieces } from './file-hashes.ts';

/** A block that the block list records. */
export interface RecordedBlock extends ArrivedBlock {
  readonly offset: number;
}

/** Path of the partial file. */
export const partialOf = (file: string): string => `${file}${PARTIAL_SUFFIX}`;
const blockListOf = (file: string): string => `${partialOf(file)}.blocks`;

async function openPartial(file: string): Promise<FileHandle> {
  const partial = partialOf(file);
  try {
    return await open(partial, READ_WRITE);
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Two blocks can create the file at the same time, so it must not be truncated.
    await appendFile(partial, '', { flag: APPEND });
    return open(partial, READ_WRITE);
  }
}

/** Writes a block to the partial file, and records it. */
export async function writeBlock(file: string, { id, offset, bytes }: StagedBlock): Promise<void> {
  const handle = await openPartial(file);
  try {
    let written = 0;
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    }
  } finally {
    await handle.close();
  }
  // The previous line might be incomplete, so this one starts with a line break.
  await appendFile(blockListOf(file), `\n${id} ${bytes.length} ${offset}\n`, { flag: APPEND });
}

const BLOCK_LINE = /^(\S+) (\d+) (\d+)$/;

/** Reads the block list. The last line of each id counts. */
export async function recordedBlocks(file: string): Promise<ReadonlyMap<string, RecordedBlock>> {
  const text = (await nullIfMissing(readFile(blockListOf(file), 'utf8'))) ?? '';
  // A line without a line break is incomplete.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, id, size, offset] = BLOCK_LINE.exec(line) ?? [];
      return id === undefined ? [] : [[id, { id, size: Number(size), offset: Number(offset) }] as const];
    }),
  );
}

/** Whether the bytes of a block match the MD5 in its id. A damaged block list can contain any size and offset. */
async function isIntact(handle: FileHandle, fileBytes: number, chunk: Buffer, block: RecordedBlock): Promise<boolean> {
  const { id, size, offset } = block;
  const expected = blockMd5(id);
  if (expected === null || offset + size > fileBytes) return false;
  const md5 = createHash('md5');
  const read = await readPieces(handle, chunk, { offset, end: offset + size }, (bytes) => {
    md5.update(bytes);
  });
  return read === size && md5.digest().equals(expected);
}

/** Lists the recorded blocks whose bytes are intact. */
export async function intactBlocks(file: string): Promise<readonly ArrivedBlock[]> {
  const recorded = await recordedBlocks(file);
  if (recorded.size === 0) return [];
  const handle = await nullIfMissing(open(partialOf(file), READ));
  if (handle === null) return [];
  try {
    const { size: fileBytes } = await handle.stat();
    const chunk = createChunk();
    const intact: ArrivedBlock[] = [];
    for (const block of recorded.values()) {
      if (await isIntact(handle, fileBytes, chunk, block)) intact.push({ id: block.id, size: block.size });
    }
    return intact;
  } finally {
    await handle.close();
  }
}

/** Deletes the block list. */
export const discardBlockList = (file: string): Promise<void> => rm(blockListOf(file), { force: true });

/** Deletes the block list and the partial file. */
export async function discardBlocks(file: string): Promise<void> {
  await discardBlockList(file);
  await rm(partialOf(file), { force: true });
}
