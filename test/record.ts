/** Records of measurements: `npm run show -- NAME --record` and `npm run bench -- NAME --record` write docs/measured/NAME.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { headOf, uncommitted } from '../scripts/lint/history.ts';
import { MEASURED_FOLDER, type Origin } from '../scripts/lint/measured.ts';
import type { Verdict } from './verdict.ts';

/** One record. Date and commit identify the measured code. */
export interface MeasurementRecord extends Origin, Verdict {
  /** Command that writes this file. */
  readonly command: string;
  /** Version of Node.js. */
  readonly node: string;
  readonly processors: number;
  readonly figures: object;
}

/** Each show and bench runs the bundle. */
const BUNDLE = 'dist';

/**
 * Reads what a record says of the code, before anything is measured.
 * @param describes files and folders that the figures depend on, from the root
 * @throws when there is no commit, or when the files differ from it: the record would name code that was not measured
 */
export function originOf(root: string, describes: readonly string[], now: Date): Origin {
  const commit = headOf(root);
  if (commit === null) throw new Error('--record needs a clone: the record names the commit that was measured');
  const changed = uncommitted(root, [...describes, BUNDLE]);
  if (changed.length > 0) {
    throw new Error(['--record needs a commit of what is measured; commit or stash first:', ...changed].join('\n  '));
  }
  return { commit, date: now.toISOString().slice(0, 10), describes };
}

/**
 * Writes a record the way Prettier formats it.
 * @param name of the show or bench
 * @returns its path from the root
 */
export async function writeRecord(root: string, name: string, record: MeasurementRecord): Promise<string> {
  const path = `${MEASURED_FOLDER}/${name}.json`;
  const file = join(root, path);
  // Loaded when it is needed: every show and bench would wait for it.
  const { format, resolveConfig } = await import('prettier');
  const options = await resolveConfig(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(JSON.stringify(record), { ...options, filepath: file }));
  return path;
}

/** The machine, as a record tells it. */
export const machine = (): Pick<MeasurementRecord, 'node' | 'processors'> => ({
  node: process.version,
  processors: availableParallelism(),
});
