import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRegistryCloud } from '../registry/cloud.fixture.ts';
import type { RegistryCloud } from '../registry/cloud.fixture.ts';
import { seededBytes } from './blob.ts';
import type { Blob } from './blob.ts';
import {
  fileImage,
  helmChart,
  image,
  manifestsOf,
  multiArchImage,
  sbom,
  signature,
  signatureTag,
  sizeOf,
  taggedSignature,
} from './index.ts';
import type { Artifact, Subject } from './index.ts';

const read = async (blob: Blob): Promise<Buffer> => Buffer.concat((await blob.open().toArray()) as Buffer[]);
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'content-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function everyKind(): Promise<Artifact[]> {
  const file = path.join(folder, 'binary');
  await writeFile(file, seededBytes('file', 300_000));
  const plain = await image({ seed: 'plain', layerBytes: [10, 70_000] });
  const docker = await multiArchImage({ seed: 'docker', format: 'docker' });
  const others = [await multiArchImage({ seed: 'multi' }), await fileImage(file), await helmChart('web', '1.0.0')];
  return [
    plain,
    docker,
    ...others,
    signature(plain, 'team/app'),
    taggedSignature(plain, 'team/app'),
    sbom(plain, 'app'),
  ];
}

describe('the content kit', () => {
  it('makes the same bytes for the same seed, and others for another', async () => {
    const [first, again] = await Promise.all([everyKind(), everyKind()]);
    expect(again.map(({ manifest }) => manifest.digest)).toEqual(first.map(({ manifest }) => manifest.digest));
    expect((await image({ seed: 'other' })).manifest.digest).not.toBe((await image({ seed: 'one' })).manifest.digest);
  });

  it('describes every blob correctly, each time it is opened', async () => {
    const blobs = (await everyKind()).flatMap(manifestsOf).flatMap(({ manifest, blobs }) => [manifest, ...blobs]);
    for (const blob of [...blobs, ...blobs]) {
      const bytes = await read(blob);
      expect([sha256(bytes), bytes.length]).toEqual([blob.digest, blob.size]);
    }
  });

  it('names the uncompressed layers in the config of an image', async () => {
    const [config, ...layers] = (await image({ seed: 'x', layerBytes: [5, 6000] })).blobs;
    const { rootfs } = JSON.parse((await read(config!)).toString()) as { rootfs: { diff_ids: string[] } };
    const tars = await Promise.all(layers.map(async (layer) => gunzipSync(await read(layer))));
    expect(rootfs.diff_ids).toEqual(tars.map(sha256));
  });

  it('creates a signature that refers to its subject only by its tag', async () => {
    const subject = await image({ seed: 'signed' });
    const manifest = JSON.parse((await read(taggedSignature(subject, 'team/app').manifest)).toString()) as {
      subject?: unknown;
      layers: { mediaType: string; annotations: Record<string, string> }[];
    };
    expect(manifest.subject).toBeUndefined();
    expect(manifest.layers).toHaveLength(1);
    expect(manifest.layers[0]).toMatchObject({ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' });
    expect(Object.keys(manifest.layers[0]!.annotations)).toEqual(['dev.cosignproject.cosign/signature']);
    expect(signatureTag(subject.manifest.digest)).toMatch(/^sha256-[0-9a-f]{64}\.sig$/);
  });

  it('counts shared content once', async () => {
    const { children, manifest } = await multiArchImage({ seed: 'size' }, ['linux/amd64', 'linux/arm64']);
    const own = children.map(sizeOf).reduce((sum, size) => sum + size, manifest.size);
    const twice: Artifact = { manifest, blobs: [], children: [...children, ...children] };
    expect([sizeOf({ manifest, blobs: [], children }), sizeOf(twice)]).toEqual([own, own]);
  });
});

describe('the push client', () => {
  let cloud: RegistryCloud;

  beforeAll(async () => {
    cloud = await startRegistryCloud();
  });

  afterAll(async () => {
    await cloud.close();
  });

  it('pushes every kind of artifact', async () => {
    const kinds = await everyKind();
    const pushed = await Promise.all(
      kinds.map((each, position) => cloud.pusher.push('team/app', each, `v${position}`)),
    );
    expect(pushed.map(({ digest }) => digest)).toEqual(kinds.map(({ manifest }) => manifest.digest));
    for (const [position, { digest }] of pushed.entries()) {
      expect(cloud.registry.store.digestOf('team/app', `v${position}`)).toBe(digest);
    }
  });

  it('transfers shared content once', async () => {
    const shared = await image({ seed: 'shared' });
    cloud.state.faults.resetCounts();
    const tags = Array.from({ length: 20 }, (_, index) => `t${index}`);
    await Promise.all(tags.map((tag) => cloud.pusher.push('team/shared', shared, tag)));
    // One token; HEAD, POST and PUT for each of two blobs; one manifest for each tag.
    expect(cloud.state.faults.counts().registry).toBeLessThanOrEqual(1 + 2 * 3 + tags.length);
  });

  it('tags an existing manifest again, moves a tag, and deletes it', async () => {
    const [first, second] = await Promise.all(['first', 'second'].map((seed) => image({ seed })));
    await cloud.pusher.push('team/tagged', first!, 'v1');
    await cloud.pusher.push('team/tagged', second!, 'v2');
    const digestOf = (tag: string): string | null => cloud.registry.store.digestOf('team/tagged', tag);
    expect(await cloud.pusher.tag('team/tagged', 'v1', 'stable')).toBe(first!.manifest.digest);
    expect(digestOf('stable')).toBe(first!.manifest.digest);
    await cloud.pusher.tag('team/tagged', second!.manifest.digest, 'stable');
    expect(digestOf('stable')).toBe(second!.manifest.digest);
    await cloud.pusher.deleteTag('team/tagged', 'stable');
    expect([digestOf('stable'), digestOf('v2')]).toEqual([null, second!.manifest.digest]);
  });

  it('attaches to existing processes', async () => {
    const { digest } = await cloud.pusher.push('team/signed', await image({ seed: 'subject' }), 'v1');
    const { digest: bill } = await cloud.pusher.attach('team/signed', 'v1', (subject) => sbom(subject, 'app'));
    const answer = await cloud.ask(
      { method: 'GET', path: `/v2/team/signed/referrers/${digest}` },
      'repository:team/signed:pull',
    );
    expect(JSON.parse(answer.body.toString())).toMatchObject({ manifests: [{ digest: bill }] });
    const sign = (subject: Subject): Artifact => taggedSignature(subject, 'team/signed');
    const signed = await cloud.pusher.attach('team/signed', digest, sign, signatureTag);
    expect(cloud.registry.store.digestOf('team/signed', signatureTag(digest))).toBe(signed.digest);
  });

  it('reports the response of the registry', async () => {
    cloud.setRoles('AcrPull');
    const push = cloud.pusher.push('team/denied', await image({ seed: 'denied' }), 'v1');
    await expect(push).rejects.toThrow(/answered 401: .*requested access to the resource is denied/);
  });
});
