/** Builds one plan from all repositories, and reports lines that match nothing. */
import pLimit from 'p-limit';
import {
  failed,
  ok,
  problemsOf,
  toResult,
  toTransferError,
  transferError,
  valuesOf,
  type Result,
  type TransferError,
} from '../errors/index.ts';
import type { Plan, Skipped } from '../model/plan.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { IncludeLine, SelectionLine } from '../model/selection.ts';
import type { Registry } from '../ports/registry.ts';
import { literalRepositories, matchesRepository, needsCatalog } from '../selection/index.ts';
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
import { createDeduplicate, type DiscoverInput } from './repository.ts';

/** The input of planning. */
export interface PlanInput extends Omit<DiscoverInput, 'limitReads' | 'listings' | 'deduplicate'>, BatchTerms {
  /** Batches of an earlier plan of this transfer; none if there is no earlier plan. */
  readonly earlier: readonly UnnumberedBatch[];
}

function literalReference({ repositories, tags }: IncludeLine): Reference | null {
  if (repositories.kind !== 'literal') return null;
  const repository = repositories.name;
  if (tags.kind === 'tag') return { kind: 'tag', repository, tag: tags.tag };
  return tags.kind === 'digest' ? { kind: 'digest', repository, digest: tags.digest } : null;
}

function hintOf(
  { repositories, filters }: IncludeLine,
  names: readonly string[],
  plans: readonly RepositoryPlan[],
): string {
  if (repositories.kind === 'literal') {
    const found = plans.some(({ repository, exists }) => exists && repository === repositories.name);
    if (!found) return `: there is no repository ${repositories.name}`;
    return Object.values(filters).every((filter) => filter === null)
      ? ''
      : ': no tag matches both the pattern and its options';
  }
  const count = names.filter((name) => repositories.matches(name)).length;
  if (count === 0) return ': no repository matches the pattern';
  return count === 1
    ? ': one repository matches the pattern, but none of its tags match'
    : `: ${count} repositories match the pattern, but none of their tags match`;
}

/**
 * Returns an error for every line that matches nothing, unless the line is optional.
 * @param names repositories that were discovered
 * @param withoutCatalog the catalog could not be listed, so lines that need it are ignored
 */
function unmatchedErrors(
  { lines, registry }: DiscoverInput,
  names: readonly string[],
  plans: readonly RepositoryPlan[],
  withoutCatalog: boolean,
): readonly TransferError[] {
  const matched = new Set(plans.flatMap((plan) => [...plan.matched]));
  return lines.flatMap((line) => {
    if (line.kind !== 'include' || line.optional || matched.has(line)) return [];
    if (withoutCatalog && line.repositories.kind === 'glob') return [];
    const { where, text } = line;
    const reference = literalReference(line);
    if (reference === null) {
      const hint = hintOf(line, names, plans);
      return [transferError('ACRT3011', { line: text, where, registry: registry.loginServer, hint })];
    }
    return [
      transferError('ACRT3005', { reference: formatReference(reference), where, registry: registry.loginServer }),
    ];
  });
}

const MAX_CONCURRENT_REPOSITORIES = 8;

interface Scope {
  readonly repositories: readonly string[];
  readonly failure: TransferError | null;
}

/** The repositories that the lines match. Lines that name their repository in full don't need the catalog. */
async function scopeOf(registry: Registry, lines: readonly SelectionLine[]): Promise<Scope> {
  const literal = literalRepositories(lines);
  const globs = needsCatalog(lines);
  if (globs.length === 0) return { repositories: literal, failure: null };
  const catalog = await registry.repositories();
  if (!catalog.ok) {
    const needed = globs.map(({ where, text }) => `  ${where}: ${text}`).join('\n');
    const values = { registry: registry.loginServer, lines: needed, reason: catalog.problem };
    return { repositories: literal, failure: transferError('ACRT3010', values) };
  }
  const matching = catalog.value.filter((name) => globs.some((line) => matchesRepository(line, name)));
  return { repositories: [...new Set([...literal, ...matching])], failure: null };
}

async function discoverAll(
  repositories: readonly string[],
  input: DiscoverInput,
): Promise<readonly Result<RepositoryPlan>[]> {
  const limit = pLimit(MAX_CONCURRENT_REPOSITORIES);
  return limit.map(repositories, (repository) => toResult(() => discoverRepository(repository, input)));
}

/** Deleted tags of repositories that are in the baseline and were not discovered. */
async function deletedRepositories(
  discovered: readonly string[],
  { baseline, lines }: DiscoverInput,
): Promise<readonly Skipped[]> {
  if (baseline === null) return [];
  const others = new Set(baseline.repositories).difference(new Set(discovered));
  const deleted = await Promise.all(
    [...others].map(async (repository) => findDeleted(lines, repository, null, await baseline.of(repository))),
  );
  return deleted.flat();
}

function assemble(plans: readonly RepositoryPlan[], deleted: readonly Skipped[], input: PlanInput): Plan {
  const toTransfer = plans.flatMap((plan) => plan.toTransfer);
  const skipped = [...plans.flatMap((plan) => plan.skipped), ...deleted];
  const resumed = resumeBatches(input.earlier, toTransfer, skipped, input);
  const grouped = groupBySubject(resumed.toTransfer, input.limits);
  const formed = [...resumed.batches, ...formBatches(grouped.groups, input)];
  const batches = formed.map((batch, index) => ({ ...batch, index: index + 1 }));
  const inBatches = new Set(
    batches.flatMap(({ artifacts }) => artifacts.map(({ reference }) => formatReference(reference))),
  );
  const singleGroups = toTransfer
    .filter(({ reference }) => inBatches.has(formatReference(reference)))
    .map((item) => ({ items: [item], content: item.content }));
  return {
    batches,
    skipped: [...resumed.skipped, ...grouped.skipped],
    bytes: {
      planned: batches.reduce((sum, { bytes }) => sum + bytes, 0),
      naive: naiveBytes(singleGroups, input.limits.artifacts),
      least: distinctBytes(singleGroups),
    },
  };
}

/**
 * Builds a plan. Starts nothing, writes nothing, and needs only permissions to read. Artifacts that can't be transferred are
 * part of the plan, with the reason.
 * @returns the plan, or all errors at once: lines that match nothing (ACRT3005, ACRT3011), a catalog that can't be listed
 *   (ACRT3010), registries that can't be read (ACRT6003, ACRT6004)
 */
export async function buildPlan(planInput: PlanInput): Promise<Result<Plan>> {
  const input: DiscoverInput = {
    ...planInput,
    limitReads: pLimit(MAX_CONCURRENT_READS),
    listings: { sent: 0 },
    deduplicate: createDeduplicate(),
  };
  const scope = await scopeOf(input.registry, input.lines).catch((error: unknown): Scope => ({
    repositories: literalRepositories(input.lines),
    failure: toTransferError(error),
  }));
  const results = await discoverAll(scope.repositories, input);
  const [plans, undiscovered] = [valuesOf(results), problemsOf(results)];
  const failures = [
    ...(scope.failure === null ? [] : [scope.failure]),
    ...undiscovered,
    ...plans.flatMap((plan) => plan.failures),
    ...(undiscovered.length > 0 ? [] : unmatchedErrors(input, scope.repositories, plans, scope.failure !== null)),
  ];
  if (failures.length > 0) return failed(failures);
  return ok(assemble(plans, await deletedRepositories(scope.repositories, input), planInput));
}
