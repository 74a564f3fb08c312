/** `--load`: keeps every processor busy while a show measures. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const LOAD = '--load';

/** Whether `--load` is given. */
export const hasLoad = (): boolean => process.argv.includes(LOAD);

/** The option of a command that replays a run under the same load, with a leading space; empty without load. */
export const loadOption = (): string => (hasLoad() ? ` ${LOAD}` : '');

async function start(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'busy.ts'));
  await once(child, 'message');
  return child;
}

/**
 * Runs `work`. If `--load` is given, one process per processor computes meanwhile.
 * These processes end with the work, and also if this process ends in any other way.
 */
export async function underLoad<Result>(work: () => Promise<Result>): Promise<Result> {
  const children = await Promise.all(Array.from({ length: hasLoad() ? availableParallelism() : 0 }, start));
  try {
    return await work();
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
  }
}
