import type { PlatformOf } from './platforms.ts';
import type { ManifestRecord, Repository } from './repository.ts';
import type { TagRecord } from './tags.ts';

/** Locks of a repository. The sandbox never locks one. */
const UNLOCKED = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };

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
export const tagAttributes = (
  { locks }: Repository,
  { name, digest, createdTime, lastUpdateTime }: TagRecord,
): object => ({
  name,
  digest,
  createdTime,
  lastUpdateTime,
  signed: false,
  changeableAttributes: locks.shown(name),
});

/**
 * A manifest, with the members of the service's REST reference. `tags` is absent without tags (Microsoft Learn, "Delete
 * images": "The tags array is removed from meta-data when an image is untagged"). Assumed: imageSize is the bytes of config and
 * layers.
 */
export async function manifestAttributes(
  platformOf: PlatformOf,
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
    ...(await platformOf(config)),
    mediaType: stored.mediaType,
    ...(config && { configMediaType: config.mediaType }),
    ...(tags.length && { tags }),
    changeableAttributes: repository.locks.shown(stored.digest),
  };
}

/** Platforms of an index, as in the response for a single manifest. */
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
