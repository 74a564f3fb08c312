import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the process of Azurite', () => {
  it('ends with the one that started it, however that ends', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'azurite-'));
    const starter = `const { startAzurite } = await import(process.argv[1]);
      const { pid } = await startAzurite(process.argv[2], { name: 'account', key: btoa('key') });
      console.log(pid);`;
    const entry = path.join(import.meta.dirname, 'azurite.ts');
    const parent = spawn(process.execPath, ['--input-type=module', '-e', starter, entry, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (isAlive(pid)) await setTimeout(50);
    await rm(folder, { recursive: true, force: true });
  }, 30_000);
});
