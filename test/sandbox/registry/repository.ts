import type { StoredManifest } from '../contracts.ts';
import type { Clock } from './clock.ts';
import { outlineOf } from './manifest.ts';
import type { Outline } from './manifest.ts';
import { createLocks } from './locks.ts';
import type { Locks } from './locks.ts';
import { isDigest } from './name.ts';
import { createSorted } from './sorted.ts';
import type { Sorted, Times } from './sorted.ts';
import { createTags } from './tags.ts';
import type { TagRecord, Tags } from './tags.ts';

/** A manifest of a repository. */
export interface ManifestRecord extends Times {
  readonly stored: StoredManifest;
  readonly outline: Outline;
}

/** The content of one repository. It also has its own blobs: a blob of another repository is unknown here. */
export interface Repository {
  readonly name: string;
  readonly manifests: ReadonlyMap<string, ManifestRecord>;
  readonly tags: ReadonlyMap<string, TagRecord>;
  readonly manifestsSorted: Sorted<ManifestRecord>['by'];
  readonly tagsSorted: Tags['sorted'];
  readonly blobs: Set<string>;
  readonly locks: Locks;
  readonly times: () => Times;
  /** By tag or digest. */
  readonly find: (reference: string) => ManifestRecord | undefined;
  readonly tagsOf: (digest: string) => readonly string[];
  /** Manifests with this subject, oldest first. The subject itself can be missing. */
  readonly referrers: (subject: string) => readonly ManifestRecord[];
  readonly put: (manifest: StoredManifest, tag?: string) => void;
  readonly untag: (tag: string) => boolean;
  /** Removes a manifest and its tags. False if it didn't exist. */
  readonly remove: (digest: string) => boolean;
}

/** Creates an empty repository. */
export function createRepository(name: string, clock: Clock): Repository {
  const manifests = new Map<string, ManifestRecord>();
  const manifestsSorted = createSorted(
    () => manifests.values(),
    ({ stored }) => stored.digest,
  );
  const tags = createTags();
  const bySubject = new Map<string, Set<string>>();
  const locks = createLocks();
  const createdTime = clock();
  let lastUpdateTime = createdTime;

  const put = (stored: StoredManifest, tag?: string): void => {
    const outline = outlineOf(stored);
    // A locked tag isn't moved.
    if (tag !== undefined && tags.byName.get(tag)?.digest !== stored.digest) locks.checkWrite(tag);
    lastUpdateTime = clock();
    const times = (known?: Times): Times => ({ createdTime: known?.createdTime ?? lastUpdateTime, lastUpdateTime });
    manifests.set(stored.digest, { stored, outline, ...times(manifests.get(stored.digest)) });
    manifestsSorted.changed();
    if (tag !== undefined) tags.set({ name: tag, digest: stored.digest, ...times(tags.byName.get(tag)) });
    if (outline.subject === undefined) return;
    bySubject.set(outline.subject, (bySubject.get(outline.subject) ?? new Set()).add(stored.digest));
  };

  const remove = (digest: string): boolean => {
    const subject = manifests.get(digest)?.outline.subject;
    if (subject !== undefined) bySubject.get(subject)?.delete(digest);
    for (const tag of tags.of(digest)) tags.remove(tag);
    manifestsSorted.changed();
    return manifests.delete(digest);
  };

  const referrers = (subject: string): readonly ManifestRecord[] =>
    [...(bySubject.get(subject) ?? [])].flatMap((digest) => manifests.get(digest) ?? []);

  return {
    name,
    manifests,
    tags: tags.byName,
    manifestsSorted: manifestsSorted.by,
    tagsSorted: tags.sorted,
    blobs: new Set(),
    locks,
    times: () => ({ createdTime, lastUpdateTime }),
    find: (reference) => manifests.get(isDigest(reference) ? reference : (tags.byName.get(reference)?.digest ?? '')),
    tagsOf: tags.of,
    referrers,
    put,
    untag: tags.remove,
    remove,
  };
}
