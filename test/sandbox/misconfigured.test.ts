/** Misconfigurations of a running cloud, as clients see them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ContainerClient } from '@azure/storage-blob';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { hostSandbox } from './hosted.ts';
import type { SandboxHandle } from './client.ts';
import { connectRegistry, image } from './content/index.ts';
import type { CloudDescription } from './description.ts';

let sandbox: SandboxHandle;

beforeAll(async () => {
  sandbox = await hostSandbox();
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(sandbox.description.caFile, 'utf8')]);
});

afterAll(() => sandbox.stop());

const cloud = (): CloudDescription => sandbox.description.source;

describe('storage', () => {
  const container = (): ContainerClient =>
    new ContainerClient(`${cloud().storage.containerUri}?${cloud().storage.containerSas}`);

  const look = (): Promise<{ done?: boolean }> => container().listBlobsFlat().next();

  it.each([{ publicNetworkAccess: 'Disabled' }, { defaultAction: 'Deny' }] as const)(
    'with %j rejects all clients, and admits them after it is reset',
    async (storage) => {
      await sandbox.settings('source', { storage });
      await expect(look()).rejects.toMatchObject({ statusCode: 403, code: 'AuthorizationFailure' });
      await sandbox.settings('source', { storage: { publicNetworkAccess: 'Enabled', defaultAction: 'Allow' } });
      expect((await look()).done).toBe(true);
    },
  );

  it('makes blobs older than they are', async () => {
    const blob = container().getBlockBlobClient('old.tar');
    await blob.upload('x', 1);
    const now = (await blob.getProperties()).lastModified?.getTime() ?? 0;
    await sandbox.settings('source', { storage: { ageDays: 61 } });
    const then = (await blob.getProperties()).lastModified?.getTime() ?? 0;
    await sandbox.settings('source', { storage: { ageDays: 0 } });
    expect(now - then).toBe(61 * 24 * 3600_000);
  });
});

describe('a registry', () => {
  it('keeps a locked tag unchanged, and hides unreadable content', async () => {
    const client = await connectRegistry(cloud());
    const first = await client.push('team/locked', await image({ seed: 'one' }), 'v1');
    await sandbox.lock('source', 'team/locked', 'v1', { writeEnabled: false });
    await expect(client.push('team/locked', await image({ seed: 'two' }), 'v1')).rejects.toThrow(/locked|405/);
    await client.push('team/locked', await image({ seed: 'one' }), 'v1');
    await sandbox.lock('source', 'team/locked', 'v1', { writeEnabled: true });
    const second = await client.push('team/locked', await image({ seed: 'two' }), 'v1');
    client.close();
    expect(second.digest).not.toBe(first.digest);
  });
});
