import { readFileSync } from 'node:fs';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Mode } from '../../transfer/model/request.ts';
import type { LocalFiles } from '../../transfer/ports/context.ts';

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

const workspace = (): string => process.env['GITHUB_WORKSPACE'] ?? '.';

/** A path as the user gives it, relative to the workspace. */
export const workspacePath = (path: string): string => resolve(workspace(), path);

/** A text file, relative to the workspace; null when there is none. */
export function readWorkspaceFile(path: string): string | null {
  try {
    return readFileSync(workspacePath(path), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * The folder of one step (GITHUB_ACTION) under the runner's temporary folder, which GitHub empties after the job; the workspace
 * stays as it was.
 */
export const stepFolder = (transferName: string, mode: Mode): string =>
  resolve(
    process.env['RUNNER_TEMP'] ?? tmpdir(),
    'acr-transfer',
    transferName,
    mode,
    process.env['GITHUB_ACTION'] ?? '',
  );

/** Keeps the documents of a step in its folder. */
export function documentFiles(folder: string): LocalFiles {
  return {
    read: async (path) => {
      try {
        return await readFile(workspacePath(path), 'utf8');
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    list: async (pattern) => {
      const found: string[] = [];
      for await (const entry of glob(pattern, { cwd: workspace(), withFileTypes: true })) {
        if (entry.isFile()) found.push(resolve(entry.parentPath, entry.name));
      }
      return found.sort();
    },
    write: async (name, text) => {
      // Names of manifests and receipts begin with the transfer name, which may hold slashes; the file needs its last part.
      const path = resolve(folder, name.slice(name.lastIndexOf('/') + 1));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
  };
}
