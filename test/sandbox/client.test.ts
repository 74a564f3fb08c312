import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostSandbox } from './hosted.ts';
import type { SandboxHandle } from './client.ts';
import type { SasWish } from './container-sas.ts';
import {
  connectRegistry,
  describeBlob,
  image,
  jsonBlob,
  registryLogin,
  sbom,
  signatureTag,
  taggedSignature,
} from './content/index.ts';
import type { PushClient } from './content/index.ts';
import type { CloudDescription, ManifestEntry } from './description.ts';
import { send } from './request.ts';
import type { Answer } from './request.ts';
import { cloudClient } from './sandbox.fixture.ts';
import type { RunProperties } from './sandbox.fixture.ts';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
let sandbox: SandboxHandle;
let registry: PushClient;
const source = (): CloudDescription => sandbox.description.source;

beforeAll(async () => {
  sandbox = await hostSandbox();
  registry = await connectRegistry(source());
});

afterAll(async () => {
  registry.close();
  await sandbox.stop();
});

const entryOf = (number: number, bytes: number): ManifestEntry => ({
  repository: 'bulk/app',
  mediaType: MANIFEST_TYPE,
  tag: `v${number}`,
  content: {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: describeBlob(jsonBlob('application/vnd.oci.image.config.v1+json', { number })),
    layers: [],
    annotations: { filler: 'x'.repeat(bytes) },
  },
});

async function tagsOf(repository: string): Promise<ReadonlyMap<string, string>> {
  const { caFile, registry: place } = source();
  const ca = readFileSync(caFile, 'utf8');
  const token = await registryLogin(source(), ca)(`repository:${repository}:metadata_read`);
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await send(`https://${place.loginServer}/acr/v1/${repository}/_tags?n=1000`, { ca, headers });
  const { tags } = JSON.parse(body) as { tags: { name: string; digest: string }[] };
  return new Map(tags.map(({ name, digest }) => [name, digest]));
}

const exportOf = (name: string, artifact: string): Promise<RunProperties> =>
  cloudClient(source()).run(source().pipelines.managedIdentity, name, {
    artifacts: [artifact],
    target: { type: 'AzureStorageBlob', name: `${name}.tar` },
  });

describe('the client of the sandbox', () => {
  it('pushes more manifests than one request accepts, and returns their digests in order', async () => {
    const entries = Array.from({ length: 40 }, (_, number) => entryOf(number, 300_000));
    const digests = await sandbox.putManifests('source', entries);
    expect(digests).toEqual(entries.map(({ content }) => jsonBlob(MANIFEST_TYPE, content).digest));
    expect(await tagsOf('bulk/app')).toEqual(new Map(digests.map((digest, number) => [`v${number}`, digest])));
    expect(await sandbox.putManifests('source', [])).toEqual([]);
  });

  it('gets the reason for a refused manifest', async () => {
    const wrong = { ...entryOf(1, 1), mediaType: 'text/plain' };
    await expect(sandbox.putManifests('source', [wrong])).rejects.toThrow(/400 .*MANIFEST_INVALID/);
  });

  it('lists the runs that were really executed', async () => {
    await sandbox.putManifests('source', [entryOf(1, 1)]);
    await registry.push('team/app', await image({ seed: 'client' }), 'v1');
    await exportOf('exportApp', 'team/app:v1');
    const { response } = await exportOf('exportBulk', 'bulk/app:v1');
    expect(response.pipelineRunErrorMessage).toMatch(/^Blob sha256:.* was not found\.$/);
    const shared = { kind: 'export', bySourceTrigger: false };
    expect(await sandbox.transfers('source')).toEqual([
      { ...shared, run: 'exportApp', blob: 'exportApp.tar', artifacts: ['team/app:v1'], outcome: 'succeeded' },
      { ...shared, run: 'exportBulk', blob: 'exportBulk.tar', artifacts: ['bulk/app:v1'], outcome: 'failed' },
    ]);
    expect(await sandbox.transfers('target')).toEqual([]);
  });

  it('returns the bytes of some or all blobs', async () => {
    const { container } = cloudClient(source());
    await sandbox.resetRequests('source');
    for (const name of ['a.tar', 'b.tar', 'a.json']) await container.getBlockBlobClient(name).upload('12345', 5);
    await container.getBlobClient('a.tar').downloadToBuffer();
    expect(await sandbox.storageBytes('source')).toEqual({ downloaded: 5, uploaded: 15, pulled: 0 });
    expect(await sandbox.storageBytes('source', '^transfer/.*\\.tar$')).toEqual({
      downloaded: 5,
      uploaded: 10,
      pulled: 0,
    });
    await sandbox.resetRequests('source');
    expect(await sandbox.storageBytes('source')).toEqual({ downloaded: 0, uploaded: 0, pulled: 0 });
  });

  it('makes a SAS for a while', async () => {
    const { caFile, storage } = source();
    const ca = readFileSync(caFile, 'utf8');
    const list = async (wish: SasWish): Promise<Answer> => {
      const sas = await sandbox.containerSas('source', wish);
      return send(`${storage.containerUri}?restype=container&comp=list&${sas}`, { ca });
    };
    const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
    expect(await list({ permissions: 'rl', expiresOn: minutes(2) })).toMatchObject({ status: 200 });
    expect(await list({ permissions: 'r', expiresOn: minutes(2) })).toMatchObject({ status: 403 });
    const ended = await list({ permissions: 'rl', startsOn: minutes(-2), expiresOn: minutes(-1) });
    expect(ended).toMatchObject({ status: 403, headers: { 'x-ms-error-code': 'AuthenticationFailed' } });
    expect(ended.body).toContain('Signature not valid in the specified time frame: Start [');
    const early = await list({ permissions: 'rl', startsOn: minutes(1), expiresOn: minutes(2) });
    expect(early.body).toContain('Signature not valid in the specified time frame: Start [');
  });

  it.each(['LegacyRegistryPermissions', 'AbacRepositoryPermissions'] as const)(
    'can push, attach and delete tags in the mode %s, which ARM reports',
    async (roleAssignmentMode) => {
      await sandbox.settings('source', { registry: { roleAssignmentMode } });
      const { body } = await cloudClient(source()).arm('GET', source().registry.id);
      expect(JSON.parse(body)).toMatchObject({ properties: { roleAssignmentMode } });
      const repository = `team/${roleAssignmentMode.toLowerCase()}`;
      const client = await connectRegistry(source());
      const { digest } = await client.push(repository, await image({ seed: repository }), 'v1');
      await client.attach(repository, 'v1', (subject) => sbom(subject, 'app'));
      await client.attach(repository, 'v1', (subject) => taggedSignature(subject, repository), signatureTag);
      await client.deleteTag(repository, 'v1');
      await expect(client.tag(repository, 'v1', 'v2')).rejects.toThrow(/404/);
      expect(await client.tag(repository, digest, 'v2')).toBe(digest);
      client.close();
    },
  );
});
