/** Where the other tools are, and how to get the one that npm has. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = join(ROOT, '.bench');
const AZCOPY = '@azure-tools/azcopy-linux';
const AZCOPY_VERSION = '10.32.2';
const PROGRAM = join(FOLDER, 'node_modules', AZCOPY, 'dist', 'bin', 'azcopy_linux_amd64');

/** What is there to compare with; null for a tool that cannot be had here. */
export interface Peers {
  /** Its first line about itself. */
  readonly rclone: string | null;
  /** Path of the program. */
  readonly azcopy: string | null;
}

const firstLine = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n', 1)[0] ?? '';

function missing(tool: string, how: string): null {
  console.error(`${tool} is missing, and its figures are null. To have them: ${how}`);
  return null;
}

function findRclone(): string | null {
  try {
    return firstLine('rclone', ['version']);
  } catch {
    return missing('rclone', 'apt-get install rclone');
  }
}

function installAzcopy(): void {
  mkdirSync(FOLDER, { recursive: true });
  const args = ['install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', `${AZCOPY}@${AZCOPY_VERSION}`];
  execFileSync('npm', args, { stdio: 'ignore' });
}

function findAzcopy(): string | null {
  try {
    if (!existsSync(PROGRAM)) installAzcopy();
    // The package forgets the bit.
    chmodSync(PROGRAM, 0o755);
    firstLine(PROGRAM, ['--version', '--check-version=false']);
    return PROGRAM;
  } catch {
    const how = `npm install --prefix .bench --no-save ${AZCOPY}@${AZCOPY_VERSION} (Linux on x64, with libsecret-1-0)`;
    return missing('azcopy', how);
  }
}

/** Looks for both tools. azcopy is installed into `.bench`, which git ignores. */
export const findPeers = (): Peers => ({ rclone: findRclone(), azcopy: findAzcopy() });
