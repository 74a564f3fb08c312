/** Listings of a repository and reads within it. */
import type { Descriptor } from '../model/artifact.ts';
import type { SelectionLine } from '../model/selection.ts';
import type { ListedManifest, ListedTag, Manifest, Registry } from '../ports/registry.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { subjectOfTag, type Tag } from '../selection/index.ts';
import type { Baseline, BaselineRepository } from './baseline/baseline.ts';

/** What surveying takes. */
export interface DiscoverInput {
  readonly registry: Registry;
  readonly lines: readonly SelectionLine[];
  /** Null when nobody compares. */
  readonly known: Baseline | null;
  readonly includeReferrers: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Gives each look at a manifest its turn. */
  readonly look: ConcurrencyLimit;
  /** Keeps one object for content that many artifacts share: most of what ten thousand artifacts name is the same. */
  readonly share: (content: readonly Descriptor[]) => readonly Descriptor[];
}

/** Makes what {@link DiscoverInput} shares content with. */
export function sharedContent(): DiscoverInput['share'] {
  const kept = new Map<string, Descriptor>();
  return (content) =>
    content.map((part) => {
      const known = kept.get(part.digest) ?? part;
      kept.set(part.digest, known);
      return known;
    });
}

/** One repository under survey. */
export interface RepositoryContext {
  readonly brief: DiscoverInput;
  readonly listing: Listing;
  readonly known: BaselineRepository | null;
  /** Reads a manifest by its digest, once, whoever asks for it and however often. */
  readonly manifest: (repository: string, digest: string) => Promise<Manifest | null>;
  readonly referrers: Registry['referrers'];
}

/** Opens the ground of one repository; what was read is forgotten with it. */
export function createRepositoryContext(
  brief: DiscoverInput,
  listing: Listing,
  known: BaselineRepository | null,
): RepositoryContext {
  const asked = new Map<string, Promise<Manifest | null>>();
  return {
    brief,
    listing,
    known,
    referrers: (repository, digest) => brief.look(() => brief.registry.referrers(repository, digest)),
    manifest: (repository, digest) => {
      const answer = asked.get(digest) ?? brief.look(() => brief.registry.manifest(repository, digest));
      asked.set(digest, answer);
      return answer;
    },
  };
}

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
export interface ReferrerTag extends Tag {
  /** Digest. */
  readonly subject: string;
}

/** Tags that refer to another manifest by their name, as cosign writes signatures. */
export const referrerTags = ({ tags }: Listing): readonly ReferrerTag[] =>
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
