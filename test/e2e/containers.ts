/** The containers of a scene, accessed by another client than the action: writes blobs, and reads what has arrived. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ContainerClient, StorageSharedKeyCredential, type BlobGetPropertiesResponse } from '@azure/storage-blob';
import type { ManifestDocument } from '../../src/transfer/documents/schemas.ts';
import type { Side } from '../sandbox/description.ts';
import type { Scene } from './scene.ts';

/** MD5 in the format of storage. */
export const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('base64');

/** The metadata that the service sets on every exported blob. */
export const CATEGORY = { category: 'acr-transfer-blob' };

/** A manifest of one blob with one artifact, which doesn't exist. */
export const manifestOf = (transferName: string, name: string, content: Buffer, createdAt: Date): ManifestDocument => ({
  kind: 'acr-transfer/manifest',
  version: 1,
  transferName,
  createdAt: createdAt.toISOString(),
  registry: 'source.example.com',
  target: null,
  provenance: null,
  batches: [
    {
      blob: { name, size: content.length, md5: md5Of(content), contentType: 'application/x-tar', metadata: CATEGORY },
      exportRun: 'export1',
      artifacts: [
        {
          reference: 'team/app:v1',
          digest: `sha256:${'0'.repeat(64)}`,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          size: content.length,
          children: [],
          subject: null,
        },
      ],
    },
  ],
  missing: [],
});

/** A blob of a container. */
export interface LyingBlob {
  readonly bytes: Buffer;
  readonly properties: BlobGetPropertiesResponse;
}

/** Both containers. */
export interface Containers {
  /** Puts a blob as an export does: with Content-MD5 and category. */
  readonly put: (side: Side, name: string, bytes: Buffer) => Promise<void>;
  /** Null if it doesn't exist. */
  readonly get: (side: Side, name: string) => Promise<LyingBlob | null>;
  readonly client: (side: Side) => ContainerClient;
  /** Deletes the container with its content. */
  readonly remove: (side: Side) => Promise<void>;
  /** Creates a removed container again. */
  readonly restore: (side: Side) => Promise<void>;
}

/** Opens the containers of a scene. This process trusts both clouds from then on. */
export function openContainers({ clouds }: Scene): Containers {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(clouds.caFile, 'utf8')]);
  const client = (side: Side): ContainerClient => {
    const { containerUri, containerSas } = clouds[side].storage;
    return new ContainerClient(`${containerUri}?${containerSas}`);
  };
  // A SAS of a container can't create or delete it.
  const owned = (side: Side): ContainerClient => {
    const { containerUri, account, key } = clouds[side].storage;
    return new ContainerClient(containerUri, new StorageSharedKeyCredential(account, key));
  };
  return {
    client,
    remove: async (side) => {
      await owned(side).delete();
    },
    restore: async (side) => {
      await owned(side).createIfNotExists();
    },
    put: async (side, name, bytes) => {
      const blobHTTPHeaders = {
        blobContentMD5: Buffer.from(md5Of(bytes), 'base64'),
        blobContentType: 'application/x-tar',
      };
      const options = { blobHTTPHeaders, metadata: CATEGORY, blockSize: 16 * 1024 * 1024 };
      await client(side).getBlockBlobClient(name).uploadData(bytes, options);
    },
    get: async (side, name) => {
      const blob = client(side).getBlockBlobClient(name);
      if (!(await blob.exists())) return null;
      const properties = await blob.getProperties();
      return { bytes: properties.contentLength === 0 ? Buffer.alloc(0) : await blob.downloadToBuffer(), properties };
    },
  };
}
