/** Finds the other tools, and installs the one that npm has. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { installTools } from '../../../scripts/tools/install.ts';

const FOLDER = 'scripts/tools/azcopy';
const PROGRAM = '@azure-tools/azcopy-linux/dist/bin/azcopy_linux_amd64';

/** The other tools; null for a tool that isn't available. */
export interface Peers {
  /** The first line of its version output. */
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

function findAzcopy(): string | null {
  try {
    const program = installTools(FOLDER).resolve(PROGRAM);
    // The package doesn't set the execute permission.
    chmodSync(program, 0o755);
    firstLine(program, ['--version', '--check-version=false']);
    return program;
  } catch {
    return missing('azcopy', `npm ci --prefix ${FOLDER} (Linux on x64, with libsecret-1-0)`);
  }
}

/** Finds both tools. azcopy is installed into `scripts/tools/azcopy`. */
export const findPeers = (): Peers => ({ rclone: findRclone(), azcopy: findAzcopy() });
