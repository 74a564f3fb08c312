/** The list of imported artifacts of a run: its entries, and the artifacts that it is allowed to contain. */
import type { Batch } from '../model/artifact.ts';
import { DEFAULT_TAG, formatReference, isDigest, isRepositoryName } from '../model/reference.ts';

/** An artifact as an entry of the list names it. */
export interface ListedArtifact {
  /** Null for a digest without repository. */
  readonly repository: string | null;
  readonly tag: string | null;
  readonly digest: string | null;
}

/**
 * The artifacts that an import of a batch is allowed to bring: its tags and digests, the manifests below its indexes, and
 * its planned referrers, which are artifacts of the batch too.
 */
export interface Closure {
  /** `repository:tag` */
  readonly tags: ReadonlySet<string>;
  /** `repository@digest` */
  readonly digests: ReadonlySet<string>;
  /** Digests in any repository of the batch. */
  readonly anyDigest: ReadonlySet<string>;
  readonly repositories: readonly string[];
}

/** The closure of a batch. */
export function closureOf({ artifacts }: Batch): Closure {
  const digestsOf = artifacts.flatMap(({ reference: { repository }, digest, children }) =>
    [digest, ...children].map((item) => ({ repository, digest: item })),
  );
  return {
    tags: new Set(artifacts.flatMap(({ reference }) => (reference.kind === 'tag' ? [formatReference(reference)] : []))),
    digests: new Set(digestsOf.map(({ repository, digest }) => `${repository}@${digest}`)),
    anyDigest: new Set(digestsOf.map(({ digest }) => digest)),
    repositories: [...new Set(artifacts.map(({ reference }) => reference.repository))],
  };
}

/** An entry, after a login server was removed. */
const ENTRY = /^([^\s:@]+)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/;

/**
 * Parses an entry without login server. Null if it names no artifact. The repository can contain dots, because a registry
 * can have repositories that are named like other registries (`docker.io/library/nginx`).
 */
export function parseEntry(entry: string): ListedArtifact | null {
  if (isDigest(entry)) return { repository: null, tag: null, digest: entry };
  const [, repository, tag, digest = null] = ENTRY.exec(entry) ?? [];
  if (repository === undefined || !isRepositoryName(repository)) return null;
  // The service assumes the tag `latest` for an artifact without tag and digest (service spec, `artifacts` of a run).
  return { repository, tag: tag ?? (digest === null ? DEFAULT_TAG : null), digest };
}

/** Removes a login server from the start of an entry. Null if the entry doesn't start with one of them. */
export function withoutLoginServer(entry: string, loginServers: readonly string[]): string | null {
  const prefix = loginServers
    .map((loginServer) => `${loginServer}/`)
    .find((start) => entry.toLowerCase().startsWith(start.toLowerCase()));
  return prefix === undefined ? null : entry.slice(prefix.length);
}

/** Whether a listed artifact is in the closure. */
export function isPlanned({ repository, tag, digest }: ListedArtifact, closure: Closure): boolean {
  if (repository === null) return digest !== null && closure.anyDigest.has(digest);
  if (tag !== null && !closure.tags.has(`${repository}:${tag}`)) return false;
  return digest === null || closure.digests.has(`${repository}@${digest}`);
}

/** The name of a listed artifact: with its tag if it has one. */
export const nameOfListed = ({ repository, tag, digest }: ListedArtifact): string =>
  repository === null ? (digest ?? '') : tag === null ? `${repository}@${digest ?? ''}` : `${repository}:${tag}`;

/** Whether the list names every planned tag. Otherwise it can't show an additional tag of a planned digest. */
export const namesAllTags = (listed: readonly ListedArtifact[], { tags }: Closure): boolean =>
  tags.isSubsetOf(new Set(listed.map(nameOfListed)));
