import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gone, isAlive } from './alive.ts';
import type { SandboxHandle } from './client.ts';
import type { SandboxDescription } from './description.ts';
import { hostSandbox } from './hosted.ts';
import { send } from './request.ts';
import { cloudClient } from './sandbox.fixture.ts';

let one: SandboxHandle;
let other: SandboxHandle;

beforeAll(async () => {
  [one, other] = await Promise.all([hostSandbox(), hostSandbox({ settings: { tokenLifetimeSeconds: 60 } })]);
});

afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
});

describe('two sandboxes in one process', () => {
  it('share processes, but no state of their clouds', () => {
    const [first, second] = [one.description, other.description];
    expect(second.pids).toEqual(first.pids);
    for (const side of ['source', 'target'] as const) {
      for (const fact of ['arm', 'entra', 'vault', 'tenantId', 'caFile'] as const)
        expect(second[side][fact]).not.toBe(first[side][fact]);
      expect(second[side].storage.account).not.toBe(first[side].storage.account);
    }
  });

  it('do not trust each other', async () => {
    const { arm, storage } = other.description.source;
    const ca = readFileSync(one.description.caFile, 'utf8');
    await expect(send(`${arm}/metadata/endpoints?api-version=2022-09-01`, { ca })).rejects.toThrow(/certificate/);
    const account = storage.containerUri.replace(storage.account, one.description.source.storage.account);
    const foreign = `${account}?restype=container&comp=list&${one.description.source.storage.containerSas}`;
    const answer = await send(foreign, { ca: readFileSync(other.description.caFile, 'utf8') });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('have settings, faults and counts of their own', async () => {
    await one.addFault('source', { service: 'arm', times: 1, fault: { kind: 'answer', status: 503 } });
    const before = await other.requests('source');
    expect((await one.settings('source')).tokenLifetimeSeconds).toBe(3600);
    expect((await other.settings('source')).tokenLifetimeSeconds).toBe(60);
    const ask = ({ description: { source } }: SandboxHandle): Promise<{ readonly status: number }> =>
      send(`${source.arm}/metadata/endpoints?api-version=2022-09-01`, { ca: readFileSync(source.caFile, 'utf8') });
    expect([(await ask(other)).status, (await ask(one)).status]).toEqual([200, 503]);
    expect((await other.requests('source')).arm).toBe(before.arm + 1);
    expect(await other.faultsStruck('source')).toBe(0);
  });

  it('have storage accounts of their own', async () => {
    const [first, second] = [cloudClient(one.description.source), cloudClient(other.description.source)];
    await first.container.getBlockBlobClient('here').upload('x', 1);
    expect(await second.container.getBlockBlobClient('here').exists()).toBe(false);
  });
});

describe('a sandbox in a shared process', () => {
  it('leaves no files when it is stopped, and the process continues', async () => {
    const { description, stop } = await hostSandbox();
    expect(existsSync(description.caFile)).toBe(true);
    await stop();
    expect(existsSync(path.dirname(description.caFile))).toBe(false);
    expect(description.pids.every(isAlive)).toBe(true);
    await expect(one.settings('source')).resolves.toMatchObject({ tokenLifetimeSeconds: 3600 });
  });

  it('gives the reason if it does not start', async () => {
    const settings = { runs: { style: 'sideways' } } as unknown as { readonly tokenLifetimeSeconds: number };
    await expect(hostSandbox({ settings })).rejects.toThrow(/operation/);
  });

  it('ends with its parent process, even if that is killed', async () => {
    const parent = fork(path.join(import.meta.dirname, 'orphan.fixture.ts'), ['hosted'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [{ pids, caFile }] = (await once(parent, 'message')) as [SandboxDescription];
    parent.kill('SIGKILL');
    await gone(pids);
    expect(existsSync(path.dirname(caFile))).toBe(false);
  });
});
