import type { Blob, BlobDescriptor } from './blob.ts';
import { blobOf, describeBlob } from './blob.ts';

/** Anything that can be pushed: a manifest with its content. */
export interface Artifact {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
  /** The children of an index. */
  readonly children: readonly Artifact[];
}

/** Media types of OCI or Docker. */
export type Format = 'oci' | 'docker';

const IMAGE_TYPE = {
  oci: 'application/vnd.oci.image.manifest.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
};
const INDEX_TYPE = {
  oci: 'application/vnd.oci.image.index.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.list.v2+json',
};

/** The media types that a client accepts. Without them, a registry can return an older form of a manifest. */
export const MANIFEST_TYPES = [...Object.values(IMAGE_TYPE), ...Object.values(INDEX_TYPE)].join(', ');

/** The subject of an artifact. Only its descriptor is needed. */
export interface Subject {
  readonly manifest: BlobDescriptor;
}

/** Members of an image manifest. */
export interface ImageParts {
  readonly format?: Format;
  readonly artifactType?: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  /** The subject of this artifact. */
  readonly subject?: Subject;
  readonly annotations?: Readonly<Record<string, string>>;
}

const manifestBlob = (mediaType: string, content: object): Blob =>
  blobOf(mediaType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...content }, null, 2)));

/** Creates an image manifest for a config and layers. */
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

/** Creates an index of images. */
export function assembleIndex(images: readonly PlatformImage[], format: Format = 'oci'): Artifact {
  const manifest = manifestBlob(INDEX_TYPE[format], { manifests: images.map(describeChild) });
  return { manifest, blobs: [], children: images.map(({ artifact }) => artifact) };
}

/** Every manifest of an artifact, children before the index that names them. */
export const manifestsOf = (artifact: Artifact): readonly Artifact[] => [
  ...artifact.children.flatMap(manifestsOf),
  artifact,
];

/** Bytes of all blobs and manifests. Each one counts once. */
export function sizeOf(artifact: Artifact): number {
  const all = manifestsOf(artifact).flatMap(({ manifest, blobs }) => [manifest, ...blobs]);
  return [...new Map(all.map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
}
