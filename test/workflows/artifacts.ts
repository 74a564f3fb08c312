/** The workflow artifacts of all runs. Each artifact has its own folder. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of an artifact. */
export interface ArtifactFile {
  /** Path in the artifact. */
  readonly path: string;
  /** Its current path. */
  readonly from: string;
}

/** The artifacts of all runs in one folder. */
export interface ArtifactStore {
  /**
   * Stores an artifact of this run.
   * @returns its number
   * @throws if this attempt of the run already has one of this name, and `overwrite` isn't set
   */
  readonly save: (name: string, files: readonly ArtifactFile[], overwrite: boolean) => number;
  /** Names of the artifacts of a run, sorted. */
  readonly names: (runId: string) => readonly string[];
  /** Copies the files of an artifact into a folder. */
  readonly load: (runId: string, name: string, folder: string) => void;
}

const FORBIDDEN = /["<>|*?:\r\n\\/]/;

interface Note {
  readonly id: number;
  readonly attempt: number;
}

/** Opens the artifacts in a folder, for one attempt of one run. */
export function openArtifacts(folder: string, ownRun: string, attempt: number): ArtifactStore {
  const content = (runId: string, name: string): string => join(folder, runId, 'files', name);
  const notePath = (name: string): string => join(folder, ownRun, 'notes', `${name}.json`);
  const noteOf = (name: string): Note | undefined =>
    existsSync(notePath(name)) ? (JSON.parse(readFileSync(notePath(name), 'utf8')) as Note) : undefined;
  const names = (runId: string): readonly string[] => {
    const files = join(folder, runId, 'files');
    return existsSync(files) ? readdirSync(files).sort() : [];
  };
  return {
    names,
    save: (name, files, overwrite) => {
      if (name === '' || FORBIDDEN.test(name)) throw new Error(`The artifact name is not valid: ${name}`);
      // An artifact of an earlier attempt is replaced. An attempt starts without artifacts.
      if (noteOf(name)?.attempt === attempt && !overwrite) {
        throw new Error(
          'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run',
        );
      }
      const own = content(ownRun, name);
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own, { recursive: true });
      for (const { path, from } of files) cpSync(from, join(own, path));
      const id = names(ownRun).length;
      mkdirSync(dirname(notePath(name)), { recursive: true });
      writeFileSync(notePath(name), JSON.stringify({ id, attempt } satisfies Note));
      return id;
    },
    load: (runId, name, target) => {
      cpSync(content(runId, name), target, { recursive: true });
    },
  };
}
