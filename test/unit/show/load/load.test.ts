/** Issue 20, point 5: `--load` keeps every processor busy, and only while the show runs. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const LOAD = join(import.meta.dirname, '..', '..', '..', 'show', 'load.ts');

let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'acr-transfer-load-'));
  script = join(folder, 'show.ts');
  // Prints the command lines of its children while the work runs, and waits on request.
  writeFileSync(
    script,
    `import { execFileSync } from 'node:child_process';
import { underLoad } from ${JSON.stringify(LOAD)};
await underLoad(async () => {
  const lines = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  console.log(JSON.stringify(lines.split('\\n').filter((line) => line.includes('busy.ts')).map((line) => parseInt(line))));
  if (process.argv.includes('--wait')) await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function allEnded(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await wait(50);
}

const firstLine = async (child: ChildProcess): Promise<number[]> => {
  const [chunk] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
  return JSON.parse(chunk.toString()) as number[];
};

describe('--load', () => {
  it('starts one busy process per processor, which end with the work', async () => {
    const { stdout, status } = spawnSync(process.execPath, [script, '--load'], { encoding: 'utf8' });
    const pids = JSON.parse(stdout) as number[];
    expect({ status, count: pids.length }).toEqual({ status: 0, count: availableParallelism() });
    await allEnded(pids);
  });

  it('ends the busy processes if the command is killed', async () => {
    const child = spawn(process.execPath, [script, '--load', '--wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = await firstLine(child);
    expect(pids).toHaveLength(availableParallelism());
    child.kill('SIGKILL');
    await allEnded(pids);
  });

  it('starts nothing without the option', () => {
    const { stdout } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
