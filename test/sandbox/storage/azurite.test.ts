import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { gone, isAlive } from '../alive.ts';

describe('the process of Azurite', () => {
  it('ends with its parent process, in every case', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'azurite-'));
    const starter = `const { startAzurite } = await import(process.argv[1]);
      const azurite = startAzurite();
      await azurite.open(process.argv[2], { name: 'account', key: btoa('key') });
      console.log(azurite.pid);`;
    const entry = path.join(import.meta.dirname, 'azurite.ts');
    const parent = spawn(process.execPath, ['--input-type=module', '-e', starter, entry, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await gone([pid]);
    await rm(folder, { recursive: true, force: true });
  });
});
