import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { ContainerSASPermissions } from '@azure/storage-blob';
import { extract } from 'tar-stream';
import { digestOf, putImage } from './content.fixture.ts';
import { bySas, failureOf, onTransferClouds } from './transfers.fixture.ts';
import type { Transfers } from './transfers.fixture.ts';

let t: Transfers;

onTransferClouds((transfers) => {
  t = transfers;
});

describe('an export run', () => {
  it('writes one tar, an OCI layout that begins with its index and holds each blob once', async () => {
    const image = await putImage(t.source.store, 'team/app', 'layer', 'v1');
    await putImage(t.source.store, 'team/other', 'layer', 'v1');
    const order = t.source.order('export', { artifacts: ['team/app:v1', `team/app@${image.digest}`, 'team/other:v1'] });
    const { catalogDigest } = await t.source.engine.run(order);

    const blob = t.source.container.getBlobClient(order.blobName);
    const bytes = await blob.downloadToBuffer();
    const properties = await blob.getProperties();
    expect(catalogDigest).toBe(digestOf(bytes));
    expect(Buffer.from(properties.contentMD5!)).toEqual(createHash('md5').update(bytes).digest());
    expect(properties.metadata).toEqual({ category: 'acr-transfer-blob' });

    const files = new Map<string, Buffer>();
    const tar = extract();
    tar.end(bytes);
    for await (const entry of tar) {
      expect(files.has(entry.header.name)).toBe(false);
      files.set(entry.header.name, await buffer(entry));
    }
    expect([...files.keys()].slice(0, 2)).toEqual(['index.json', 'oci-layout']);
    const index = JSON.parse(files.get('index.json')!.toString()) as { manifests: { annotations: object }[] };
    expect(index.manifests.map(({ annotations }) => annotations)).toEqual([
      { 'acr-transfer.sandbox.repository': 'team/app', 'org.opencontainers.image.ref.name': 'v1' },
      { 'acr-transfer.sandbox.repository': 'team/app' },
      { 'acr-transfer.sandbox.repository': 'team/other', 'org.opencontainers.image.ref.name': 'v1' },
    ]);
    for (const [name, content] of [...files].slice(2))
      expect(name).toBe(`blobs/${digestOf(content).replace(':', '/')}`);
  });

  it('uses the tag latest without tag and digest', async () => {
    await putImage(t.source.store, 'app', 'layer', 'latest');
    expect(await t.target.engine.run(await t.exportAndCopy(['app']))).toMatchObject({
      importedArtifacts: ['app:latest'],
    });
  });

  it('names the missing artifact, and continues without it with ContinueOnErrors', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const artifacts = ['app:v1', 'app:v2'];
    expect(await failureOf(t.source.engine.run(t.source.order('export', { artifacts })))).toBe(
      'Artifact app:v2 was not found.',
    );
    await t.source.engine.run(t.source.order('export', { artifacts, options: ['ContinueOnErrors'] }));
    await t.copyBlob('transfer/blob.tar');
    expect((await t.target.engine.run(t.target.order('import'))).importedArtifacts).toEqual(['app:v1']);
  });

  it('keeps an existing blob unless OverwriteBlobs is set', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const order = t.source.order('export', { artifacts: ['app:v1'] });
    await t.source.engine.run(order);
    expect(await failureOf(t.source.engine.run(order))).toBe(`Blob ${order.blobName} already exists.`);
    await t.source.engine.run({ ...order, options: ['OverwriteBlobs'] });
  });

  it('accepts at most 50 artifacts', async () => {
    const artifacts = Array.from({ length: 51 }, (_, index) => `app:v${index}`);
    expect(await failureOf(t.source.engine.run(t.source.order('export', { artifacts })))).toMatch(/at most 50/);
  });

  it('refuses a layer of more than 8 GB', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const huge = { ...t.source.store, blobSize: () => 8 * 1024 ** 3 + 1 };
    const engine = t.source.engineOver(huge);
    expect(await failureOf(engine.run(t.source.order('export', { artifacts: ['app:v1'] })))).toMatch(
      /larger than 8 GB/,
    );
  });

  it('fails with the message of the service if storage refuses', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const order = t.source.order('export', { artifacts: ['app:v1'] });
    t.source.cloud.roles = [];
    const refused =
      'Failed to access storage.  Service request failed.  Status: 403 (This request is not authorized to perform this operation';
    expect(await failureOf(t.source.engine.run(order))).toContain(refused);
    t.source.cloud.roles = [{ principalId: 'pipeline', role: 'Storage Blob Data Reader' }];
    expect(await failureOf(t.source.engine.run(order))).toContain(refused);
  });

  it('uses the SAS of a SasToken pipeline, and the vault as the pipeline', async () => {
    t.source.cloud.roles = [];
    const expiresOn = new Date(Date.now() + 3_600_000);
    const permissions = ContainerSASPermissions.parse('racwdl');
    const { search } = new URL(await t.source.container.generateSasUrl({ permissions, expiresOn }));
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const order = t.source.order('export', { artifacts: ['app:v1'], access: bySas });
    expect(await failureOf(t.source.engine.run(order))).toBe('Failed to access key vault.  403 Forbidden');
    const asked: string[][] = [];
    t.vault = (...request) => {
      asked.push(request);
      return Promise.resolve(search);
    };
    await t.source.engine.run(order);
    expect(asked).toEqual([['https://vault.test/secrets/sas', 'pipeline']]);
  });
});
