import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { multiArchImage, writeLayout } from '../content/index.ts';
import type { Artifact } from '../content/index.ts';
import { startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const run = promisify(execFile);
const installed = spawnSync('skopeo', ['--version']).status === 0;
const inCi = Boolean(process.env['CI']);
if (!installed && !inCi) console.warn('skopeo is not installed: its tests are skipped (apt-get install skopeo)');

(installed || inCi ? describe : describe.skip)('skopeo', () => {
  let cloud: RegistryCloud;
  let folder: string;
  let artifact: Artifact;
  let at: string;

  const skopeo = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('skopeo', ['--insecure-policy', ...args], {
      env: { PATH: process.env['PATH'], HOME: folder, SSL_CERT_FILE: path.join(folder, 'ca.pem') },
    });
    return stdout;
  };

  /** The credential of `az acr login --expose-token`: the well-known user name, and a token as the password. */
  const credentials = async (): Promise<string> => {
    const token = await cloud.entra.mintFor(cloud.signIn.client.objectId, 'https://containerregistry.azure.net');
    return `00000000-0000-0000-0000-000000000000:${token}`;
  };

  beforeAll(async () => {
    cloud = await startRegistryCloud();
    at = `docker://${cloud.signIn.registry.loginServer}`;
    folder = await mkdtemp(path.join(tmpdir(), 'skopeo-'));
    // containers/image requires its own folder for its locks, for every user.
    await mkdir(path.join(folder, '.local'));
    await writeFile(path.join(folder, 'ca.pem'), cloud.ca);
    artifact = await multiArchImage({ seed: 'skopeo', layerBytes: [100_000, 5000] });
    await writeLayout(path.join(folder, 'layout'), artifact, 'v1');
  });

  afterAll(async () => {
    await cloud.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('pushes a multi-arch image and pulls it back, bit for bit', async () => {
    const copy = ['copy', '--all', '--preserve-digests'];
    const login = await credentials();
    await skopeo(...copy, '--dest-creds', login, `oci:${folder}/layout:v1`, `${at}/team/skopeo:v1`);
    expect(cloud.registry.store.digestOf('team/skopeo', 'v1')).toBe(artifact.manifest.digest);

    await skopeo(...copy, '--src-creds', login, `${at}/team/skopeo:v1`, `oci:${folder}/back:v1`);
    const back = JSON.parse(await readFile(path.join(folder, 'back', 'index.json'), 'utf8')) as {
      manifests: { digest: string }[];
    };
    expect(back.manifests.map(({ digest }) => digest)).toEqual([artifact.manifest.digest]);
    for (const { digest } of artifact.children.flatMap(({ manifest, blobs }) => [manifest, ...blobs])) {
      const file = digest.replace(':', '/');
      const [sent, returned] = ['layout', 'back'].map((each) => path.join(folder, each, 'blobs', file));
      // toEqual compares a Buffer byte by byte, which takes seconds here.
      expect((await readFile(returned!)).equals(await readFile(sent!))).toBe(true);
    }
  });

  it('copies between repositories by mounting', async () => {
    const login = await credentials();
    await cloud.pusher.push('team/one', artifact, 'v1');
    const creds = ['--src-creds', login, '--dest-creds', login];
    await skopeo('copy', '--all', '--preserve-digests', ...creds, `${at}/team/one:v1`, `${at}/team/two:v1`);
    expect(cloud.registry.store.digestOf('team/two', 'v1')).toBe(artifact.manifest.digest);
  });

  it('lists tags, inspects and deletes', async () => {
    const login = ['--creds', await credentials()];
    await cloud.pusher.push('team/listed', artifact, 'v1');
    await cloud.pusher.push('team/listed', artifact, 'v2');
    const listed = JSON.parse(await skopeo('list-tags', ...login, `${at}/team/listed`)) as { Tags: string[] };
    expect(listed.Tags).toEqual(['v1', 'v2']);
    const inspected = JSON.parse(await skopeo('inspect', ...login, `${at}/team/listed:v1`)) as { Digest: string };
    expect(inspected.Digest).toBe(artifact.manifest.digest);
    await skopeo('delete', ...login, `${at}/team/listed:v1`);
    expect(cloud.registry.store.digestOf('team/listed', 'v2')).toBeNull();
  });

  it("can't push with the permission to pull", async () => {
    cloud.setRoles('AcrPull');
    const push = skopeo('copy', '--dest-creds', await credentials(), `oci:${folder}/layout:v1`, `${at}/team/no:v1`);
    await expect(push).rejects.toThrow(/unauthorized|denied/);
    cloud.setRoles('AcrPush', 'AcrDelete');
  });
});
