/** Discovers one repository of the source: which artifacts are transferred, which are skipped, and why. */
import { problemsOf, toResult, transferError, valuesOf, type TransferError } from '../errors/index.ts';
import type { Candidate, Skipped } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { IncludeLine } from '../model/selection.ts';
import { needsTimes } from '../selection/index.ts';
import { compare, findDeleted, select, toSkipped } from './diff.ts';
import { inspectArtifact, totalBytes } from './inspect-artifact.ts';
import { addReferrers, type Compared } from './referrers.ts';
import { createRepositoryContext, readListing, type DiscoverInput, type RepositoryContext } from './repository.ts';

/** The plan of one repository. */
export interface RepositoryPlan {
  readonly repository: string;
  /** Whether the source has it. */
  readonly exists: boolean;
  readonly toTransfer: readonly Candidate[];
  readonly skipped: readonly Skipped[];
  /** Lines that match something here. */
  readonly matched: ReadonlySet<IncludeLine>;
  readonly failures: readonly TransferError[];
}

/** Reads an artifact that is to be transferred. Reads it by its digest, because its tag might move in the meantime. */
async function inspect(context: RepositoryContext, item: Compared, reason: Candidate['reason']): Promise<Candidate> {
  const { reference, digest, where, root } = item;
  const { repository } = reference;
  const { loginServer } = context.input.registry;
  const found = await inspectArtifact(
    { loginServer, manifest: context.manifest },
    { kind: 'digest', repository, digest },
  );
  if (found === null) {
    throw transferError('ACRT3005', { reference: formatReference(reference), where, registry: loginServer });
  }
  const { mediaType, children, foreign } = found;
  const content = context.input.deduplicate(found.content);
  const subject = found.subject ?? item.subject;
  const size = totalBytes(content);
  return { reference, digest, mediaType, size, children, subject, where, reason, root, content, foreign };
}

/**
 * Discovers a repository. Takes one listing at the source and, with a live target, one at the target. Reads the manifests
 * of artifacts that are transferred, and more only if the source has manifests that are neither selected nor in the baseline.
 * @throws ACRT6004 if the repository can't be listed
 */
export async function discoverRepository(repository: string, input: DiscoverInput): Promise<RepositoryPlan> {
  const { registry, lines, now } = input;
  const [listing, baseline] = await Promise.all([
    readListing(registry, repository, needsTimes(lines, repository)),
    input.baseline?.of(repository) ?? null,
  ]);
  const deleted = findDeleted(lines, repository, listing, baseline);
  if (listing === null) {
    return { repository, exists: false, toTransfer: [], skipped: deleted, matched: new Set(), failures: [] };
  }
  const context = createRepositoryContext(input, listing, baseline);
  const { selected, excluded, matched } = select(lines, listing, now);
  const comparedSelection = selected.map((item) => ({
    ...item,
    comparison: compare(item, baseline),
    root: `${repository}@${item.digest}`,
    subject: null,
  }));
  const { compared, excluded: excludedReferrers } = await addReferrers(context, comparedSelection);
  const inspected = await Promise.all(
    compared.flatMap((item) => {
      const { comparison } = item;
      return comparison.kind === 'present' ? [] : [toResult(() => inspect(context, item, comparison))];
    }),
  );
  const present = compared.flatMap((item) =>
    item.comparison.kind === 'present' ? [toSkipped(listing, item, item.comparison)] : [],
  );
  return {
    repository,
    exists: true,
    toTransfer: valuesOf(inspected),
    skipped: [...present, ...excluded, ...excludedReferrers, ...deleted],
    matched,
    failures: problemsOf(inspected),
  };
}
