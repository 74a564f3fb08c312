/** Compares the list of imported artifacts of a run with the closure of its batch. */
import pLimit from 'p-limit';
import { transferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ArrivalCheck } from '../model/result.ts';
import { isDigest } from '../model/reference.ts';
import { inspectArtifact, MAX_CONCURRENT_READS } from '../plan/index.ts';
import type { Manifest } from '../ports/registry.ts';
import {
  extraError,
  linesOf,
  toExtra,
  type ArrivalContext,
  type ArrivalSide,
  type Found,
  type ImportedList,
} from './extra-artifacts.ts';
import {
  closureOf,
  isPlanned,
  nameOfListed,
  parseEntry,
  withoutLoginServer,
  type Closure,
  type ListedArtifact,
} from './imported-list.ts';
import { untilReplicated } from './verify.ts';

/** A comparison without findings. */
export const NOTHING_FOUND: ArrivalCheck = { extra: [], failures: [], warnings: [] };

/** What became of an entry outside of the closure. `deleted`: it was there earlier. */
type Resolution =
  { readonly kind: 'planned' | 'unresolved' | 'deleted' } | { readonly kind: 'extra'; readonly found: Found };

/**
 * Digests of the configs and layers of a batch, as the target has them. A service that lists every blob would list these
 * too, and they are no artifacts.
 */
async function contentDigests({ registry }: ArrivalSide, batch: Batch): Promise<ReadonlySet<string>> {
  const found = await Promise.all(batch.artifacts.map(({ reference }) => inspectArtifact(registry, reference)));
  return new Set(found.flatMap((item) => item?.content.map(({ digest }) => digest) ?? []));
}

class Comparison {
  readonly #side: ArrivalSide;
  readonly #batch: Batch;
  readonly #closure: Closure;
  readonly #fresh: boolean;
  readonly #context: ArrivalContext;
  /** Whether some entries have a login server in front, and others have none. */
  readonly #isMixed: boolean;
  /** A list can name any number of artifacts. */
  readonly #limit = pLimit(MAX_CONCURRENT_READS);
  readonly #repositories = new Map<string, Promise<boolean>>();
  #content: Promise<ReadonlySet<string>> | null = null;

  constructor(side: ArrivalSide, batch: Batch, { entries, fresh }: ImportedList, context: ArrivalContext) {
    this.#side = side;
    this.#batch = batch;
    this.#closure = closureOf(batch);
    this.#fresh = fresh;
    this.#context = context;
    const named = (entries ?? []).filter((entry) => !isDigest(entry));
    const prefixed = named.filter((entry) => withoutLoginServer(entry, side.loginServers) !== null);
    this.#isMixed = prefixed.length < named.length;
  }

