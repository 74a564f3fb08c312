/**
 * A file that is being written: `NAME.partial` has the blocks at their places, `NAME.partial.blocks` says which. A line of
 * it is written after its block, and a block counts only if its bytes have the MD5 that stands in its id, so whatever a
 * killed process or a pulled disk leaves behind is either right or carried again.
 */
import { createHash } from 'node:crypto';
import { appendFile, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { blockMd5 } from '../transfer/model/block-id.ts';
import type { ArrivedBlock, StagedBlock } from '../transfer/ports/blob-container.ts';
import { BEHIND, FROM, INTO, PARTIAL } from './atomic-replace.ts';
import { isMissing, unlessMissing } from './errors.ts';
import { chunkMemory, readPieces } from './file-hashes.ts';

/** A block in its place. */
export interface PlacedBlock extends ArrivedBlock {
  readonly offset: number;
}

/** Where the blocks of a file lie. */
export const partialOf = (file: string): string => `${file}${PARTIAL}`;
const journalOf = (file: string): string => `${partialOf(file)}.blocks`;

async function openPartial(file: string): Promise<FileHandle> {
  const partial = partialOf(file);
  try {
    return await open(partial, INTO);
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Two blocks may begin the file at once: neither may cut off the other.
    await appendFile(partial, '', { flag: BEHIND });
    return open(partial, INTO);
  }
}

/** Puts a block in its place. */
export async function placeBlock(file: string, { id, offset, bytes }: StagedBlock): Promise<void> {
  const handle = await openPartial(file);
  try {
    let written = 0;
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
    }
  } finally {
    await handle.close();
  }
  // The line before it may have been torn off: what stands behind it must not become a part of it.
  await appendFile(journalOf(file), `\n${id} ${bytes.length} ${offset}\n`, { flag: BEHIND });
}

const JOURNAL_LINE = /^(\S+) (\d+) (\d+)$/;

/** The blocks that were put in their places, as the journal tells; the last word on each id counts. */
export async function placedBlocks(file: string): Promise<ReadonlyMap<string, PlacedBlock>> {
  const text = (await unlessMissing(readFile(journalOf(file), 'utf8'))) ?? '';
  // What stands behind the last line break was not written to its end.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, id, size, offset] = JOURNAL_LINE.exec(line) ?? [];
      return id === undefined ? [] : [[id, { id, size: Number(size), offset: Number(offset) }] as const];
    }),
  );
}

/** Whether the bytes of a block are those that its id tells. A damaged journal may tell of any size and place. */
async function isWhole(handle: FileHandle, fileBytes: number, chunk: Buffer, block: PlacedBlock): Promise<boolean> {
  const { id, size, offset } = block;
  const expected = blockMd5(id);
  if (expected === null || offset + size > fileBytes) return false;
  const md5 = createHash('md5');
  const read = await readPieces(handle, chunk, { offset, end: offset + size }, (bytes) => {
    md5.update(bytes);
  });
  return read === size && md5.digest().equals(expected);
}

/** The blocks that are really there. */
export async function wholeBlocks(file: string): Promise<readonly ArrivedBlock[]> {
  const placed = await placedBlocks(file);
  if (placed.size === 0) return [];
  const handle = await unlessMissing(open(partialOf(file), FROM));
  if (handle === null) return [];
  try {
    const { size: fileBytes } = await handle.stat();
    const chunk = chunkMemory();
    const whole: ArrivedBlock[] = [];
    for (const block of placed.values()) {
      if (await isWhole(handle, fileBytes, chunk, block)) whole.push({ id: block.id, size: block.size });
    }
    return whole;
  } finally {
    await handle.close();
  }
}

/** Forgets which blocks are there; what they were is a file by now. */
export const discardJournal = (file: string): Promise<void> => rm(journalOf(file), { force: true });

/** Forgets the blocks of a file. */
export async function discardBlocks(file: string): Promise<void> {
  await discardJournal(file);
  await rm(partialOf(file), { force: true });
}
