import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ROOT } from '../action-definition.ts';

/** Folders with a lock file, relative to the root. `.` is the root itself. */
export const packageFolders = (root: string = ROOT): readonly string[] =>
  globSync('**/package-lock.json', { cwd: root, exclude: (path) => ['node_modules', '.git'].includes(basename(path)) })
    .map((path) => dirname(path).replaceAll('\\', '/'))
    .sort();
