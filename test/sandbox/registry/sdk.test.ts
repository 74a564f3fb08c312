import { createHash } from 'node:crypto';
import * as tls from 'node:tls';
import { ContainerRegistryClient, ContainerRegistryContentClient } from '@azure/container-registry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { helmChart, image, multiArchImage } from '../content/index.ts';
import type { Artifact } from '../content/index.ts';
import { startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const savedCertificates = tls.getCACertificates('default');
let cloud: RegistryCloud;
let client: ContainerRegistryClient;
let index: Artifact;
let images: readonly Artifact[];

const credential = (audience: string): { getToken: () => Promise<{ token: string; expiresOnTimestamp: number }> } => ({
  getToken: async () => ({
    token: await cloud.entra.mintFor(cloud.signIn.client.objectId, audience),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
});

const contentClient = (repository: string): ContainerRegistryContentClient =>
  new ContainerRegistryContentClient(
    cloud.registry.origin,
    repository,
    credential('https://containerregistry.azure.net'),
  );

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

beforeAll(async () => {
  cloud = await startRegistryCloud();
  tls.setDefaultCACertificates([...savedCertificates, cloud.ca]);
  client = new ContainerRegistryClient(cloud.registry.origin, credential('https://management.azure.com/'));
  index = await multiArchImage({ seed: 'app', layerBytes: [3000, 200] });
  images = await Promise.all(['v1', 'v2', 'v3', 'v4', 'v5'].map((seed) => image({ seed })));
  for (const [position, each] of images.entries()) await cloud.pusher.push('team/app', each, `v${position + 1}`);
  await cloud.pusher.push('team/multi', index, 'latest');
  await cloud.pusher.push('charts/web', await helmChart('web', '1.2.3'), '1.2.3');
  await cloud.pusher.push('docker', await image({ seed: 'docker', format: 'docker' }), 'v1');
});

afterAll(async () => {
  tls.setDefaultCACertificates(savedCertificates);
  await cloud.close();
});

describe('the Azure container registry library', () => {
  it('lists repositories over several pages', async () => {
    const pages = await all(client.listRepositoryNames().byPage({ maxPageSize: 3 }));
    expect(pages.map((page) => [...page])).toEqual([['charts/web', 'docker', 'team/app'], ['team/multi']]);
  });

  it('lists tags over several pages, by name and by time', async () => {
    const artifact = client.getArtifact('team/app', 'v1');
    const byName = await all(artifact.listTagProperties().byPage({ maxPageSize: 2 }));
    const byTime = await all(
      artifact.listTagProperties({ order: 'LastUpdatedOnDescending' }).byPage({ maxPageSize: 2 }),
    );
    const names = (pages: typeof byName): string[][] => pages.map((page) => page.map(({ name }) => name));
    expect(names(byName)).toEqual([['v1', 'v2'], ['v3', 'v4'], ['v5']]);
    expect(names(byTime)).toEqual([['v5', 'v4'], ['v3', 'v2'], ['v1']]);
  });

  it('lists manifests over several pages, newest first', async () => {
    const repository = client.getRepository('team/app');
    const pages = repository.listManifestProperties({ order: 'LastUpdatedOnDescending' }).byPage({ maxPageSize: 2 });
    const manifests = (await all(pages)).flatMap((page) => [...page]);
    expect(manifests.map(({ digest }) => digest)).toEqual(images.map(({ manifest }) => manifest.digest).reverse());
    expect(manifests[0]).toMatchObject({ tags: ['v5'], architecture: 'amd64', operatingSystem: 'linux' });
    expect(manifests[0]!.sizeInBytes).toBe(images[4]!.blobs.reduce((sum, { size }) => sum + size, 0));
  });

  it('reads the properties of a repository, a tag and an index', async () => {
    expect(await client.getRepository('team/multi').getProperties()).toMatchObject({
      name: 'team/multi',
      tagCount: 1,
      manifestCount: 4,
    });
    const artifact = client.getArtifact('team/multi', 'latest');
    expect(await artifact.getTagProperties('latest')).toMatchObject({ digest: index.manifest.digest });
    const { relatedArtifacts } = await artifact.getManifestProperties();
    expect(relatedArtifacts.map(({ architecture }) => architecture)).toEqual(['amd64', 'arm64', 'arm']);
  });

  it('gets a manifest by tag and a blob through the redirect', async () => {
    const content = contentClient('team/multi');
    const manifest = await content.getManifest('latest');
    expect(manifest.digest).toBe(index.manifest.digest);
    const layer = index.children[0]!.blobs[1]!;
    const { content: stream } = await content.downloadBlob(layer.digest);
    const hash = createHash('sha256');
    for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
    expect(`sha256:${hash.digest('hex')}`).toBe(layer.digest);
  });

  it('uploads a blob in chunks and a manifest, and deletes them', async () => {
    const content = contentClient('sdk/pushed');
    const bytes = Buffer.alloc(9 * 1024 * 1024, 'chunk');
    const layer = await content.uploadBlob(bytes);
    const config = await content.uploadBlob(Buffer.from('{}'));
    const { digest } = await content.setManifest(
      {
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: 2 },
        layers: [{ mediaType: 'application/octet-stream', digest: layer.digest, size: bytes.length }],
      },
      { tag: 'v1' },
    );
    expect(cloud.registry.store.digestOf('sdk/pushed', 'v1')).toBe(digest);
    expect(cloud.registry.store.blobSize(layer.digest)).toBe(bytes.length);
    await content.deleteManifest(digest);
    expect(cloud.registry.store.digestOf('sdk/pushed', 'v1')).toBeNull();
  });

  it('names the missing resource in a 404', async () => {
    await expect(client.getArtifact('team/app', 'v9').getManifestProperties()).rejects.toMatchObject({
      statusCode: 404,
    });
    await expect(contentClient('team/app').getManifest('v9')).rejects.toThrow('manifest tagged by');
  });
});
