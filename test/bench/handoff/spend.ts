import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Time and CPU time of a client. */
export interface Spent {
  /** From its start to its end. */
  readonly seconds: number;
  /** CPU seconds of its processes, user and system; null if the platform doesn't report them. */
  readonly cpuSeconds: number | null;
}

/** Linux reports ticks of 10 ms to every process (man proc, USER_HZ). */
const TICKS_A_SECOND = 100;

/** CPU seconds of all ended children of this process. Endpoints keep running, so theirs aren't included. */
function endedChildrenCpu(): number | null {
  try {
    // The name in parentheses can contain spaces. cutime and cstime are the 14th and 15th fields after it.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
  } catch {
    return null;
  }
}

/** Measures the processes that some work starts and awaits. Only one measurement at a time. */
export async function spentBy<Result>(work: () => Promise<Result>): Promise<Spent & { readonly result: Result }> {
  const before = endedChildrenCpu();
  const since = performance.now();
  const result = await work();
  const seconds = (performance.now() - since) / 1000;
  const after = endedChildrenCpu();
  return { result, seconds, cpuSeconds: before === null || after === null ? null : after - before };
}

/** Options of a program. */
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

/** Replaces the secrets of each SAS in a text. */
export const withoutSas = (text: string): string => text.replaceAll(/sig=[^&\s"']*/g, 'sig=…');
