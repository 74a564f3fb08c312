/** The list `SHA256SUMS`, in the format of `sha256sum -c` (GNU coreutils: "md5sum invocation", output format). */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APPEND, createMutex, replaceFile } from './atomic-replace.ts';
import { fileError, nullIfMissing } from './errors.ts';
import { versionOf } from './file-version.ts';

/** File name of the list. */
const SUMS_FILE = 'SHA256SUMS';

/** The checksum list of one directory. */
export interface Checksums {
  /**
   * Records the checksum of a file, and replaces an earlier one. Throws ACRT5014.
   * @param path relative to the directory, with `/`
   * @param sha256 hexadecimal
   */
  readonly record: (path: string, sha256: string) => Promise<void>;
}

/** Content of a list. */
interface Sums {
  /** SHA-256 by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Lines in other formats. They are preserved. */
  readonly others: readonly string[];
}

/** One line. Other tools write uppercase digits, `*` for binary files, and `./`. */
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

/** Whether a last line without a line break is incomplete. It is complete if its file exists and has no other line. */
async function isIncomplete(folder: string, line: string, { files }: Sums): Promise<boolean> {
  const path = LINE.exec(line)?.[2];
  if (path === undefined) return line !== '';
  return files.has(path) || (await versionOf(join(folder, path)).catch(() => null)) === null;
}

async function readSums(folder: string): Promise<{ readonly text: string; readonly sums: Sums }> {
  const text = (await nullIfMissing(readFile(join(folder, SUMS_FILE), 'utf8'))) ?? '';
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const last = lines.pop() ?? '';
  const complete = parseSums(lines);
  return { text, sums: (await isIncomplete(folder, last, complete)) ? complete : parseSums([...lines, last]) };
}

/**
 * Creates the checksum list of a directory. Appends a line for a new file, so that ten thousand files don't need ten
 * thousand rewrites. Rewrites the list, sorted, with one line per path, when a line is replaced, and before the first
 * append if the list isn't sorted. Calls run one after the other. A checksum that is already in the list writes nothing.
 */
export function createChecksums(folder: string): Checksums {
  const list = join(folder, SUMS_FILE);
  const runExclusive = createMutex();
  let known: Map<string, string> | null = null;
  let isSorted = false;
  const load = async (): Promise<Map<string, string>> => {
    const { text, sums } = await readSums(folder);
    isSorted = writeSums(sums) === text;
    return new Map(sums.files);
  };
  /** Reads the list again, because another process might have changed it. */
  const rewrite = async (path: string, sha256: string): Promise<void> => {
    const { sums } = await readSums(folder);
    known = new Map(sums.files).set(path, sha256);
    await replaceFile(list, writeSums({ ...sums, files: known }));
    isSorted = true;
  };
  const recordNow = async (path: string, sha256: string): Promise<void> => {
    known ??= await load();
    const before = known.get(path);
    if (before === sha256) return;
    if (before !== undefined || !isSorted) return rewrite(path, sha256);
    await appendFile(list, lineOf(path, sha256), { flag: APPEND });
    known.set(path, sha256);
  };
  const record = (path: string, sha256: string): Promise<void> =>
    recordNow(path, sha256).catch((error: unknown) => {
      // The line might be incomplete, so the next call reads the list again.
      known = null;
      throw fileError(error, list);
    });
  return { record: (path, sha256) => runExclusive(() => record(path, sha256)) };
}
