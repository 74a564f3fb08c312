/** Registry data plane. */
import type { Descriptor } from '../model/artifact.ts';

/** One manifest as a registry serves it; its digest was computed from the bytes that arrived. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  /** Config and layers. */
  readonly content: readonly Descriptor[];
  /** Digests of the manifests that an index lists. */
  readonly children: readonly string[];
  /** Digest of the manifest that this one refers to (OCI image specification 1.1, `subject`); null when it refers to none. */
  readonly subject: string | null;
  /** Digests of layers that registries elsewhere hold (foreign, non-distributable), which the service does not carry. */
  readonly foreign: readonly string[];
}

/** One manifest as a repository's listing tells of it, without its content. */
export interface ListedManifest {
  readonly digest: string;
  /** Null when the registry does not say. */
  readonly mediaType: string | null;
  /** Bytes of config and layers, as the registry tells; null when it does not say. */
  readonly size: number | null;
  readonly tags: readonly string[];
  readonly locks: Locks;
}

/** One tag as a repository's listing tells of it. */
export interface ListedTag {
  readonly name: string;
  readonly digest: string;
  /** When it was last pushed or moved, milliseconds since the epoch. */
  readonly pushedAt: number;
  readonly locks: Locks;
}

/** The repositories of a registry. Listing them is a right of its own where roles are given by repository (ABAC). */
export type RepositoryList =
  | { readonly kind: 'listed'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** What may be done with a tag or a manifest. */
export interface Locks {
  readonly readable: boolean;
  readonly writable: boolean;
  /** Held back until a scanner has passed it. */
  readonly quarantined: boolean;
}

/** A registry's data plane. Every method throws ACRT6004 when the registry cannot be read. */
export interface Registry {
  readonly loginServer: string;
  /** The manifest by tag or digest; null when it is not there. */
  readonly manifest: (repository: string, tagOrDigest: string) => Promise<Manifest | null>;
  /** Names of all repositories, or why the principal may not list them. */
  readonly repositories: () => Promise<RepositoryList>;
  /** Every manifest of a repository, tagged or not; null when there is no such repository. */
  readonly manifests: (repository: string) => Promise<readonly ListedManifest[] | null>;
  /** Every tag of a repository, with its time; null when there is no such repository. */
  readonly tags: (repository: string) => Promise<readonly ListedTag[] | null>;
  /** Digests of the manifests whose `subject` is this digest. */
  readonly referrers: (repository: string, digest: string) => Promise<readonly string[]>;
}
