import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { ListedManifest, ListedTag, Locks, Manifest, Registry } from '../../../../src/transfer/ports/registry.ts';

/** A SHA-256 digest that belongs to a text. */
export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The kinds of requests that a registry answers. */
export type RequestKind = Exclude<keyof Registry, 'loginServer'>;

/** One request, as the registry has heard it. */
export interface Asked {
  readonly kind: RequestKind;
  readonly repository: string;
  /** Tag or digest; empty for listings. */
  readonly name: string;
}

/** A registry in memory. */
export interface MemoryRegistry extends Registry {
  /** Pushes a manifest, and moves an existing tag. */
  readonly push: (repository: string, manifest: Manifest, tag?: string, pushedAt?: number) => void;
  /** Deletes a tag, or a manifest with all its tags. */
  readonly remove: (repository: string, tagOrDigest: string) => void;
  /** Locks of a tag or a manifest. Without them, everything is allowed. */
  readonly lock: (repository: string, tagOrDigest: string, locks: Partial<Locks>) => void;
  /** Looks without asking. */
  readonly peek: (repository: string, tagOrDigest: string) => Manifest | null;
  /** The requests, in order. */
  readonly asked: Asked[];
  /** The largest number of requests for manifests that were under way together. */
  readonly mostAtATime: () => number;
}

interface Repository {
  readonly manifests: Map<string, Manifest>;
  readonly tags: Map<string, { readonly digest: string; readonly pushedAt: number }>;
  readonly locks: Map<string, Locks>;
}

const UNLOCKED: Locks = { readable: true, writable: true, quarantined: false };

/** Number of requests of each kind. */
export const requestsOf = ({ asked }: MemoryRegistry): Partial<Record<RequestKind, number>> =>
  Object.fromEntries([...Map.groupBy(asked, ({ kind }) => kind)].map(([kind, items]) => [kind, items.length]));

/** Tags and digests of the requested manifests. */
export const readOf = ({ asked }: MemoryRegistry): readonly string[] =>
  asked.flatMap(({ kind, name }) => (kind === 'manifest' ? [name] : []));

const listed = ({ tags, locks }: Repository, { digest, mediaType, content }: Manifest): ListedManifest => ({
  digest,
  mediaType,
  size: content.reduce((sum, { size }) => sum + size, 0),
  tags: [...tags].flatMap(([name, tag]) => (tag.digest === digest ? [name] : [])),
  locks: locks.get(digest) ?? UNLOCKED,
});

const listedManifests = (repository: Repository): readonly ListedManifest[] =>
  [...repository.manifests.values()].map((manifest) => listed(repository, manifest));

const listedTags = ({ tags, locks }: Repository): readonly ListedTag[] =>
  [...tags].map(([tag, facts]) => ({ name: tag, ...facts, locks: locks.get(tag) ?? UNLOCKED }));

const findTag = (repository: Repository | undefined, tag: string): ListedTag | null =>
  (repository === undefined ? [] : listedTags(repository)).find(({ name }) => name === tag) ?? null;

const emptyRepository = (): Repository => ({ manifests: new Map(), tags: new Map(), locks: new Map() });

/** Creates an empty registry. */
export function memoryRegistry(loginServer: string): MemoryRegistry {
  const repositories = new Map<string, Repository>();
  const asked: Asked[] = [];
  let underway = 0;
  let most = 0;
  const peek: MemoryRegistry['peek'] = (name, tagOrDigest) => {
    const repository = repositories.get(name);
    return repository?.manifests.get(repository.tags.get(tagOrDigest)?.digest ?? tagOrDigest) ?? null;
  };
  const hear = (kind: RequestKind, repository: string, name = ''): Promise<void> => {
    asked.push({ kind, repository, name });
    return turn();
  };
  return {
    loginServer,
    asked,
    peek,
    mostAtATime: () => most,
    push: (name, manifest, tag, pushedAt = 0) => {
      const repository = repositories.get(name) ?? emptyRepository();
      repositories.set(name, repository);
      repository.manifests.set(manifest.digest, manifest);
      if (tag !== undefined) repository.tags.set(tag, { digest: manifest.digest, pushedAt });
    },
    remove: (name, tagOrDigest) => {
      const repository = repositories.get(name);
      repository?.tags.delete(tagOrDigest);
      if (repository?.manifests.delete(tagOrDigest) !== true) return;
      for (const [tag, { digest }] of repository.tags) if (digest === tagOrDigest) repository.tags.delete(tag);
    },
    lock: (name, tagOrDigest, locks) => void repositories.get(name)?.locks.set(tagOrDigest, { ...UNLOCKED, ...locks }),
    manifest: async (repository, tagOrDigest) => {
      underway += 1;
      most = Math.max(most, underway);
      await hear('manifest', repository, tagOrDigest);
      underway -= 1;
      return peek(repository, tagOrDigest);
    },
    repositories: async () => {
      await hear('repositories', '');
      return { ok: true, value: [...repositories.keys()].sort() };
    },
    manifests: async (name) => {
      await hear('manifests', name);
      const repository = repositories.get(name);
      return repository === undefined ? null : listedManifests(repository);
    },
    tags: async (name) => {
      await hear('tags', name);
      const repository = repositories.get(name);
      return repository === undefined ? null : listedTags(repository);
    },
    tag: (name, tag) => hear('tag', name, tag).then(() => findTag(repositories.get(name), tag)),
    referrers: async (name, digest) => {
      await hear('referrers', name, digest);
      const manifests = [...(repositories.get(name)?.manifests.values() ?? [])];
      return manifests.flatMap((manifest) => (manifest.subject === digest ? [manifest.digest] : []));
    },
  };
}

/** An image of a manifest (100 bytes), a config (10) and layers (1000 each). */
export function image(seed: string, layers: readonly string[] = [`${seed} layer`]): Manifest {
  return {
    digest: digestOf(seed),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 100,
    content: [
      { digest: digestOf(`${seed} config`), size: 10 },
      ...layers.map((layer) => ({ digest: digestOf(layer), size: 1000 })),
    ],
    children: [],
    subject: null,
    foreign: [],
  };
}

/** A signature, an SBOM or anything else that refers to a manifest. */
export const referrer = (seed: string, { digest }: Pick<Manifest, 'digest'>): Manifest => ({
  ...image(seed),
  subject: digest,
});

/** The tag under which cosign keeps the signature of a manifest, unless another ending is given. */
export const referrerTag = ({ digest }: Pick<Manifest, 'digest'>, ending = '.sig'): string =>
  `${digest.replace(':', '-')}${ending}`;

/** An index (50 bytes) of manifests. */
export const index = (seed: string, children: readonly Manifest[]): Manifest => ({
  digest: digestOf(seed),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  size: 50,
  content: [],
  children: children.map((child) => child.digest),
  subject: null,
  foreign: [],
});
