import { createSorted } from './sorted.ts';
import type { Sorted, Times } from './sorted.ts';

/** A tag of a repository. */
export interface TagRecord extends Times {
  readonly name: string;
  readonly digest: string;
}

/** The tags of one repository. */
export interface Tags {
  readonly byName: ReadonlyMap<string, TagRecord>;
  readonly sorted: Sorted<TagRecord>['by'];
  readonly of: (digest: string) => readonly string[];
  /** Creates a tag, or moves it. */
  readonly set: (tag: TagRecord) => void;
  readonly remove: (name: string) => boolean;
}

/** Starts without tags. */
export function createTags(): Tags {
  const byName = new Map<string, TagRecord>();
  const sorted = createSorted(
    () => byName.values(),
    ({ name }) => name,
  );
  // Lists of manifests contain the tags of each, so they are indexed by digest.
  const namesOf = new Map<string, Set<string>>();

  const remove = (name: string): boolean => {
    namesOf.get(byName.get(name)?.digest ?? '')?.delete(name);
    sorted.changed();
    return byName.delete(name);
  };

  return {
    byName,
    sorted: sorted.by,
    of: (digest) => [...(namesOf.get(digest) ?? [])],
    set: (tag) => {
      remove(tag.name);
      byName.set(tag.name, tag);
      namesOf.set(tag.digest, (namesOf.get(tag.digest) ?? new Set()).add(tag.name));
    },
    remove,
  };
}
