/** `--load`: keeps all processors busy while a show runs, as other jobs on the same machine do. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Computes until its input ends, so that it never outlives the process that started it. */
const BUSY = `
process.stdin.resume().on('end', () => process.exit());
const compute = () => { for (const end = Date.now() + 20; Date.now() < end; ); setImmediate(compute); };
compute();
`;

/** Whether the command line asks for load. */
export const isLoaded = (): boolean => process.argv.includes('--load');

/** Does work, and keeps all processors busy in the meantime if the command line asks for it. */
export async function underLoad<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!isLoaded()) return work();
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'ignore', 'inherit'] }),
  );
  try {
    return await work();
  } finally {
    for (const child of children) child.kill();
  }
}