  /**
   * Whether the target has a repository of this name. In a mixed list, a login server in front is probably part of a name,
   * so the repository gets the time to reach all replicas.
   */
  #hasRepository(name: string): Promise<boolean> {
    const known = this.#repositories.get(name);
    if (known !== undefined) return known;
    const read = (): Promise<boolean> => this.#limit(async () => (await this.#side.registry.tags(name)) !== null);
    const found = this.#isMixed ? untilReplicated(read, (exists) => exists, this.#context) : read();
    this.#repositories.set(name, found);
    return found;
  }

  /** Reads an entry. With a login server in front, the rest counts, unless a repository has the whole name. */
  async read(entry: string): Promise<ListedArtifact | null> {
    const literal = parseEntry(entry);
    const rest = withoutLoginServer(entry, this.#side.loginServers);
    const stripped = rest === null ? null : parseEntry(rest);
    if (stripped === null || literal?.repository == null) return stripped ?? literal;
    if (isPlanned(literal, this.#closure)) return literal;
    const isName = this.#side.verify ? await this.#hasRepository(literal.repository) : this.#isMixed;
    return isName ? literal : stripped;
  }

  /** Looks up a listed artifact. Null if it doesn't exist. Throws if the registry can't be read. */
  async #lookUp(repository: string, { tag, digest }: ListedArtifact): Promise<string | null> {
    const read = (): Promise<Manifest | null> =>
      this.#limit(() => this.#side.registry.manifest(repository, tag ?? digest ?? ''));
    // An earlier attempt's run can have ended a moment ago, so replicas can be behind after it too.
    const found = await untilReplicated(read, (manifest) => manifest !== null, this.#context);
    return found?.digest ?? null;
  }

  /** Whether a digest is a config or a layer of the batch. */
  async #isContent(digest: string): Promise<boolean> {
    this.#content ??= contentDigests(this.#side, this.#batch);
    return (await this.#content).has(digest);
  }

  /** Finds a manifest in one of the repositories. */
  async #findDigest(digest: string, repositories: readonly string[]): Promise<ListedArtifact | null> {
    for (const repository of repositories) {
      const found = await this.#limit(() => this.#side.registry.manifest(repository, digest));
      if (found !== null) return { repository, tag: null, digest };
    }
    return null;
  }

  async #resolve(artifact: ListedArtifact): Promise<Resolution> {
    const { repository, tag, digest } = artifact;
    if (digest !== null && tag === null) {
      const found = await this.#findDigest(digest, repository === null ? this.#closure.repositories : [repository]);
      // A layer can have the bytes of a manifest, so a digest counts as content only if no manifest has it.
      if (found === null && (await this.#isContent(digest))) return { kind: 'planned' };
      // A digest without repository isn't part of anything planned, wherever it is.
      if (found !== null || repository === null)
        return { kind: 'extra', found: { artifact: found ?? artifact, digest } };
    }
    const found = repository === null ? null : await this.#lookUp(repository, artifact);
    if (found === null) return { kind: this.#fresh ? 'unresolved' : 'deleted' };
    return { kind: 'extra', found: { artifact, digest: found } };
  }

  /** Decides about an entry. If the registry can't be read, the entry's own words count: it isn't planned. */
  async decide(artifact: ListedArtifact | null): Promise<Resolution> {
    if (artifact === null) return { kind: 'unresolved' };
    if (isPlanned(artifact, this.#closure)) return { kind: 'planned' };
    const unread: Resolution = { kind: 'extra', found: { artifact, digest: artifact.digest } };
    if (!this.#side.verify) return unread;
    try {
      return await this.#resolve(artifact);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      this.#context.onNote(`${nameOfListed(artifact)} could not be read: ${(error as Error).message}`);
      return unread;
    }
  }
}

/** A comparison, with the artifacts that the list names. */
interface ListComparison extends ArrivalCheck {
  /** Null if there was no list. */
  readonly listed: readonly ListedArtifact[] | null;
}

/**
 * Compares the list of a run with the closure of its batch. Reads the target registry only for entries outside of the
 * closure, and for entries with a login server.
 */
export async function compareList(
  side: ArrivalSide,
  batch: Batch,
  list: ImportedList,
  context: ArrivalContext,
): Promise<ListComparison> {
  const { entries } = list;
  if (entries === null || entries.length === 0) return { ...NOTHING_FOUND, listed: null };
  const comparison = new Comparison(side, batch, list, context);
  const distinct = [...new Set(entries)];
  const listed = await Promise.all(distinct.map((entry) => comparison.read(entry)));
  const decided = await Promise.all(
    distinct.map(async (entry, index) => ({ entry, ...(await comparison.decide(listed[index] ?? null)) })),
  );
  const extra = await toExtra(
    side,
    decided.flatMap((item) => (item.kind === 'extra' ? [item.found] : [])),
    closureOf(batch),
  );
  const unresolved = decided.flatMap(({ kind, entry }) => (kind === 'unresolved' ? [entry] : []));
  for (const { kind, entry } of decided) {
    if (kind === 'deleted')
      context.onNote(`${entry} was imported by an earlier run, and isn't in the registry any more.`);
  }
  const registry = side.registry.loginServer;
  return {
    extra,
    failures: extra.length === 0 ? [] : [extraError(side, batch, extra)],
    warnings:
      unresolved.length === 0
        ? []
        : [transferError('ACRT6008', { blob: batch.blob, registry, entries: linesOf(unresolved) })],
    listed: listed.filter((item) => item !== null),
  };
}
