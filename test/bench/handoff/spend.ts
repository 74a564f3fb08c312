import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a client took. */
export interface Spent {
  /** From its start to its end. */
  readonly seconds: number;
  /** Of its processes, user and system; null where the platform does not tell. */
  readonly cpuSeconds: number | null;
}

/** Linux counts in ticks of 10 ms for every process that asks (man proc, USER_HZ). */
const TICKS_A_SECOND = 100;

/** CPU seconds of all children of this process that have ended; endpoints live on, so theirs are not among them. */
function endedChildrenCpu(): number | null {
  try {
    // The name in parentheses may hold spaces; cutime and cstime are the 14th and 15th after it.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

/** Measures what the processes take that some work starts and awaits. One at a time. */
export async function spentBy<Result>(work: () => Promise<Result>): Promise<Spent & { readonly result: Result }> {
  const before = endedChildrenCpu();
  const since = performance.now();
  const result = await work();
  const seconds = (performance.now() - since) / 1000;
  const after = endedChildrenCpu();
  return { result, seconds, cpuSeconds: before === null || after === null ? null : after - before };
}

/** How a program is run. */
export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const MAX_OUTPUT = 2000;

/**
 * Runs a program to its end. Resolves to its standard output. It has a process group of its own, which ends with the bench, so that its
 * child processes end too.
 */
export async function run(command: string, args: readonly string[], { env, cwd }: ProgramOptions): Promise<string> {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    cwd,
    detached: true,
  });
  const end = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('exit', end);
  child.stdin.end();
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => process.off('exit', end));
  if (code === 0) return output;
  throw new Error(`${command} ended with ${code ?? 'a signal'}: ${withoutSas(output + errors).slice(-MAX_OUTPUT)}`);
}

/** A text without the secrets of any SAS in it. */
export const withoutSas = (text: string): string => text.replaceAll(/sig=[^&\s"']*/g, 'sig=…');
