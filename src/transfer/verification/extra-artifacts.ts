/** Artifacts that an import brought although they aren't planned: the error, and the commands that remove them. */
import pLimit from 'p-limit';
import { transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ExtraArtifact } from '../model/result.ts';
import { MAX_CONCURRENT_READS } from '../plan/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Registry } from '../ports/registry.ts';
import { nameOfListed, type Closure, type ListedArtifact } from './imported-list.ts';
import type { TagBaseline } from './tag-baseline.ts';

/** The registry that a batch was imported into. */
export interface ArrivalSide {
  readonly pipeline: PipelineId;
  readonly registry: Registry;
  /** Whether the registry can be read. False: only names are compared. */
  readonly verify: boolean;
  /** Login servers that an entry can start with: of the target, and of the source if it is known. */
  readonly loginServers: readonly string[];
  /** Tags of the registry before the imports. */
  readonly baseline: TagBaseline;
}

/** The list of a run to compare. */
export interface ImportedList {
  /** Null if the service returned no list. */
  readonly entries: readonly string[] | null;
  /** Whether the run has just ended. If so, an artifact that can't be found yet is looked up again. */
  readonly fresh: boolean;
}

/** The services that a comparison waits with. */
export interface ArrivalContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Reports a note for the log. */
  readonly onNote: (text: string) => void;
}

/** An artifact outside of the closure. */
export interface Found {
  readonly artifact: ListedArtifact;
  /** Null if it can't be read. */
  readonly digest: string | null;
}

const MAX_NAMED = 50;

/** Lines for a message, indented. The report contains all. */
export function linesOf(texts: readonly string[]): string {
  const rest = texts.length - MAX_NAMED;
  return [...texts.slice(0, MAX_NAMED), ...(rest > 0 ? [`and ${rest} more`] : [])]
    .map((text) => `  ${text}`)
    .join('\n');
}

/** Digests of all tags of a repository that aren't extra. Null if they can't be read. */
type KeptDigests = ReadonlySet<string> | null;

async function keptDigests(
  { registry }: ArrivalSide,
  repository: string,
  extraTags: ReadonlySet<string>,
): Promise<KeptDigests> {
  try {
    const tags = (await registry.tags(repository)) ?? [];
    return new Set(tags.filter(({ name }) => !extraTags.has(`${repository}:${name}`)).map(({ digest }) => digest));
  } catch {
    return null;
  }
}

/** The digests that must stay, by repository. Lists each repository once. */
async function keptByRepository(
  side: ArrivalSide,
  found: readonly Found[],
  extraTags: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KeptDigests>> {
  if (!side.verify) return new Map();
  const repositories = [...new Set(found.flatMap(({ artifact }) => artifact.repository ?? []))];
  const limit = pLimit(MAX_CONCURRENT_READS);
  const kept = await limit.map(repositories, (repository) => keptDigests(side, repository, extraTags));
  return new Map(repositories.map((repository, index) => [repository, kept[index] ?? null]));
}

const registryName = ({ registryId }: PipelineId): string => registryId.slice(registryId.lastIndexOf('/') + 1);

/** Azure CLI command that removes an extra artifact, without removing anything else. */
function removeCommand({ pipeline }: ArrivalSide, { artifact, digest }: Found, isKept: boolean): string | null {
  const { repository, tag } = artifact;
  const registry = registryName(pipeline);
  if (repository === null) return null;
  if (!isKept) return `az acr repository delete --name ${registry} --image ${repository}@${digest ?? ''} --yes`;
  return tag === null ? null : `az acr repository untag --name ${registry} --image ${repository}:${tag}`;
}

/** Describes extra artifacts, each once. */
export async function toExtra(
  side: ArrivalSide,
  all: readonly Found[],
  closure: Closure,
): Promise<readonly ExtraArtifact[]> {
  const extraTags = new Set(all.map(({ artifact }) => nameOfListed(artifact)));
  const found = [...new Map(all.map((item) => [nameOfListed(item.artifact), item])).values()];
  const keptIn = await keptByRepository(side, found, extraTags);
  return found.map((item) => {
    const { artifact, digest } = item;
    const repository = artifact.repository ?? '';
    const kept = keptIn.get(repository) ?? null;
    // The manifest stays if anything else needs it. Unknown counts as yes.
    const isKept =
      digest === null || kept === null || kept.has(digest) || closure.digests.has(`${repository}@${digest}`);
    return { reference: nameOfListed(artifact), digest, removeCommand: removeCommand(side, item, isKept) };
  });
}

/** The error for extra artifacts (ACRT6007). */
export function extraError(side: ArrivalSide, batch: Batch, extra: readonly ExtraArtifact[]): TransferError {
  const references = extra.map(({ reference, digest }) =>
    digest === null || reference.endsWith(digest) ? reference : `${reference} (${digest})`,
  );
  const commands = [...new Set(extra.flatMap((item) => item.removeCommand ?? []))];
  const search = `az acr manifest list-metadata --registry ${registryName(side.pipeline)} --name REPOSITORY`;
  return transferError('ACRT6007', {
    blob: batch.blob,
    registry: side.registry.loginServer,
    count: extra.length === 1 ? "an artifact that isn't planned" : `${extra.length} artifacts that aren't planned`,
    references: linesOf(references),
    commands: linesOf(commands.length > 0 ? commands : [search]),
  });
}
