/** `SHA256SUMS`: what `sha256sum -c` reads (GNU coreutils: "md5sum invocation", output format). */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BEHIND, createMutex, replaceFile } from './atomic-replace.ts';
import { fileError, unlessMissing } from './errors.ts';
import { versionOf } from './file-version.ts';

/** Name of the list in its directory. */
export const SUMS = 'SHA256SUMS';

/** Keeps the list of one directory. */
export interface Checksums {
  /**
   * Enters a file, in place of what the list says of it. Throws ACRT5014.
   * @param path relative to the directory, with `/`
   * @param sha256 hexadecimal
   */
  readonly enter: (path: string, sha256: string) => Promise<void>;
}

/** What a list says. */
interface Sums {
  /** SHA-256 by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Lines that are not ours to understand. */
  readonly others: readonly string[];
}

/** Other tools write capitals, `*` for binary files, `./`, and line ends of their own. */
const LINE = /^([\da-f]{64}) [ *](?:\.\/)?(.+)$/i;

const lineOf = (path: string, sha256: string): string => `${sha256}  ${path}\n`;

function parseSums(lines: readonly string[]): Sums {
  const files = new Map<string, string>();
  const others: string[] = [];
  for (const line of lines) {
    const [, sha256, path] = LINE.exec(line) ?? [];
    if (sha256 !== undefined && path !== undefined) files.set(path, sha256.toLowerCase());
    else if (line !== '') others.push(line);
  }
  return { files, others };
}

const writeSums = ({ files, others }: Sums): string => {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return [...others.map((line) => `${line}\n`), ...sorted.map(([path, sha256]) => lineOf(path, sha256))].join('');
};

/** A last line without an end may have been torn off: it counts when it tells of a file that has no other line. */
async function isTorn(folder: string, line: string, { files }: Sums): Promise<boolean> {
  const path = LINE.exec(line)?.[2];
  if (path === undefined) return line !== '';
  return files.has(path) || (await versionOf(join(folder, path)).catch(() => null)) === null;
}

async function readSums(folder: string): Promise<{ readonly text: string; readonly sums: Sums }> {
  const text = (await unlessMissing(readFile(join(folder, SUMS), 'utf8'))) ?? '';
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const last = lines.pop() ?? '';
  const ended = parseSums(lines);
  return { text, sums: (await isTorn(folder, last, ended)) ? ended : parseSums([...lines, last]) };
}

/**
 * Opens the list of a directory. A file that is new to it is appended, so that ten thousand of them do not cost ten
 * thousand lists. The list is written anew, sorted, one line a path, before the first line is appended if it is not in
 * order, and whenever a line is replaced. Entries wait for each other; one that changes nothing writes nothing.
 */
export function createChecksums(folder: string): Checksums {
  const list = join(folder, SUMS);
  const turn = createMutex();
  let known: Map<string, string> | null = null;
  let inOrder = false;
  const load = async (): Promise<Map<string, string>> => {
    const { text, sums } = await readSums(folder);
    inOrder = writeSums(sums) === text;
    return new Map(sums.files);
  };
  /** It is read again: another process may have entered something since. */
  const rewrite = async (path: string, sha256: string): Promise<void> => {
    const { sums } = await readSums(folder);
    known = new Map(sums.files).set(path, sha256);
    await replaceFile(list, writeSums({ ...sums, files: known }));
    inOrder = true;
  };
  const enterNow = async (path: string, sha256: string): Promise<void> => {
    known ??= await load();
    const before = known.get(path);
    if (before === sha256) return;
    if (before !== undefined || !inOrder) return rewrite(path, sha256);
    await appendFile(list, lineOf(path, sha256), { flag: BEHIND });
    known.set(path, sha256);
  };
  const enter = (path: string, sha256: string): Promise<void> =>
    enterNow(path, sha256).catch((error: unknown) => {
      // Half a line may have been written.
      known = null;
      throw fileError(error, list);
    });
  return { enter: (path, sha256) => turn(() => enter(path, sha256)) };
}
