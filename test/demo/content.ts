import {
  connectRegistry,
  fileImage,
  helmChart,
  image,
  multiArchImage,
  sbom,
  signature,
  type Artifact,
  type PushClient,
} from '../sandbox/content/index.ts';
import type { CloudDescription } from '../sandbox/description.ts';

/** A pushed artifact: its line of the selection, and the expected digest at the target. */
export interface Released {
  /** A line of the selection. */
  readonly line: string;
  readonly repository: string;
  /** Tag, or digest of an artifact without one. */
  readonly reference: string;
  readonly digest: string;
  readonly size: number;
}

type Push = (repository: string, artifact: Artifact, tag?: string) => Promise<Released>;

const MEBIBYTE = 1024 * 1024;

const pusher =
  (client: PushClient): Push =>
  async (repository, artifact, tag) => {
    const { digest, size } = await client.push(repository, artifact, tag);
    const line = tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;
    return { line, repository, reference: tag ?? digest, digest, size };
  };

/** Thirteen artifacts in five repositories: indexes, a large layer of a real file, charts, signature and SBOM. */
async function firstRelease(push: Push): Promise<readonly Released[]> {
  const api = await multiArchImage({ seed: 'api 1.0', layerBytes: [MEBIBYTE, 64 * 1024] });
  const web = await image({ seed: 'web 1.2', layerBytes: [2 * MEBIBYTE, 256 * 1024] });
  return [
    await push('team/api', api, 'v1.0'),
    await push('team/api', signature(api, 'team/api')),
    await push('team/api', sbom(api, 'api')),
    await push('team/api', await multiArchImage({ seed: 'api 1.1', layerBytes: [MEBIBYTE] }), 'v1.1'),
    await push('team/web', await image({ seed: 'web 1.0', layerBytes: [2 * MEBIBYTE] }), '1.0'),
    await push('team/web', await image({ seed: 'web 1.1', layerBytes: [2 * MEBIBYTE, 256 * 1024] }), '1.1'),
    await push('team/web', web, '1.2'),
    await push('team/web', web, 'latest'),
    await push('team/runtime', await fileImage(process.execPath), 'node24'),
    await push('team/worker', await image({ seed: 'worker 1', format: 'docker', layerBytes: [MEBIBYTE] }), 'v1'),
    await push('team/worker', await multiArchImage({ seed: 'worker 2', format: 'docker' }), 'v2'),
    await push('charts/shop', await helmChart('shop', '1.0.0'), '1.0.0'),
    await push('charts/shop', await helmChart('shop', '1.1.0'), '1.1.0'),
  ];
}

/** The next release: four artifacts, one of them a signature. */
async function nextRelease(push: Push): Promise<readonly Released[]> {
  const api = await multiArchImage({ seed: 'api 1.2', layerBytes: [8 * MEBIBYTE] });
  return [
    await push('team/api', api, 'v1.2'),
    await push('team/api', signature(api, 'team/api')),
    await push('team/web', await image({ seed: 'web 1.3', layerBytes: [4 * MEBIBYTE] }), '1.3'),
    await push('charts/shop', await helmChart('shop', '1.2.0'), '1.2.0'),
  ];
}

/** Pushes both releases to the registry of a cloud, as a build would. */
export async function pushReleases(
  cloud: CloudDescription,
): Promise<{ readonly first: readonly Released[]; readonly next: readonly Released[] }> {
  const client = await connectRegistry(cloud);
  try {
    const push = pusher(client);
    return { first: await firstRelease(push), next: await nextRelease(push) };
  } finally {
    client.close();
  }
}
