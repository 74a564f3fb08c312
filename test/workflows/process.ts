/** Runs the process of a step. */
import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

/** Options of a process. */
export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Ends the process as a canceled run does: first with a signal, then by force. */
  readonly cancelled: AbortSignal | undefined;
}

/** Time that a canceled process has to end. */
const GRACE_MILLISECONDS = 7500;

/** Splits a stream of bytes into lines. */
function lineSplitter(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    write: (chunk: Buffer): void => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/, ''));
    },
    end: (): void => {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

/**
 * Runs a command with all its child processes to its end.
 * @returns its exit code; null if a signal has ended it
 */
export async function runProcess(
  command: string,
  given: readonly string[],
  { cwd, env, onLine, cancelled }: ProcessOptions,
): Promise<number | null> {
  // A process group of its own, so that child processes of a script end with it.
  const child = spawn(command, given, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const onExit = (): void => {
    end('SIGKILL');
  };
  let grace: NodeJS.Timeout | undefined;
  const onCancel = (): void => {
    end('SIGINT');
    grace = setTimeout(onExit, GRACE_MILLISECONDS);
  };
  process.once('exit', onExit);
  cancelled?.addEventListener('abort', onCancel, { once: true });
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = lineSplitter(onLine);
    stream.on('data', splitter.write);
    return splitter;
  });
  try {
    return await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
  } finally {
    clearTimeout(grace);
    process.off('exit', onExit);
    cancelled?.removeEventListener('abort', onCancel);
    for (const splitter of splitters) splitter.end();
  }
}
