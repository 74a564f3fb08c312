import { readFile } from 'node:fs/promises';
import type { CloudDescription } from '../description.ts';
import { manifestsOf, sizeOf } from './artifact.ts';
import type { Artifact } from './artifact.ts';
import type { Blob } from './blob.ts';
import { connect } from './connection.ts';
import type { Ask, Answer } from './connection.ts';
import { registryLogin } from './login.ts';
import type { AccessTokens } from './login.ts';

/** Where to push, as whom, and whom to trust. */
export interface PushOptions {
  /** Host and port. */
  readonly loginServer: string;
  readonly accessTokens: AccessTokens;
  /** PEM of the cloud's CA. */
  readonly ca: string;
}

/** What was pushed: the digest of the outermost manifest, and the bytes of everything under it. */
export interface Pushed {
  readonly digest: string;
  readonly size: number;
}

/** A client of one registry. Many pushes may run at once; a blob that several need is sent once to each repository. */
export interface PushClient {
  /**
   * Pushes an artifact with all that it needs; what is there already is not sent again.
   * @param tag none: it is to be had by digest alone, as referrers are
   */
  readonly push: (repository: string, artifact: Artifact, tag?: string) => Promise<Pushed>;
  readonly close: () => void;
}

type Request = (repository: string, ask: Ask, ...statuses: readonly number[]) => Promise<Answer>;

async function sendBlob(request: Request, base: string, repository: string, blob: Blob): Promise<void> {
  const blobs = `${base}/v2/${repository}/blobs`;
  const found = await request(repository, { method: 'HEAD', url: `${blobs}/${blob.digest}` }, 200, 404);
  if (found.status === 200) return;
  const started = await request(repository, { method: 'POST', url: `${blobs}/uploads/` }, 202);
  const url = new URL(started.headers.location ?? '', base);
  url.searchParams.set('digest', blob.digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) };
  await request(repository, { method: 'PUT', url: url.href, headers, body: blob.open() }, 201);
}

/** Opens a client of a registry. */
export function pushClient({ loginServer, accessTokens, ca }: PushOptions): PushClient {
  const { ask, close } = connect(ca);
  const base = `https://${loginServer}`;
  const sent = new Map<string, Promise<void>>();

  const request: Request = async (repository, { headers, ...rest }, ...statuses) => {
    const token = await accessTokens(`repository:${repository}:pull,push`);
    return ask({ ...rest, headers: { ...headers, authorization: `Bearer ${token}` } }, ...statuses);
  };

  const pushBlob = (repository: string, blob: Blob): Promise<void> => {
    const key = `${repository}@${blob.digest}`;
    const sending = sent.get(key) ?? sendBlob(request, base, repository, blob);
    sent.set(key, sending);
    sending.catch(() => sent.delete(key));
    return sending;
  };

  const pushManifest = async (repository: string, { manifest, blobs }: Artifact, tag?: string): Promise<void> => {
    await Promise.all(blobs.map((blob) => pushBlob(repository, blob)));
    const url = `${base}/v2/${repository}/manifests/${tag ?? manifest.digest}`;
    const body = Buffer.concat((await manifest.open().toArray()) as Buffer[]);
    await request(repository, { method: 'PUT', url, headers: { 'content-type': manifest.mediaType }, body }, 201);
  };

  return {
    push: async (repository, artifact, tag) => {
      for (const each of manifestsOf(artifact)) {
        await pushManifest(repository, each, each === artifact ? tag : undefined);
      }
      return { digest: artifact.manifest.digest, size: sizeOf(artifact) };
    },
    close,
  };
}

/** Signs in to the registry of a running cloud with the client of its description. */
export async function connectRegistry(cloud: CloudDescription): Promise<PushClient> {
  const ca = await readFile(cloud.caFile, 'utf8');
  const { loginServer } = cloud.registry;
  return pushClient({ loginServer, accessTokens: registryLogin(cloud, ca), ca });
}
