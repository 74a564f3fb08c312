/**
 * Compares the tags of repositories before and after an import. Used if the service doesn't list what it imported, or lists
 * no tags.
 */
import { groupByRepository, type Batch } from '../model/artifact.ts';
import { formatReference } from '../model/reference.ts';
import type { Registry } from '../ports/registry.ts';

/** A tag that was added or moved. */
export interface ChangedTag {
  /** `repository:tag` */
  readonly reference: string;
  readonly digest: string;
  /** Digest before; null if the tag is new. */
  readonly before: string | null;
}

/** Digest by tag. Null: the repository couldn't be read. */
type Tags = ReadonlyMap<string, string> | null;

const repositoriesOf = (batch: Batch): readonly string[] => [...groupByRepository([batch]).keys()];

async function readTags(registry: Registry, repository: string): Promise<ReadonlyMap<string, string>> {
  const tags = (await registry.tags(repository)) ?? [];
  return new Map(tags.map(({ name, digest }) => [name, digest]));
}

/**
 * The tags of the target's repositories at the start of this transfer. Each repository is read once, before the first
 * import into it, so the comparison costs one listing for each repository while lists are complete.
 */
export class TagBaseline {
  readonly #registry: Registry;
  readonly #planned: ReadonlySet<string>;
  readonly #before = new Map<string, Promise<Tags>>();

  /**
   * Creates an empty baseline.
   * @param batches all batches of the transfer: the tags that any of them adds don't count as changes
   */
  constructor(registry: Registry, batches: readonly Batch[]) {
    this.#registry = registry;
    this.#planned = new Set(
      batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference))),
    );
  }

  /** Reads the tags of the repositories of a batch. Never throws: what can't be read can't be compared. */
  async record(batch: Batch): Promise<void> {
    const reads = repositoriesOf(batch).map((repository) => {
      const known = this.#before.get(repository);
      if (known !== undefined) return known;
      const read: Promise<Tags> = readTags(this.#registry, repository).catch(() => null);
      this.#before.set(repository, read);
      return read;
    });
    await Promise.all(reads);
  }

  /** Tags that changed since {@link record}, without planned tags. Null if a repository couldn't be read. */
  async changes(batch: Batch): Promise<readonly ChangedTag[] | null> {
    const changed = await Promise.all(repositoriesOf(batch).map((repository) => this.#changesIn(repository)));
    return changed.includes(null) ? null : changed.flatMap((tags) => tags ?? []);
  }

  async #changesIn(repository: string): Promise<readonly ChangedTag[] | null> {
    const before = await this.#before.get(repository);
    if (before == null) return null;
    const after = await readTags(this.#registry, repository).catch(() => null);
    if (after === null) return null;
    return [...after].flatMap(([tag, digest]) => {
      const reference = `${repository}:${tag}`;
      if (before.get(tag) === digest || this.#planned.has(reference)) return [];
      return [{ reference, digest, before: before.get(tag) ?? null }];
    });
  }
}
