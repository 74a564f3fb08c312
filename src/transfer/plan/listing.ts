/** One repository of the source, as its listings tell of it. */
import { subjectOfTag } from '../selection/companion.ts';
import type { Tag } from '../selection/choose.ts';
import type { ListedManifest, ListedTag, Registry } from '../services.ts';

/** A repository's listings, in the order in which planning asks of them. */
export interface Listing {
  readonly repository: string;
  readonly manifests: ReadonlyMap<string, ListedManifest>;
  readonly tags: readonly Tag[];
}

/**
 * Reads the listings of a repository; null when it does not exist.
 * @param withTimes asks for the times of tags too, which is another request for each page
 * @throws ACRT6004
 */
export async function readListing(registry: Registry, repository: string, withTimes: boolean): Promise<Listing | null> {
  const [listed, timed] = await Promise.all([
    registry.manifests(repository),
    withTimes ? registry.tags(repository) : null,
  ]);
  return listed === null ? null : toListing(repository, listed, timed ?? []);
}

function toListing(repository: string, listed: readonly ListedManifest[], timed: readonly ListedTag[]): Listing {
  const times = new Map(timed.map(({ name, pushedAt }) => [name, pushedAt]));
  return {
    repository,
    manifests: new Map(listed.map((manifest) => [manifest.digest, manifest])),
    tags: listed.flatMap(({ digest, tags }) =>
      tags.map((name) => ({ name, digest, pushedAt: times.get(name) ?? null })),
    ),
  };
}

/** A tag that says by its name what it refers to. */
export interface CompanionTag extends Tag {
  /** Digest. */
  readonly subject: string;
}

/** Tags that refer to another manifest by their name, as cosign writes signatures. */
export const companionTags = ({ tags }: Listing): readonly CompanionTag[] =>
  tags.flatMap((tag) => {
    const subject = subjectOfTag(tag.name);
    return subject === null ? [] : [{ ...tag, subject }];
  });

/** Whether a manifest is there and no tag names it. */
export const isUntagged = ({ manifests }: Listing, digest: string): boolean => manifests.get(digest)?.tags.length === 0;

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Whether a manifest may list others: an index, or one of which the listing does not say what it is. */
export function mayHaveChildren({ manifests }: Listing, digest: string): boolean {
  const mediaType = manifests.get(digest)?.mediaType ?? null;
  return mediaType === null || INDEXES.includes(mediaType);
}
