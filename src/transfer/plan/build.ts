/**
 * All repositories to one plan; lines that select nothing.
 *
 * Lines that select nothing. Pure.
 */
import pLimit from 'p-limit';
import { toTransferError, TransferError, transferError, type Result } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { Plan, PlannedArtifact, Skipped, ToTransfer } from '../model/plan.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { IncludeLine, SelectionLine } from '../model/selection.ts';
import type { Registry } from '../ports/registry.ts';
import { isOf, literalRepositories, needsCatalog } from '../selection/index.ts';
import {
  distinctBytes,
  formBatches,
  groupBySubject,
  naiveBytes,
  resumeBatches,
  type BatchTerms,
  type UnnumberedBatch,
} from './batching/index.ts';
import { findDeleted } from './diff.ts';
import { discoverRepository, type RepositoryPlan } from './discover.ts';
import { MAX_CONCURRENT_READS } from './inspect-artifact.ts';
import { sharedContent, type DiscoverInput } from './repository.ts';

function literalReference({ repositories, tags }: IncludeLine): Reference | null {
  if (repositories.kind !== 'literal') return null;
  const repository = repositories.name;
  if (tags.kind === 'tag') return { kind: 'tag', repository, tag: tags.tag };
  return tags.kind === 'digest' ? { kind: 'digest', repository, digest: tags.digest } : null;
}

function hintOf(
  { repositories, filters }: IncludeLine,
  names: readonly string[],
  surveys: readonly RepositoryPlan[],
): string {
  if (repositories.kind === 'literal') {
    const there = surveys.some(({ repository, exists }) => exists && repository === repositories.name);
    if (!there) return `: there is no repository ${repositories.name}`;
    return Object.values(filters).every((filter) => filter === null)
      ? ''
      : ': no tag fits both the pattern and its options';
  }
  const count = names.filter((name) => repositories.matches(name)).length;
  if (count === 0) return ': no repository has such a name';
  return count === 1
    ? ': one repository has such a name, but no such tag'
    : `: ${count} repositories have such a name, but no such tag`;
}

/**
 * A failure for every line that selects nothing, unless it says that it may.
 * @param names repositories that were surveyed
 * @param withoutCatalog lines that need the catalog could not be judged
 */
function unmatchedErrors(
  { lines, registry }: DiscoverInput,
  names: readonly string[],
  surveys: readonly RepositoryPlan[],
  withoutCatalog: boolean,
): readonly TransferError[] {
  const matched = new Set(surveys.flatMap((survey) => [...survey.matched]));
  return lines.flatMap((line) => {
    if (line.kind !== 'include' || line.optional || matched.has(line)) return [];
    if (withoutCatalog && line.repositories.kind === 'glob') return [];
    const { where, text } = line;
    const reference = literalReference(line);
    if (reference === null) {
      const hint = hintOf(line, names, surveys);
      return [transferError('ACRT3011', { line: text, where, registry: registry.loginServer, hint })];
    }
    return [
      transferError('ACRT3005', { reference: formatReference(reference), where, registry: registry.loginServer }),
    ];
  });
}

/** What planning takes. */
export interface PlanInput extends Omit<DiscoverInput, 'look' | 'share'>, BatchTerms {
  /** Batches of an earlier plan of this transfer; none when there was no earlier one. */
  readonly earlier: readonly UnnumberedBatch[];
}

/** A plan, or everything that stands against it. */
export type Planned = Result<Plan>;

/** Repositories surveyed at a time. */
const MAX_CONCURRENT_REPOSITORIES = 8;

interface Scope {
  readonly repositories: readonly string[];
  readonly failure: TransferError | null;
}

/** The repositories that the lines speak of. Lines that name theirs in full need no catalog. */
async function scopeOf(registry: Registry, lines: readonly SelectionLine[]): Promise<Scope> {
  const literal = literalRepositories(lines);
  const globs = needsCatalog(lines);
  if (globs.length === 0) return { repositories: literal, failure: null };
  const catalog = await registry.repositories();
  if (catalog.kind === 'refused') {
    const needed = globs.map(({ where, text }) => `  ${where}: ${text}`).join('\n');
    const values = { registry: registry.loginServer, lines: needed, reason: catalog.reason };
    return { repositories: literal, failure: transferError('ACRT3010', values) };
  }
  const matching = catalog.names.filter((name) => globs.some((line) => isOf(line, name)));
  return { repositories: [...new Set([...literal, ...matching])], failure: null };
}

