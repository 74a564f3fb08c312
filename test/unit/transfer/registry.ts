import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Manifest, Registry } from '../../../src/transfer/services.ts';

/** A SHA-256 digest that belongs to a text. */
export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A registry in memory. */
export interface MemoryRegistry extends Registry {
  readonly push: (repository: string, manifest: Manifest, tag?: string) => void;
  readonly remove: (repository: string, tagOrDigest: string) => void;
  /** What was asked for: `repository tag` or `repository digest`, in order. */
  readonly asked: readonly string[];
  /** The largest number of requests that were under way together. */
  readonly mostAtATime: () => number;
}

/** Makes an empty registry. */
export function memoryRegistry(loginServer: string): MemoryRegistry {
  const manifests = new Map<string, Manifest>();
  const asked: string[] = [];
  let underway = 0;
  let most = 0;
  return {
    loginServer,
    asked,
    mostAtATime: () => most,
    push: (repository, manifest, tag) => {
      manifests.set(`${repository} ${manifest.digest}`, manifest);
      if (tag !== undefined) manifests.set(`${repository} ${tag}`, manifest);
    },
    remove: (repository, tagOrDigest) => {
      manifests.delete(`${repository} ${tagOrDigest}`);
    },
    manifest: async (repository, tagOrDigest) => {
      asked.push(`${repository} ${tagOrDigest}`);
      underway += 1;
      most = Math.max(most, underway);
      await turn();
      underway -= 1;
      return manifests.get(`${repository} ${tagOrDigest}`) ?? null;
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
  };
}

/** An index (50 bytes) of manifests. */
export const index = (seed: string, children: readonly Manifest[]): Manifest => ({
  digest: digestOf(seed),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  size: 50,
  content: [],
  children: children.map((child) => child.digest),
});
