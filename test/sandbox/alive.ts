import { setTimeout as pause } from 'node:timers/promises';

/** Whether a process with this ID runs. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Resolves when all of these processes have ended. */
export async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await pause(20);
}
