/** `SHA256SUMS`: what `sha256sum -c` reads. */
import { appendFile, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './problems.ts';

/** Name of the list in its directory. */
export const SUMS = 'SHA256SUMS';

/** Keeps the list of one directory. */
export interface Checksums {
  /**
   * Enters a file.
   * @param sha256 hexadecimal
   */
  readonly enter: (path: string, sha256: string) => Promise<void>;
}

const LINE = /^([\da-f]{64}) [ *](.+?)\r?$/;

async function readSums(file: string): Promise<Map<string, string>> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').map((line) => LINE.exec(line));
    return new Map(lines.flatMap((line) => (line === null ? [] : [[line[2] ?? '', line[1] ?? ''] as const])));
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
}

const lineOf = (path: string, sha256: string): string => `${sha256}  ${path}\n`;

async function rewrite(folder: string, sums: ReadonlyMap<string, string>): Promise<void> {
  const file = join(folder, SUMS);
  const text = [...sums].map(([path, sha256]) => lineOf(path, sha256)).join('');
  const handle = await open(`${file}.partial`, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.partial`, file);
}

/**
 * Opens the list of a directory. A file that is new is appended, so that ten thousand of them do not cost ten thousand
 * lists; one that was in the list has its line replaced. Entries wait for each other.
 */
export function openChecksums(folder: string): Checksums {
  let sums: Promise<Map<string, string>> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const enterNow = async (path: string, sha256: string): Promise<void> => {
    sums ??= readSums(join(folder, SUMS));
    const known = await sums;
    const before = known.get(path);
    if (before === sha256) return;
    known.set(path, sha256);
    if (before === undefined) await appendFile(join(folder, SUMS), lineOf(path, sha256));
    else await rewrite(folder, known);
  };
  return {
    enter: (path, sha256) => {
      const entered = turn.then(() => enterNow(path, sha256));
      turn = entered.catch(() => undefined);
      return entered;
    },
  };
}
