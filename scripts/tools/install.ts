/** Packages that only a few commands need. Each folder of them has a package.json and a lock file of its own, so `npm ci` stays small. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../action-definition.ts';

interface Locked {
  readonly version?: string;
  readonly optional?: boolean;
}

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

/** Installed packages of a folder. */
export interface Tools {
  /** Path of a file of one of them: `resolve('mermaid/dist/mermaid.min.js')`. */
  readonly resolve: (specifier: string) => string;
}

const readLock = (path: string): Lock => JSON.parse(readFileSync(path, 'utf8')) as Lock;

/** Whether node_modules matches the lock file. npm omits optional packages of other platforms. */
export function isInstalled(folder: string): boolean {
  const list = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const installed = readLock(list).packages;
  return Object.entries(readLock(join(folder, 'package-lock.json')).packages).every(
    ([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version,
  );
}

/**
 * Installs the packages of a folder, unless they are installed.
 * @param folder path relative to the root, which has a package.json and a package-lock.json
 * @throws if npm fails, with the command that has to succeed first
 */
export function installTools(folder: string): Tools {
  const path = join(ROOT, folder);
  if (!isInstalled(path)) {
    const command = `npm ci --prefix ${folder}`;
    console.error(`Installs what this needs, once: ${command}`);
    const { status } = spawnSync(command, { cwd: ROOT, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${folder} can't be installed. Run: ${command}`);
  }
  return { resolve: createRequire(join(path, 'package.json')).resolve };
}
