/** Transfer blobs of an attacker: in the format of the sandbox, with any content, size, and Content-MD5 property. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { manifestsOf, type Artifact } from '../../sandbox/content/index.ts';
import type { Side } from '../../sandbox/description.ts';
import { blobPath, INDEX_FILE, REPOSITORY_ANNOTATION, TAG_ANNOTATION } from '../../sandbox/engine/layout.ts';
import { CATEGORY, type Containers } from '../containers.ts';

/** An artifact in a forged blob. */
export interface Packed {
  readonly repository: string;
  /** Absent: by digest. */
  readonly tag?: string;
  readonly artifact: Artifact;
  /** Leaves out configs and layers, which the target has. That makes room for more. */
  readonly withoutContent?: boolean;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const bytesOf = async (blob: Artifact['manifest']): Promise<Buffer> =>
  Buffer.concat((await blob.open().toArray()) as Buffer[]);

/** Packs artifacts into a transfer blob. The blobs of the sandbox are OCI image layouts in a tar, manifests first. */
export async function forge(packed: readonly Packed[]): Promise<Buffer> {
  const index = packed.map(({ repository, tag, artifact: { manifest } }) => ({
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.size,
    annotations: { [REPOSITORY_ANNOTATION]: repository, ...(tag !== undefined && { [TAG_ANNOTATION]: tag }) },
  }));
  const manifests = packed.flatMap(({ artifact }) => manifestsOf(artifact).toReversed());
  const content = packed
    .filter(({ withoutContent }) => withoutContent !== true)
    .flatMap(({ artifact }) => manifestsOf(artifact).flatMap(({ blobs }) => blobs));
  const tar = pack();
  tar.entry({ name: INDEX_FILE }, json({ schemaVersion: 2, manifests: index }));
  tar.entry({ name: 'oci-layout' }, json({ imageLayoutVersion: '1.0.0' }));
  const blobs = [...manifests.map(({ manifest }) => manifest), ...content];
  for (const blob of new Map(blobs.map((each) => [each.digest, each])).values()) {
    tar.entry({ name: blobPath(blob.digest) }, await bytesOf(blob));
  }
  tar.finalize();
  return buffer(Readable.from(tar, { objectMode: false }));
}

/** Bytes with zeros at the end, which a tar can have. */
export function padded(bytes: Buffer, size: number): Buffer {
  if (bytes.length > size) throw new Error(`${bytes.length} bytes don't fit in ${size}`);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

/**
 * Replaces a blob. Put Block List stores the Content-MD5 that the client sends, and doesn't compare it with the bytes.
 * @param md5 base64
 */
export async function putForged(
  containers: Containers,
  side: Side,
  name: string,
  bytes: Buffer,
  md5: string,
): Promise<void> {
  const blob = containers.client(side).getBlockBlobClient(name);
  const id = Buffer.from('forged').toString('base64');
  await blob.stageBlock(id, bytes, bytes.length);
  await blob.commitBlockList([id], {
    blobHTTPHeaders: { blobContentMD5: Buffer.from(md5, 'base64'), blobContentType: 'application/octet-stream' },
    metadata: CATEGORY,
  });
}
