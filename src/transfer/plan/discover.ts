/** Surveys one repository of the source: what of it travels, what stays, and why. */
import { toTransferError, TransferError, transferError } from '../errors/index.ts';
import type { Skipped, ToTransfer } from '../model/plan.ts';
import { formatReference } from '../model/reference.ts';
import type { IncludeLine } from '../model/selection.ts';
import { needsTimes } from '../selection/index.ts';
import { compare, findDeleted, select, skipped } from './diff.ts';
import { inspectArtifact, totalBytes } from './inspect-artifact.ts';
import { addReferrers, type Compared } from './referrers.ts';
import { createRepositoryContext, readListing, type DiscoverInput, type RepositoryContext } from './repository.ts';

/** What one repository came to. */
export interface RepositoryPlan {
  readonly repository: string;
  /** Whether the source has it. */
  readonly exists: boolean;
  readonly travelling: readonly ToTransfer[];
  readonly staying: readonly Skipped[];
  /** Lines that select something here. */
  readonly matched: ReadonlySet<IncludeLine>;
  readonly failures: readonly TransferError[];
}

/** Looks at an artifact that is to travel, by its digest: a tag may move meanwhile. */
async function examine(
  ground: RepositoryContext,
  item: Compared,
  reason: ToTransfer['reason'],
): Promise<ToTransfer | TransferError> {
  const { reference, digest, where, root } = item;
  const { repository } = reference;
  const { loginServer } = ground.brief.registry;
  try {
    const found = await inspectArtifact(
      { loginServer, manifest: ground.manifest },
      { kind: 'digest', repository, digest },
    );
    if (found === null) {
      return transferError('ACRT3005', { reference: formatReference(reference), where, registry: loginServer });
    }
    const { mediaType, children, foreign } = found;
    const content = ground.brief.share(found.content);
    const subject = found.subject ?? item.subject;
    const size = totalBytes(content);
    return { reference, digest, mediaType, size, children, subject, where, reason, root, content, foreign };
  } catch (error) {
    return toTransferError(error);
  }
}

/**
 * Surveys a repository. Costs one listing at the source and, when the far side is looked at, one there; manifests are read
 * only of what travels, and where something is there that nobody accounts for.
 * @throws ACRT6004 when the repository cannot be listed
 */
export async function discoverRepository(repository: string, brief: DiscoverInput): Promise<RepositoryPlan> {
  const { registry, lines, now } = brief;
  const [listing, known] = await Promise.all([
    readListing(registry, repository, needsTimes(lines, repository)),
    brief.known?.of(repository) ?? null,
  ]);
  const lost = findDeleted(lines, repository, listing, known);
  if (listing === null)
    return { repository, exists: false, travelling: [], staying: lost, matched: new Set(), failures: [] };
  const ground = createRepositoryContext(brief, listing, known);
  const { picked, excluded, matched } = select(lines, listing, now);
  const selected = picked.map((item) => ({
    ...item,
    verdict: compare(item, known),
    root: `${repository}@${item.digest}`,
    subject: null,
  }));
  const { judged, excluded: companionsExcluded } = await addReferrers(ground, selected);
  const examined = await Promise.all(
    judged.flatMap((item) => (item.verdict.kind === 'present' ? [] : [examine(ground, item, item.verdict)])),
  );
  const staying = judged.flatMap((item) =>
    item.verdict.kind === 'present' ? [skipped(listing, item, item.verdict)] : [],
  );
  return {
    repository,
    exists: true,
    travelling: examined.flatMap((item) => (item instanceof TransferError ? [] : [item])),
    staying: [...staying, ...excluded, ...companionsExcluded, ...lost],
    matched,
    failures: examined.flatMap((item) => (item instanceof TransferError ? [item] : [])),
  };
}
