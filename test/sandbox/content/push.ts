import { readFile } from 'node:fs/promises';
import type { CloudDescription } from '../description.ts';
import { MANIFEST_TYPES, manifestsOf, sizeOf } from './artifact.ts';
import type { Artifact, Subject } from './artifact.ts';
import { blobOf } from './blob.ts';
import type { Blob } from './blob.ts';
import { connect } from './connection.ts';
import type { Ask, Answer } from './connection.ts';
import { registryLogin } from './login.ts';
import type { AccessTokens } from './login.ts';

/** The registry, the credential and the trusted certificates of a push. */
export interface PushOptions {
  /** Host and port. */
  readonly loginServer: string;
  readonly accessTokens: AccessTokens;
  /** PEM of the cloud's CA. Absent: the certificates that the process trusts. */
  readonly ca?: string;
}

/** The result of a push: the digest of the outermost manifest, and the bytes of all content. */
export interface Pushed {
  readonly digest: string;
  readonly size: number;
}

/** A client of one registry. Many pushes can run at once. A blob that several need is sent once to each repository. */
export interface PushClient {
  /**
   * Pushes an artifact with its content. Content that exists isn't sent again.
   * @param tag absent: the artifact has only a digest, as referrers do
   */
  readonly push: (repository: string, artifact: Artifact, tag?: string) => Promise<Pushed>;
  /**
   * Adds a tag to an artifact, or moves the tag. Resolves to the digest.
   * @param reference tag or digest of the artifact
   */
  readonly tag: (repository: string, reference: string, tag: string) => Promise<string>;
  readonly deleteTag: (repository: string, tag: string) => Promise<void>;
  /** Removes a repository with its content. False if it doesn't exist. */
  readonly deleteRepository: (repository: string) => Promise<boolean>;
  /** The digest of the bytes that the registry returns for a tag or digest; null if there are none. */
  readonly digest: (repository: string, reference: string) => Promise<string | null>;
  /**
   * Pushes a referrer of an existing artifact.
   * @param reference tag or digest of the subject
   * @param make `sbom`, `signature`, …
   * @param tagOf its tag by the subject's digest, `signatureTag`. Absent: the referrer has only a digest
   */
  readonly attach: (
    repository: string,
    reference: string,
    make: (subject: Subject) => Artifact,
    tagOf?: (subjectDigest: string) => string,
  ) => Promise<Pushed>;
  readonly close: () => void;
}

type Request = (repository: string, ask: Ask, ...statuses: readonly number[]) => Promise<Answer>;

/** Values that every call needs: the endpoint of the registry, and requests with a token. */
interface Session {
  readonly base: string;
  readonly request: Request;
}

/** The actions of the token for a request. A deletion needs its own. */
const actionsFor = (method: string): string => (method === 'DELETE' ? 'delete' : 'pull,push');

async function sendBlob({ request, base }: Session, repository: string, blob: Blob): Promise<void> {
  const blobs = `${base}/v2/${repository}/blobs`;
  const found = await request(repository, { method: 'HEAD', url: `${blobs}/${blob.digest}` }, 200, 307, 404);
  // A registry can redirect to its blobs.
  if (found.status !== 404) return;
  const started = await request(repository, { method: 'POST', url: `${blobs}/uploads/` }, 202);
  const url = new URL(started.headers.location ?? '', base);
  url.searchParams.set('digest', blob.digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) };
  await request(repository, { method: 'PUT', url: url.href, headers, body: blob.open() }, 201);
}

async function sendManifest(
  { request, base }: Session,
  repository: string,
  manifest: Blob,
  reference: string,
): Promise<void> {
  const url = `${base}/v2/${repository}/manifests/${reference}`;
  const body = Buffer.concat((await manifest.open().toArray()) as Buffer[]);
  await request(repository, { method: 'PUT', url, headers: { 'content-type': manifest.mediaType }, body }, 201);
}

/** The response for a tag or digest, if it has one of the statuses. */
async function askManifest(
  { request, base }: Session,
  repository: string,
  reference: string,
  ...statuses: readonly number[]
): Promise<{ readonly status: number; readonly manifest: Blob }> {
  const url = `${base}/v2/${repository}/manifests/${reference}`;
  const ask = { method: 'GET', url, headers: { accept: MANIFEST_TYPES } };
  const { status, headers, body } = await request(repository, ask, ...statuses);
  return { status, manifest: blobOf(headers['content-type'] ?? '', body) };
}

/** The manifest of a tag or digest. */
const readManifest = async (session: Session, repository: string, reference: string): Promise<Blob> =>
  (await askManifest(session, repository, reference, 200)).manifest;

/** Pushes artifacts. Remembers which blobs it has sent to which repository. */
function createPush(session: Session): PushClient['push'] {
  const sent = new Map<string, Promise<void>>();

  const pushBlob = (repository: string, blob: Blob): Promise<void> => {
    const key = `${repository}@${blob.digest}`;
    const sending = sent.get(key) ?? sendBlob(session, repository, blob);
    sent.set(key, sending);
    sending.catch(() => sent.delete(key));
    return sending;
  };

  return async (repository, artifact, tag) => {
    for (const each of manifestsOf(artifact)) {
      await Promise.all(each.blobs.map((blob) => pushBlob(repository, blob)));
      const reference = each === artifact ? tag : undefined;
      await sendManifest(session, repository, each.manifest, reference ?? each.manifest.digest);
    }
    return { digest: artifact.manifest.digest, size: sizeOf(artifact) };
  };
}

/** Opens a client of a registry. */
export function pushClient({ loginServer, accessTokens, ca }: PushOptions): PushClient {
  const { ask, close } = connect(ca);
  const request: Request = async (repository, { headers, ...rest }, ...statuses) => {
    const token = await accessTokens(`repository:${repository}:${actionsFor(rest.method)}`);
    return ask({ ...rest, headers: { ...headers, authorization: `Bearer ${token}` } }, ...statuses);
  };
  const session = { base: `https://${loginServer}`, request };
  const push = createPush(session);

  return {
    push,
    tag: async (repository, reference, tag) => {
      const manifest = await readManifest(session, repository, reference);
      await sendManifest(session, repository, manifest, tag);
      return manifest.digest;
    },
    deleteTag: async (repository, tag) => {
      await request(repository, { method: 'DELETE', url: `${session.base}/acr/v1/${repository}/_tags/${tag}` }, 202);
    },
    deleteRepository: async (repository) => {
      const ask = { method: 'DELETE', url: `${session.base}/acr/v1/${encodeURIComponent(repository)}` };
      return (await request(repository, ask, 202, 404)).status === 202;
    },
    digest: async (repository, reference) => {
      const { status, manifest } = await askManifest(session, repository, reference, 200, 404);
      return status === 404 ? null : manifest.digest;
    },
    attach: async (repository, reference, make, tagOf) => {
      const manifest = await readManifest(session, repository, reference);
      return push(repository, make({ manifest }), tagOf?.(manifest.digest));
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
