import type { Blob, BlobDescriptor } from './blob.ts';
import { blobOf, describeBlob } from './blob.ts';

/** Something that can be pushed: a manifest with all that it needs. */
export interface Artifact {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
  /** What an index names. */
  readonly children: readonly Artifact[];
}

/** Content in the OCI or the Docker types. */
export type Format = 'oci' | 'docker';

const IMAGE_TYPE = {
  oci: 'application/vnd.oci.image.manifest.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
};
const INDEX_TYPE = {
  oci: 'application/vnd.oci.image.index.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.list.v2+json',
};

/** What a client says that it understands; without it a registry may answer with an older form of what it has. */
export const MANIFEST_TYPES = [...Object.values(IMAGE_TYPE), ...Object.values(INDEX_TYPE)].join(', ');

/** What an artifact refers to: no more is needed of it than its manifest's place. */
export interface Subject {
  readonly manifest: BlobDescriptor;
}

/** What an image manifest says. */
export interface ImageParts {
  readonly format?: Format;
  readonly artifactType?: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  /** What this artifact refers to. */
  readonly subject?: Subject;
  readonly annotations?: Readonly<Record<string, string>>;
}

const manifestBlob = (mediaType: string, content: object): Blob =>
  blobOf(mediaType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }, null, 2)));

/** Puts an image manifest over a config and layers. */
export function assemble({ format = 'oci', artifactType, config, layers, subject, annotations }: ImageParts): Artifact {
  const manifest = manifestBlob(IMAGE_TYPE[format], {
    ...(artifactType !== undefined && { artifactType }),
    config: describeBlob(config),
    layers: layers.map(describeBlob),
    ...(subject && { subject: describeBlob(subject.manifest) }),
    ...(annotations && { annotations }),
  });
  return { manifest, blobs: [config, ...layers], children: [] };
}

/** One child of an index, with its platform: `linux/arm64`, `linux/arm/v7`. */
export interface PlatformImage {
  readonly platform: string;
  readonly artifact: Artifact;
}

const describeChild = ({ platform, artifact }: PlatformImage): BlobDescriptor & { platform: object } => {
  const [os, architecture, variant] = platform.split('/');
  return { ...describeBlob(artifact.manifest), platform: { architecture, os, ...(variant && { variant }) } };
};

/** Puts an index over images. */
export function assembleIndex(images: readonly PlatformImage[], format: Format = 'oci'): Artifact {
  const manifest = manifestBlob(INDEX_TYPE[format], { manifests: images.map(describeChild) });
  return { manifest, blobs: [], children: images.map(({ artifact }) => artifact) };
}

/** Every manifest of an artifact, children before the index that names them. */
export const manifestsOf = (artifact: Artifact): readonly Artifact[] => [
  ...artifact.children.flatMap(manifestsOf),
  artifact,
];

/** Bytes of all blobs and manifests, each counted once. */
export function sizeOf(artifact: Artifact): number {
  const all = manifestsOf(artifact).flatMap(({ manifest, blobs }) => [manifest, ...blobs]);
  return [...new Map(all.map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
}
