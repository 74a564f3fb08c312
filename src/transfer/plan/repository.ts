/** One repository of the source: its listing, and reads of its manifests. */
import type { Descriptor } from '../model/artifact.ts';
import type { SelectionLine } from '../model/selection.ts';
import type { ListedManifest, ListedTag, Manifest, Registry } from '../ports/registry.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';
import { subjectOfTag, type Tag } from '../selection/index.ts';
import type { Baseline, BaselineRepository } from './baseline/baseline.ts';

/** The input of discovery, the same for every repository. */
export interface DiscoverInput {
  readonly registry: Registry;
  readonly lines: readonly SelectionLine[];
  /** Null if the selection is not compared with anything (incremental: off). */
  readonly baseline: Baseline | null;
  readonly includeReferrers: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Limits the manifest reads of all repositories together. */
  readonly limitReads: ConcurrencyLimit;
  /** Counts the listings of referrers that this plan sends, because the service limits them. */
  readonly listings: { sent: number };
  /** Returns one object for each digest. Most content of a large registry is shared by many artifacts. */
  readonly deduplicate: (content: readonly Descriptor[]) => readonly Descriptor[];
}

/** Creates {@link DiscoverInput.deduplicate}. */
export function createDeduplicate(): DiscoverInput['deduplicate'] {
  const known = new Map<string, Descriptor>();
  return (content) =>
    content.map((part) => {
      const first = known.get(part.digest) ?? part;
      known.set(part.digest, first);
      return first;
    });
}

/** A repository's listing. */
export interface Listing {
  readonly repository: string;
  readonly manifests: ReadonlyMap<string, ListedManifest>;
  readonly tags: readonly Tag[];
}

/** One repository during discovery. */
export interface RepositoryContext {
  readonly input: DiscoverInput;
  readonly listing: Listing;
  readonly baseline: BaselineRepository | null;
  /** Reads a manifest by its digest. Each manifest is read once. */
  readonly manifest: (repository: string, digest: string) => Promise<Manifest | null>;
  readonly referrers: Registry['referrers'];
}

/** Creates the context of one repository. It caches the manifests that it reads. */
export function createRepositoryContext(
  input: DiscoverInput,
  listing: Listing,
  baseline: BaselineRepository | null,
): RepositoryContext {
  const reads = new Map<string, Promise<Manifest | null>>();
  return {
    input,
    listing,
    baseline,
    referrers: (repository, digest) => input.limitReads(() => input.registry.referrers(repository, digest)),
    manifest: (repository, digest) => {
      const read = reads.get(digest) ?? input.limitReads(() => input.registry.manifest(repository, digest));
      reads.set(digest, read);
      return read;
    },
  };
}

/**
 * Reads the listing of a repository; null if it doesn't exist.
 * @param withTimes also reads the times of tags, which takes another request for each page
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

/** A tag whose name contains the digest of its subject, as cosign writes signatures. */
export interface ReferrerTag extends Tag {
  /** Digest. */
  readonly subject: string;
}

/** The referrer tags of a listing. */
export const referrerTags = ({ tags }: Listing): readonly ReferrerTag[] =>
  tags.flatMap((tag) => {
    const subject = subjectOfTag(tag.name);
    return subject === null ? [] : [{ ...tag, subject }];
  });

/** Whether a manifest exists and has no tag. */
export const isUntagged = ({ manifests }: Listing, digest: string): boolean => manifests.get(digest)?.tags.length === 0;

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Whether a manifest might list other manifests: an index, or a manifest whose media type the listing doesn't have. */
export function mayHaveChildren({ manifests }: Listing, digest: string): boolean {
  const mediaType = manifests.get(digest)?.mediaType ?? null;
  return mediaType === null || INDEXES.includes(mediaType);
}
