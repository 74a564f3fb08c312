/** Checks the planned artifacts at the source: whether they can be pulled, and whether their blobs conflict with others. */
import pLimit from 'p-limit';
import { toResult, transferError } from '../errors/index.ts';
import { groupByRepository, runName, type Artifact, type Batch } from '../model/artifact.ts';
import type { CheckResult } from '../model/check-result.ts';
import { formatReference } from '../model/reference.ts';
import type { Locks, Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkResultsOf, formatCount, formatNames } from './check-results.ts';
import { namesOf, optionsWith } from './pipeline-checks.ts';

const MAX_CONCURRENT_READS = 10;

/** Finds artifacts of a repository that can't be pulled, according to the locks of their tags and manifests. */
async function findUnpullable(
  registry: Registry,
  repository: string,
  artifacts: readonly Artifact[],
): Promise<readonly string[]> {
  const [manifests, tags] = await Promise.all([registry.manifests(repository), registry.tags(repository)]);
  const ofDigest = new Map((manifests ?? []).map(({ digest, locks }) => [digest, locks]));
  const ofTag = new Map((tags ?? []).map(({ name, locks }) => [name, locks]));
  const isUnpullable = (locks: Locks | undefined): boolean =>
    locks !== undefined && (!locks.readable || locks.quarantined);
  return artifacts
    .filter(({ reference, digest }) => {
      const tag = reference.kind === 'tag' ? ofTag.get(reference.tag) : undefined;
      return isUnpullable(ofDigest.get(digest)) || isUnpullable(tag);
    })
    .map(({ reference }) => formatReference(reference));
}

async function checkPullable({ registry }: ReadySide, batches: readonly Batch[]): Promise<readonly CheckResult[]> {
  const result = checkResultsOf('source', 'artifacts');
  const groups = groupByRepository(batches);
  const limit = pLimit(MAX_CONCURRENT_READS);
  const found = await toResult(() =>
    limit.map([...groups], ([name, artifacts]) => findUnpullable(registry, name, artifacts)),
  );
  // A failure here is no error, because the plan has already read every artifact.
  if (!found.ok) return found.problem.map(({ facts }) => result.unknown(facts.message));
  const unpullable = found.value.flat();
  const artifacts = [...groups.values()].reduce((sum, group) => sum + group.length, 0);
  if (unpullable.length === 0) return [result.ok(`${formatCount(artifacts, 'artifact', 'artifacts')} can be pulled`)];
  const count = formatCount(unpullable.length, 'artifact', 'artifacts');
  const references = formatNames(unpullable);
  return [result.error(transferError('ACRT3031', { registry: registry.loginServer, count, references }))];
}

/** Whether a blob exists and no run of this transfer has written it or is writing it. */
async function isConflicting({ runs, container, pipeline }: ReadySide, { blob }: Batch): Promise<boolean> {
  if ((await container.find(blob)) === null) return false;
  const run = await runs.find(runName('export', pipeline.resourceId, blob));
  return run === null || run.state.kind === 'failed';
}

async function checkBlobs(source: ReadySide, batches: readonly Batch[]): Promise<readonly CheckResult[]> {
  const result = checkResultsOf('source', 'blobs');
  if (source.facts.options.includes('OverwriteBlobs')) return [result.ok('the pipeline overwrites blobs')];
  const limit = pLimit(MAX_CONCURRENT_READS);
  const found = await toResult(() =>
    limit.map(batches, async (batch) => ((await isConflicting(source, batch)) ? [batch.blob] : [])),
  );
  if (!found.ok) return found.problem.map(result.error);
  const [first, ...others] = found.value.flat();
  if (first === undefined) return [result.ok('no conflicting blobs')];
  const count = formatCount(others.length + 1, 'transfer blob is', 'transfer blobs are');
  const options = optionsWith(source.facts, 'OverwriteBlobs');
  return [result.error(transferError('ACRT3017', { ...namesOf(source.pipeline), options, blob: first, count }))];
}

/** Checks the batches at the source. Makes no request without batches. */
export async function checkSourceContent(
  source: ReadySide,
  batches: readonly Batch[],
): Promise<readonly CheckResult[]> {
  if (batches.length === 0) return [];
  const results = await Promise.all([checkPullable(source, batches), checkBlobs(source, batches)]);
  return results.flat();
}
