import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import type { PipelineOption } from '../contracts.ts';
import { INDEX, digestOf, putImage, putJson } from './content.fixture.ts';
import { failureOf, onTransferClouds } from './transfers.fixture.ts';
import type { Transfers } from './transfers.fixture.ts';

let t: Transfers;

onTransferClouds((transfers) => {
  t = transfers;
});

describe('an import run', () => {
  it('transfers images and indexes with all their children, bit for bit', async () => {
    const children = [
      await putImage(t.source.store, 'team/multi', 'amd64'),
      await putImage(t.source.store, 'team/multi', 'arm64'),
    ];
    const index = putJson(t.source.store, 'team/multi', INDEX, { manifests: children }, 'v1');
    const single = await putImage(t.source.store, 'other/app', 'amd64', 'v2');
    const names = ['team/multi:v1', `other/app@${single.digest}`];
    const order = await t.exportAndCopy(names);
    const seen: number[] = [];
    const outcome = await t.target.engine.run({ ...order, progress: (percentage) => seen.push(percentage) });

    const tar = await t.target.container.getBlobClient(order.blobName).downloadToBuffer();
    expect(outcome).toEqual({ importedArtifacts: names, listed: names, catalogDigest: digestOf(tar), leftOut: [] });
    expect(t.target.store.digestOf('team/multi', 'v1')).toBe(index.digest);
    for (const { digest } of [index, ...children])
      expect(t.target.store.manifest('team/multi', digest)).toEqual(t.source.store.manifest('team/multi', digest));
    expect(t.target.store.digestOf('other/app', single.digest)).toBe(single.digest);
    expect(t.target.store.digestOf('other/app', 'v2')).toBeNull();
    expect(await buffer(t.target.store.readBlob(digestOf(Buffer.from('arm64'))))).toEqual(Buffer.from('arm64'));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
  });

  it('keeps a tag with another digest unless OverwriteTags is set', async () => {
    await putImage(t.source.store, 'app', 'new', 'v1');
    await putImage(t.target.store, 'app', 'old', 'v1');
    const order = await t.exportAndCopy(['app:v1']);
    expect(await failureOf(t.target.engine.run(order))).toMatch(/^Tag app:v1 already exists/);
    await t.target.engine.run({ ...order, options: ['OverwriteTags'] });
    expect(t.target.store.digestOf('app', 'v1')).toBe(t.source.store.digestOf('app', 'v1'));
    await t.target.engine.run(order);
  });

  it('continues without failed artifacts with ContinueOnErrors, and keeps the blob', async () => {
    await putImage(t.source.store, 'app', 'new', 'v1');
    await putImage(t.source.store, 'app', 'other', 'v2');
    await putImage(t.target.store, 'app', 'old', 'v1');
    const order = await t.exportAndCopy(['app:v1', 'app:v2']);
    const options: PipelineOption[] = ['ContinueOnErrors', 'DeleteSourceBlobOnSuccess'];
    expect((await t.target.engine.run({ ...order, options })).importedArtifacts).toEqual(['app:v2']);
    expect(await t.target.container.getBlobClient(order.blobName).exists()).toBe(true);
  });

  it('deletes the blob if its options say so, and fails without the permission', async () => {
    await putImage(t.source.store, 'app', 'layer', 'v1');
    const order = { ...(await t.exportAndCopy(['app:v1'])), options: ['DeleteSourceBlobOnSuccess'] as const };
    const writer = t.target.cloud.roles;
    t.target.cloud.roles = [{ principalId: 'pipeline', role: 'Storage Blob Data Reader' }];
    expect(await failureOf(t.target.engine.run(order))).toMatch(/Status: 403/);
    t.target.cloud.roles = writer;
    await t.target.engine.run(order);
    expect(await t.target.container.getBlobClient(order.blobName).exists()).toBe(false);
  });

  it('imports only what the run requests', async () => {
    await putImage(t.source.store, 'app', 'one', 'v1');
    await putImage(t.source.store, 'app', 'two', 'v2');
    const order = await t.exportAndCopy(['app:v1', 'app:v2']);
    expect((await t.target.engine.run({ ...order, artifacts: ['app:v2'] })).importedArtifacts).toEqual(['app:v2']);
    expect(t.target.store.digestOf('app', 'v1')).toBeNull();
    expect(t.target.store.hasBlob(digestOf(Buffer.from('one')))).toBe(false);
    expect(await failureOf(t.target.engine.run({ ...order, artifacts: ['app:v3'] }))).toMatch(/app:v3 was not found/);
  });

  it('points a tag to another manifest if a fault says so', async () => {
    const sent = await putImage(t.source.store, 'app', 'layer', 'v1');
    t.corrupt = ['app:v1'];
    await t.target.engine.run(await t.exportAndCopy(['app:v1']));
    const arrived = t.target.store.digestOf('app', 'v1');
    expect(arrived).not.toBeNull();
    expect(arrived).not.toBe(sent.digest);
  });

  it('fails for a blob that is missing, damaged, truncated, or not a transfer blob', async () => {
    await putImage(t.source.store, 'app', 'x'.repeat(4096), 'v1');
    const order = await t.exportAndCopy(['app:v1']);
    expect(await failureOf(t.target.engine.run({ ...order, blobName: 'missing' }))).toMatch(
      /Status: 404 \(The specified blob does not exist\)/,
    );
    const blob = t.target.container.getBlockBlobClient(order.blobName);
    const bytes = await blob.downloadToBuffer();
    const damaged = Buffer.from(bytes);
    damaged.write('y', bytes.indexOf('xxxx') + 10);
    await blob.upload(damaged, damaged.length);
    expect(await failureOf(t.target.engine.run(order))).toMatch(/^Artifact app:v1 could not be imported: .*digest/);
    for (const wrong of [bytes.subarray(0, bytes.indexOf('xxxx') + 100), Buffer.alloc(2048, 'text'), Buffer.alloc(0)]) {
      await blob.upload(wrong, wrong.length);
      expect(await failureOf(t.target.engine.run(order))).toMatch(/is not a transfer blob/);
    }
    expect(t.target.store.digestOf('app', 'v1')).toBeNull();
  });
});
