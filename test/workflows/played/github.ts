import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An issue of an emulated repository. */
export interface PlayedIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: { readonly login: string };
  readonly state: 'open' | 'closed';
  readonly comments: readonly string[];
}

/** An emulation of GitHub with issues only. */
export interface PlayedGitHub {
  /** A folder with the program `gh`, for the PATH of a run. */
  readonly path: string;
  readonly issues: () => readonly PlayedIssue[];
  /** Adds issues of other users. */
  readonly setIssues: (issues: readonly PlayedIssue[]) => void;
}

/** Writes a shell script to a folder for the PATH of a run. */
export function writeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Opens an emulation of GitHub whose issues are in a folder. */
export function openGitHub(folder: string): PlayedGitHub {
  const path = join(folder, 'bin');
  const state = join(folder, 'issues.json');
  const program = join(import.meta.dirname, 'gh.ts');
  writeProgram(
    path,
    'gh',
    `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${program}' '${state}' "$@"`,
  );
  return {
    path,
    issues: () => (existsSync(state) ? (JSON.parse(readFileSync(state, 'utf8')) as PlayedIssue[]) : []),
    setIssues: (issues) => {
      writeFileSync(state, JSON.stringify(issues));
    },
  };
}
