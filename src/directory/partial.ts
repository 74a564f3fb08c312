/**
 * A file that is being written: `NAME.partial` has the blocks at their places, `NAME.partial.blocks` says which. A line of
 * it is written after its block, and a block counts only if its bytes have the MD5 that stands in its id, so whatever a
 * killed process or a pulled disk leaves behind is either right or carried again.
 */
import { createHash } from 'node:crypto';
import { appendFile, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { blockMd5 } from '../transfer/handoff/block-id.ts';
import type { ArrivedBlock, StagedBlock } from '../transfer/storage.ts';
import { isMissing } from './problems.ts';

/** A block in its place. */
export interface PlacedBlock extends ArrivedBlock {
  readonly offset: number;
}

/** Ending of a file that is being written. */
export const PARTIAL = '.partial';
const journalOf = (file: string): string => `${file}${PARTIAL}.blocks`;

async function openPartial(file: string): Promise<FileHandle> {
  try {
    return await open(`${file}${PARTIAL}`, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Two blocks may begin the file at once: neither may cut off the other.
    return open(`${file}${PARTIAL}`, 'a').then(async (handle) => {
      await handle.close();
      return open(`${file}${PARTIAL}`, 'r+');
    });
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
  await appendFile(journalOf(file), `${id} ${bytes.length} ${offset}\n`);
}

const JOURNAL_LINE = /^(\S+) (\d+) (\d+)$/;

/** The blocks that were put in their places, as the journal tells; the last word on each id counts. */
export async function placedBlocks(file: string): Promise<ReadonlyMap<string, PlacedBlock>> {
  const text = await readFile(journalOf(file), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  // What stands behind the last line break was not written to its end.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, id, size, offset] = JOURNAL_LINE.exec(line) ?? [];
      return id === undefined ? [] : [[id, { id, size: Number(size), offset: Number(offset) }] as const];
    }),
  );
}

/** Whether the bytes of a block are those that its id tells. */
async function isWhole(handle: FileHandle, { id, size, offset }: PlacedBlock): Promise<boolean> {
  const bytes = Buffer.allocUnsafe(size);
  const { bytesRead } = await handle.read(bytes, 0, size, offset);
  const expected = blockMd5(id);
  return bytesRead === size && expected !== null && createHash('md5').update(bytes).digest().equals(expected);
}

/** The blocks that are really there. */
export async function wholeBlocks(file: string): Promise<readonly PlacedBlock[]> {
  const placed = [...(await placedBlocks(file)).values()];
  if (placed.length === 0) return [];
  const handle = await open(`${file}${PARTIAL}`, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (handle === null) return [];
  try {
    const whole: PlacedBlock[] = [];
    for (const block of placed) if (await isWhole(handle, block)) whole.push(block);
    return whole;
  } finally {
    await handle.close();
  }
}

/** Forgets what was written so far. */
export async function discardJournal(file: string): Promise<void> {
  await rm(journalOf(file), { force: true });
}
