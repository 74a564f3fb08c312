import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { BlobSASPermissions } from '@azure/storage-blob';
import { IS_NIGHTLY } from '../../tier.ts';
import { IMAGE, putBlob, putImage, putJson } from './content.fixture.ts';
import { byIdentity, bySas, onTransferClouds } from './transfers.fixture.ts';
import type { Transfers } from './transfers.fixture.ts';

const MiB = 1024 * 1024;

let t: Transfers;

onTransferClouds((transfers) => {
  t = transfers;
});

describe('the source trigger', () => {
  it('lists blobs with MD5 and category, and nothing without permission to list', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const { blobName, containerUri } = await t.exportAndCopy(['app:v1']);
    const metadata = { category: 'acr-transfer-blob' };
    const id = Buffer.from('block').toString('base64');
    const withoutMd5 = t.target.container.getBlockBlobClient('without-md5');
    await withoutMd5.stageBlock(id, 'text', 4);
    await withoutMd5.commitBlockList([id], { metadata });
    await t.target.container.getBlockBlobClient('without-category').upload('text', 4);
    await t.target.container.getBlockBlobClient('other').upload('text', 4, { metadata: { category: 'other' } });

    const { etag } = await t.target.container.getBlobClient(blobName).getProperties();
    expect(await t.target.engine.triggerBlobs(containerUri, byIdentity)).toEqual([
      { name: blobName, etag: etag!.replaceAll('"', '') },
    ]);
    t.target.cloud.roles = [];
    expect(await t.target.engine.triggerBlobs(containerUri, byIdentity)).toEqual([]);
    expect(await t.target.engine.triggerBlobs(containerUri, bySas)).toEqual([]);
  });
});

/** 192 MiB, several times through the storage emulator. Nightly only. */
function describeMemory(): void {
  it('has constant memory for a layer of any size', async () => {
    const size = 192 * MiB;
    const chunk = Buffer.alloc(MiB, 'bytes of a layer ');
    const layer = (): Readable => Readable.from(Array.from({ length: size / MiB }, () => chunk));
    const hash = createHash('sha256');
    for await (const part of layer()) hash.update(part as Buffer);
    const digest = `sha256:${hash.digest('hex')}`;
    await t.source.store.writeBlob('big', digest, layer());
    const config = await putBlob(t.source.store, 'big', Buffer.from('{}'));
    putJson(t.source.store, 'big', IMAGE, { config, layers: [{ ...config, digest, size }] }, 'v1');

    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const { blobName } = t.source.order('export');
    await t.source.engine.run(t.source.order('export', { artifacts: ['big:v1'] }));
    const expiresOn = new Date(Date.now() + 3_600_000);
    const permissions = BlobSASPermissions.parse('r');
    const url = await t.source.container.getBlobClient(blobName).generateSasUrl({ permissions, expiresOn });
    await t.target.container.getBlockBlobClient(blobName).syncCopyFromURL(url);
    await t.target.engine.run(t.target.order('import'));
    clearInterval(watch);

    expect(t.target.store.blobSize(digest)).toBe(size);
    expect((peak - before) / MiB).toBeLessThan(128);
  });
}

if (IS_NIGHTLY) describe('memory', describeMemory);
