/** Compares the list of imported artifacts of a run with the closure of its batch. */
import { transferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ArrivalCheck } from '../model/result.ts';
import { inspectArtifact } from '../plan/index.ts';
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

/** Looks up a listed artifact. Null if it doesn't exist. Throws if the registry can't be read. */
async function lookUp(
  { registry }: ArrivalSide,
  repository: string,
  { tag, digest }: ListedArtifact,
  fresh: boolean,
  context: ArrivalContext,
): Promise<string | null> {
  const read = (): Promise<Manifest | null> => registry.manifest(repository, tag ?? digest ?? '');
  const found = fresh ? await untilReplicated(read, (manifest) => manifest !== null, context) : await read();
  return found?.digest ?? null;
}

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
  #content: Promise<ReadonlySet<string>> | null = null;

  constructor(side: ArrivalSide, batch: Batch, fresh: boolean, context: ArrivalContext) {
    this.#side = side;
    this.#batch = batch;
    this.#closure = closureOf(batch);
    this.#fresh = fresh;
    this.#context = context;
  }

  /** Whether the target has a repository of this name. A repository can be named like a login server. */
  async #hasRepository(name: string): Promise<boolean> {
    return this.#side.verify && (await this.#side.registry.tags(name)) !== null;
  }

  /** Reads an entry. With a login server in front, the rest counts, unless a repository has the whole name. */
  async read(entry: string): Promise<ListedArtifact | null> {
    const literal = parseEntry(entry);
    const rest = withoutLoginServer(entry, this.#side.loginServers);
    const stripped = rest === null ? null : parseEntry(rest);
    if (stripped === null || literal?.repository == null) return stripped ?? literal;
    return (await this.#hasRepository(literal.repository)) ? literal : stripped;
  }

  async #isContent(digest: string): Promise<boolean> {
    this.#content ??= contentDigests(this.#side, this.#batch);
    return (await this.#content).has(digest);
  }

  /** Finds a digest without repository in the repositories of the batch. */
  async #findDigest(digest: string): Promise<ListedArtifact | null> {
    for (const repository of this.#closure.repositories) {
      if ((await this.#side.registry.manifest(repository, digest)) !== null) return { repository, tag: null, digest };
    }
    return null;
  }

  async #resolve(artifact: ListedArtifact): Promise<Resolution> {
    const { repository, tag, digest } = artifact;
    if (digest !== null && tag === null && (await this.#isContent(digest))) return { kind: 'planned' };
    if (repository === null) {
      // It isn't part of anything planned, wherever it is.
      const found = digest === null ? null : await this.#findDigest(digest);
      return { kind: 'extra', found: { artifact: found ?? artifact, digest } };
    }
    const found = await lookUp(this.#side, repository, artifact, this.#fresh, this.#context);
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
  { entries, fresh }: ImportedList,
  context: ArrivalContext,
): Promise<ListComparison> {
  if (entries === null || entries.length === 0) return { ...NOTHING_FOUND, listed: null };
  const comparison = new Comparison(side, batch, fresh, context);
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
