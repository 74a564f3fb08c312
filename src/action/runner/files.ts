/** Files of the workspace, and the folder in which a step writes its documents. */
import { readFileSync } from 'node:fs';
import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { transferError } from '../../transfer/errors/index.ts';
import { MAX_DOCUMENT_BYTES } from '../../transfer/model/bounded-json.ts';
import type { Mode } from '../../transfer/model/request.ts';
import type { LocalFiles } from '../../transfer/ports/context.ts';

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

const workspace = (): string => process.env['GITHUB_WORKSPACE'] ?? '.';

/** Resolves a path of an input against the workspace. */
export const workspacePath = (path: string): string => resolve(workspace(), path);

/** Reads a text file of the workspace; null if it does not exist. */
export function readWorkspaceFile(path: string): string | null {
  try {
    return readFileSync(workspacePath(path), 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * The folder of one step (GITHUB_ACTION) in the temporary folder of the runner. GitHub empties the temporary folder after the
 * job. The workspace is not changed.
 */
export const stepFolder = (transferName: string, mode: Mode): string =>
  resolve(
    process.env['RUNNER_TEMP'] ?? tmpdir(),
    'acr-transfer',
    transferName,
    mode,
    process.env['GITHUB_ACTION'] ?? '',
  );

/** Reads files of the workspace, and writes a step's documents to its folder. */
export function documentFiles(folder: string): LocalFiles {
  return {
    read: async (path) => {
      try {
        const file = workspacePath(path);
        const { size } = await stat(file);
        if (size <= MAX_DOCUMENT_BYTES) return await readFile(file, 'utf8');
        const reason = `${size} bytes are more than any document of this kind has`;
        throw transferError('ACRT7001', { document: 'document', place: path, reason });
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
      // The name of a manifest or receipt starts with the transfer name, which can contain slashes. The file name is the last part.
      const path = resolve(folder, name.slice(name.lastIndexOf('/') + 1));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
  };
}
