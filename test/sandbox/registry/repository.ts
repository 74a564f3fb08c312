import type { StoredManifest } from '../contracts.ts';
import type { Clock } from './clock.ts';
import { outlineOf } from './manifest.ts';
import type { Outline } from './manifest.ts';
import { isDigest } from './name.ts';

/** When something was first and last pushed. */
export interface Times {
  readonly createdTime: string;
  readonly lastUpdateTime: string;
}

/** A manifest of a repository. */
export interface ManifestRecord extends Times {
  readonly stored: StoredManifest;
  readonly outline: Outline;
}

/** A tag of a repository. */
export interface TagRecord extends Times {
  readonly name: string;
  readonly digest: string;
}

/** What one repository holds. Blobs belong to a repository too: one that only another repository has is unknown here. */
export interface Repository {
  readonly name: string;
  readonly manifests: ReadonlyMap<string, ManifestRecord>;
  readonly tags: ReadonlyMap<string, TagRecord>;
  readonly blobs: Set<string>;
  readonly times: () => Times;
  /** By tag or digest. */
  readonly find: (reference: string) => ManifestRecord | undefined;
  readonly tagsOf: (digest: string) => readonly string[];
  /** Manifests whose subject is this digest; the subject itself need not exist. Oldest first. */
  readonly referrers: (subject: string) => readonly ManifestRecord[];
  readonly put: (manifest: StoredManifest, tag?: string) => void;
  readonly untag: (tag: string) => boolean;
  /** Removes a manifest and every tag on it; false when there was none. */
  readonly remove: (digest: string) => boolean;
}

/** Creates an empty repository. */
export function createRepository(name: string, clock: Clock): Repository {
  const manifests = new Map<string, ManifestRecord>();
  const tags = new Map<string, TagRecord>();
  const blobs = new Set<string>();
  const bySubject = new Map<string, Set<string>>();
  const createdTime = clock();
  let lastUpdateTime = createdTime;

  // Listing manifests asks for the tags of each, so they are not looked for among all the tags.
  const namesOf = new Map<string, Set<string>>();

  const untag = (name: string): boolean => {
    namesOf.get(tags.get(name)?.digest ?? '')?.delete(name);
    return tags.delete(name);
  };

  const setTag = (name: string, digest: string, times: Times): void => {
    untag(name);
    tags.set(name, { name, digest, ...times });
    namesOf.set(digest, (namesOf.get(digest) ?? new Set()).add(name));
  };

  const tagsOf = (digest: string): readonly string[] => [...(namesOf.get(digest) ?? [])];

  const put = (stored: StoredManifest, tag?: string): void => {
    const outline = outlineOf(stored);
    lastUpdateTime = clock();
    const times = (known?: Times): Times => ({ createdTime: known?.createdTime ?? lastUpdateTime, lastUpdateTime });
    manifests.set(stored.digest, { stored, outline, ...times(manifests.get(stored.digest)) });
    if (tag !== undefined) setTag(tag, stored.digest, times(tags.get(tag)));
    if (outline.subject === undefined) return;
    bySubject.set(outline.subject, (bySubject.get(outline.subject) ?? new Set()).add(stored.digest));
  };

  const remove = (digest: string): boolean => {
    const subject = manifests.get(digest)?.outline.subject;
    if (subject !== undefined) bySubject.get(subject)?.delete(digest);
    for (const tag of tagsOf(digest)) untag(tag);
    return manifests.delete(digest);
  };

  const referrers = (subject: string): readonly ManifestRecord[] =>
    [...(bySubject.get(subject) ?? [])].flatMap((digest) => manifests.get(digest) ?? []);

  return {
    name,
    manifests,
    tags,
    blobs,
    times: () => ({ createdTime, lastUpdateTime }),
    find: (reference) => manifests.get(isDigest(reference) ? reference : (tags.get(reference)?.digest ?? '')),
    tagsOf,
    referrers,
    put,
    untag,
    remove,
  };
}
