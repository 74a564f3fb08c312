/** The files with which a step sends values to the runner: GITHUB_OUTPUT and the others. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the file by variable. */
const FILES = {
  GITHUB_OUTPUT: 'output',
  GITHUB_ENV: 'env',
  GITHUB_PATH: 'path',
  GITHUB_STATE: 'state',
  GITHUB_STEP_SUMMARY: 'summary',
} as const;

/** The values from a step. */
export interface Told {
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** For the post part of the same step. */
  readonly saved: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The runner's limit for the summary of a step. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

/**
 * Creates the files of a step, empty.
 * @returns the variables that name them
 */
export function createCommandFiles(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  return Object.fromEntries(
    Object.entries(FILES).map(([variable, name]) => {
      const path = join(folder, name);
      writeFileSync(path, '');
      return [variable, path];
    }),
  );
}

const splitLines = (text: string): string[] => text.split(/\r?\n/);

/** A value of several lines, from the line after `name<<DELIMITER`. */
function readHeredoc(lines: string[], delimiter: string): string {
  const end = lines.indexOf(delimiter);
  if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
  const value = lines.splice(0, end + 1);
  return value.slice(0, -1).join('\n');
}

/**
 * Parses `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. The first sign decides.
 * @throws the runner's errors
 */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = splitLines(text);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const { name, sign, rest = '' } = /^(?<name>.*?)(?<sign>=|<<)(?<rest>.*)$/.exec(line)?.groups ?? {};
    if (name === undefined || name === '' || (sign === '<<' && rest === '')) {
      throw new Error(`Invalid format '${line}'`);
    }
    pairs[name] = sign === '=' ? rest : readHeredoc(lines, rest);
  }
  return pairs;
}

/**
 * Reads the values from a step.
 * @param warn is called for each value that the runner would ignore
 * @throws if a file is invalid, which fails the step
 */
export function readCommandFiles(folder: string, warn: (message: string) => void): Told {
  const read = (variable: keyof typeof FILES): string => readFileSync(join(folder, FILES[variable]), 'utf8');
  const pairs = (variable: keyof typeof FILES): Record<string, string> => {
    try {
      return parsePairs(read(variable));
    } catch (error) {
      throw new Error(`Unable to process file command '${FILES[variable]}' successfully. ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  const summary = read('GITHUB_STEP_SUMMARY');
  const bytes = Buffer.byteLength(summary);
  if (bytes > MAX_SUMMARY_BYTES) {
    warn(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k.`,
    );
  }
  return {
    outputs: pairs('GITHUB_OUTPUT'),
    env: pairs('GITHUB_ENV'),
    saved: pairs('GITHUB_STATE'),
    paths: splitLines(read('GITHUB_PATH')).filter((line) => line !== ''),
    summary: bytes > MAX_SUMMARY_BYTES ? '' : summary,
  };
}
