import { createHash } from 'node:crypto';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf, tarOfFile } from './archive.ts';
import { assemble, assembleIndex } from './artifact.ts';
import type { Artifact, Format } from './artifact.ts';
import { blobOf, jsonBlob, seededBytes, streamedBlob } from './blob.ts';
import type { Blob } from './blob.ts';

/** Settings of an image. */
export interface ImageRequest {
  /** The same seed gives the same image. */
  readonly seed: string;
  /** Bytes of the one file of each layer; default: one layer of 1 KiB. */
  readonly layerBytes?: readonly number[];
  /** `linux/amd64` when absent. */
  readonly platform?: string;
  readonly format?: Format;
}

const CONFIG_TYPE = {
  oci: 'application/vnd.oci.image.config.v1+json',
  docker: 'application/vnd.docker.container.image.v1+json',
};
const GZIP_LAYER_TYPE = {
  oci: 'application/vnd.oci.image.layer.v1.tar+gzip',
  docker: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};
const TAR_LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';
const DEFAULT_PLATFORM = 'linux/amd64';

/** A layer and the digest of its uncompressed tar, which the config names. */
interface Layer {
  readonly blob: Blob;
  readonly diffId: string;
}

async function seededLayer(seed: string, size: number, format: Format): Promise<Layer> {
  const tar = await tarOf([{ name: 'opt/data.bin', content: seededBytes(seed, size) }]);
  const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`;
  return { blob: blobOf(GZIP_LAYER_TYPE[format], gzipSync(tar, { level: 1 })), diffId };
}

function imageOf(layers: readonly Layer[], platform: string, format: Format): Artifact {
  const [os, architecture, variant] = platform.split('/');
  const config = jsonBlob(CONFIG_TYPE[format], {
    created: '1970-01-01T00:00:00Z',
    architecture,
    os,
    ...(variant && { variant }),
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z' })),
  });
  return assemble({ format, config, layers: layers.map(({ blob }) => blob) });
}

/** An image for one platform. */
export async function image(request: ImageRequest): Promise<Artifact> {
  const { seed, layerBytes = [1024], platform = DEFAULT_PLATFORM, format = 'oci' } = request;
  const layers = layerBytes.map((size, index) => seededLayer(`${seed} ${platform} ${index}`, size, format));
  return imageOf(await Promise.all(layers), platform, format);
}

/** An index of the same image for several platforms. */
export async function multiArchImage(
  request: Omit<ImageRequest, 'platform'>,
  platforms: readonly string[] = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
): Promise<Artifact> {
  const images = platforms.map(async (platform) => ({ platform, artifact: await image({ ...request, platform }) }));
  return assembleIndex(await Promise.all(images), request.format);
}

/**
 * An image with one layer that contains a file of any size. The layer is read from disk when it is needed, and isn't
 * compressed.
 * @param file must not change while the image is in use
 */
export async function fileImage(file: string): Promise<Artifact> {
  const blob = await streamedBlob(TAR_LAYER_TYPE, await tarOfFile(path.resolve(file)));
  return imageOf([{ blob, diffId: blob.digest }], DEFAULT_PLATFORM, 'oci');
}
