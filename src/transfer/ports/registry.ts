/** Data plane of a registry. */
import type { Result } from '../errors/index.ts';
import type { Descriptor } from '../model/artifact.ts';

/** A manifest. Its digest was computed from the received bytes. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest. */
  readonly size: number;
  /** Config and layers. */
  readonly content: readonly Descriptor[];
  /** Digests of the manifests that an index lists. */
  readonly children: readonly string[];
  /** Digest of its subject (OCI image specification 1.1, `subject`); null if it has none. */
  readonly subject: string | null;
  /** Digests of foreign (non-distributable) layers, which other registries store and the service does not transfer. */
  readonly foreign: readonly string[];
}

/** Locks of a tag or a manifest. */
export interface Locks {
  readonly readable: boolean;
  readonly writable: boolean;
  /** Quarantined until a scanner approves it. */
  readonly quarantined: boolean;
}

/** A manifest in the listing of a repository, without its content. */
export interface ListedManifest {
  readonly digest: string;
  /** Null if the registry doesn't report it. */
  readonly mediaType: string | null;
  /** Bytes of config and layers; null if the registry doesn't report it. */
  readonly size: number | null;
  readonly tags: readonly string[];
  readonly locks: Locks;
}

/** A tag in the listing of a repository. */
export interface ListedTag {
  readonly name: string;
  readonly digest: string;
  /** Last push or move of the tag, milliseconds since the epoch. */
  readonly pushedAt: number;
  readonly locks: Locks;
}

/**
 * The repositories of a registry, or the reason why the principal isn't allowed to list them. With roles on repositories
 * (ABAC), listing them needs a separate permission.
 */
export type RepositoryList = Result<readonly string[], string>;

/** Data plane of a registry. Every method throws ACRT6004 if the registry can't be read. */
export interface Registry {
  readonly loginServer: string;
  /** The manifest by tag or digest; null if it doesn't exist. */
  readonly manifest: (repository: string, tagOrDigest: string) => Promise<Manifest | null>;
  /** Names of all repositories, or why the principal isn't allowed to list them. */
  readonly repositories: () => Promise<RepositoryList>;
  /** All manifests of a repository, tagged or untagged; null if the repository doesn't exist. */
  readonly manifests: (repository: string) => Promise<readonly ListedManifest[] | null>;
  /** All tags of a repository; null if the repository doesn't exist. */
  readonly tags: (repository: string) => Promise<readonly ListedTag[] | null>;
  /** One tag of a repository; null if it doesn't exist. */
  readonly tag: (repository: string, tag: string) => Promise<ListedTag | null>;
  /** Digests of the manifests with this `subject`. */
  readonly referrers: (repository: string, digest: string) => Promise<readonly string[]>;
}
