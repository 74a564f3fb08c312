import { z } from 'zod';
import type { BlobStore } from './blob-store.ts';
import type { Descriptor } from './manifest.ts';
import type { ManifestRecord, Repository, TagRecord } from './repository.ts';

/** Locks. None of the sandbox's content is ever locked. */
const UNLOCKED = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

/** Configs larger than this are not looked into for their platform. Bytes. */
const LARGEST_CONFIG = 1024 * 1024;

const platform = z.object({ architecture: z.string(), os: z.string() });

type Platform = z.infer<typeof platform>;

/** Only an image's config tells a platform; every other artifact is listed without one. */
async function platformOf(blobs: BlobStore, config: Descriptor | undefined): Promise<Platform | undefined> {
  if (!config || !/(?:oci|container)\.image/.test(config.mediaType)) return undefined;
  if (!blobs.has(config.digest) || blobs.size(config.digest) > LARGEST_CONFIG) return undefined;
  const bytes = await blobs.read(config.digest).toArray();
  try {
    return platform.parse(JSON.parse(Buffer.concat(bytes as Buffer[]).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** A repository as recorded. */
export const repositoryAttributes = (registry: string, repository: Repository): object => ({
  registry,
  imageName: repository.name,
  ...repository.times(),
  manifestCount: repository.manifests.size,
  tagCount: repository.tags.size,
  changeableAttributes: UNLOCKED,
});

/** A tag, with the members of the service's REST reference. */
export const tagAttributes = ({ name, digest, createdTime, lastUpdateTime }: TagRecord): object => ({
  name,
  digest,
  createdTime,
  lastUpdateTime,
  signed: false,
  changeableAttributes: UNLOCKED,
});

/**
 * A manifest, with the members of the service's REST reference; `tags` is absent when it has none (Microsoft Learn, "Delete images": "The
 * tags array is removed from meta-data when an image is untagged"). Assumed: imageSize is the bytes of config and layers.
 */
export async function manifestAttributes(
  blobs: BlobStore,
  repository: Repository,
  { stored, outline, createdTime, lastUpdateTime }: ManifestRecord,
): Promise<object> {
  const { config, layers } = outline;
  const tags = repository.tagsOf(stored.digest);
  return {
    digest: stored.digest,
    imageSize: [...(config ? [config] : []), ...layers].reduce((sum, { size }) => sum + size, 0),
    createdTime,
    lastUpdateTime,
    ...(await platformOf(blobs, config)),
    mediaType: stored.mediaType,
    ...(config && { configMediaType: config.mediaType }),
    ...(tags.length && { tags }),
    changeableAttributes: UNLOCKED,
  };
}

/** Platforms of an index, as the answer for a single manifest has them. */
export const references = ({ outline }: ManifestRecord): object =>
  outline.children.length
    ? {
        references: outline.children.map(
          ({ digest, platform: { architecture, os } = { architecture: '', os: '' } }) => ({
            digest,
            architecture,
            os,
          }),
        ),
      }
    : {};