async function discoverAll(
  repositories: readonly string[],
  brief: DiscoverInput,
): Promise<readonly (RepositoryPlan | TransferError)[]> {
  const turn = pLimit(MAX_CONCURRENT_REPOSITORIES);
  return turn.map(repositories, (repository) => discoverRepository(repository, brief).catch(toTransferError));
}

/** What is remembered of repositories that the source no longer has, or that no line names in full. */
async function deletedRepositories(
  surveyed: readonly string[],
  { known, lines }: DiscoverInput,
): Promise<readonly Skipped[]> {
  if (known === null) return [];
  const rest = new Set(known.repositories).difference(new Set(surveyed));
  const lost = await Promise.all(
    [...rest].map(async (repository) => findDeleted(lines, repository, null, await known.of(repository))),
  );
  return lost.flat();
}

const planned = (batches: readonly Batch[], travelling: readonly ToTransfer[]): readonly PlannedArtifact[] => {
  const reasons = new Map(travelling.map((item) => [formatReference(item.reference), item]));
  return batches.flatMap(({ blob, artifacts }) =>
    artifacts.map((artifact): PlannedArtifact => {
      const found = reasons.get(formatReference(artifact.reference));
      const { where = null, reason = { kind: 'resumed' } as const } = found ?? {};
      return { ...artifact, blob, where, reason };
    }),
  );
};

function assemble(surveys: readonly RepositoryPlan[], lost: readonly Skipped[], brief: PlanInput): Plan {
  const travelling = surveys.flatMap((survey) => survey.travelling);
  const staying = [...surveys.flatMap((survey) => survey.staying), ...lost];
  const kept = resumeBatches(brief.earlier, travelling, staying, brief);
  const tied = groupBySubject(kept.travelling, brief.limits);
  const formed = [...kept.batches, ...formBatches(tied.parcels, brief)];
  const batches = formed.map((batch, index) => ({ ...batch, index: index + 1 }));
  const carried = new Set(
    batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference))),
  );
  const all = travelling
    .filter(({ reference }) => carried.has(formatReference(reference)))
    .map((item) => ({ items: [item], content: item.content }));
  return {
    batches,
    artifacts: planned(batches, travelling),
    staying: [...kept.staying, ...tied.staying],
    bytes: {
      planned: batches.reduce((sum, { bytes }) => sum + bytes, 0),
      naive: naiveBytes(all, brief.limits.artifacts),
      least: distinctBytes(all),
    },
  };
}

/**
 * Makes a plan. Starts nothing, writes nothing, and needs rights to read alone. Everything that is wrong comes back at
 * once: lines that match nothing (ACRT3005, ACRT3011), a catalog that may not be listed (ACRT3010), registries that
 * cannot be read (ACRT6003, ACRT6004). What cannot travel is part of the plan, with the reason why it stays.
 */
export async function buildPlan(planBrief: PlanInput): Promise<Planned> {
  const brief: DiscoverInput = { ...planBrief, look: pLimit(MAX_CONCURRENT_READS), share: sharedContent() };
  const scope = await scopeOf(brief.registry, brief.lines).catch((error: unknown): Scope => ({
    repositories: literalRepositories(brief.lines),
    failure: toTransferError(error),
  }));
  const results = await discoverAll(scope.repositories, brief);
  const surveys = results.flatMap((result) => (result instanceof TransferError ? [] : [result]));
  const failed = results.flatMap((result) => (result instanceof TransferError ? [result] : []));
  const failures = [
    ...(scope.failure === null ? [] : [scope.failure]),
    ...failed,
    ...surveys.flatMap((survey) => survey.failures),
    ...(failed.length > 0 ? [] : unmatchedErrors(brief, scope.repositories, surveys, scope.failure !== null)),
  ];
  if (failures.length > 0) return { ok: false, failures };
  return { ok: true, value: assemble(surveys, await deletedRepositories(scope.repositories, brief), planBrief) };
}
