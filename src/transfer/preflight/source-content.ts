/** What is to leave, against the source as it is: artifacts that cannot be pulled, blobs that are in the way. */
import pLimit from 'p-limit';
import { toResult, transferError } from '../errors/index.ts';
import { groupByRepository, runName, type Artifact, type Batch } from '../model/artifact.ts';
import type { CheckResult } from '../model/check-result.ts';
import { formatReference } from '../model/reference.ts';
import type { Locks, Registry } from '../ports/registry.ts';
import type { ReadySide } from '../ports/side-services.ts';
import { checkResultsOf, howMany, listed } from './check-results.ts';
import { namesOf, optionsWith } from './pipeline-checks.ts';

const MAX_CONCURRENT_READS = 10;

/** What a repository says of the artifacts in it that cannot be pulled. */
async function unpullable(
  registry: Registry,
  repository: string,
  artifacts: readonly Artifact[],
): Promise<readonly string[]> {
  const [manifests, tags] = await Promise.all([registry.manifests(repository), registry.tags(repository)]);
  const ofDigest = new Map((manifests ?? []).map(({ digest, locks }) => [digest, locks]));
  const ofTag = new Map((tags ?? []).map(({ name, locks }) => [name, locks]));
  const isHeld = (locks: Locks | undefined): boolean => locks !== undefined && (!locks.readable || locks.quarantined);
  return artifacts
    .filter(({ reference, digest }) => {
      const tag = reference.kind === 'tag' ? ofTag.get(reference.tag) : undefined;
      return isHeld(ofDigest.get(digest)) || isHeld(tag);
    })
    .map(({ reference }) => formatReference(reference));
}

async function checkPullable({ registry }: ReadySide, batches: readonly Batch[]): Promise<readonly CheckResult[]> {
  const verdicts = checkResultsOf('source', 'artifacts');
  const groups = groupByRepository(batches);
  const turn = pLimit(MAX_CONCURRENT_READS);
  const looked = await toResult(() =>
    turn.map([...groups], ([name, artifacts]) => unpullable(registry, name, artifacts)),
  );
  // The plan has read every one of them: this was to find out more.
  if (!looked.ok) return looked.failures.map(({ facts }) => verdicts.unknown(facts.message));
  const held = looked.value.flat();
  const artifacts = [...groups.values()].reduce((sum, group) => sum + group.length, 0);
  if (held.length === 0) return [verdicts.ok(`${howMany(artifacts, 'artifact', 'artifacts')} can be pulled`)];
  const count = howMany(held.length, 'artifact', 'artifacts');
  return [
    verdicts.error(transferError('ACRT3031', { registry: registry.loginServer, count, references: listed(held) })),
  ];
}

/** A blob is in the way when no run of this transfer has made it, or is making it. */
async function isConflicting({ runs, container, pipeline }: ReadySide, { blob }: Batch): Promise<boolean> {
  if ((await container.find(blob)) === null) return false;
  const run = await runs.find(runName('export', pipeline.resourceId, blob));
  return run === null || run.state.kind === 'failed';
}

async function checkBlobs(source: ReadySide, batches: readonly Batch[]): Promise<readonly CheckResult[]> {
  const verdicts = checkResultsOf('source', 'blobs');
  if (source.facts.options.includes('OverwriteBlobs')) return [verdicts.ok('blobs may be overwritten')];
  const turn = pLimit(MAX_CONCURRENT_READS);
  const looked = await toResult(() =>
    turn.map(batches, async (batch) => ((await isConflicting(source, batch)) ? [batch.blob] : [])),
  );
  if (!looked.ok) return looked.failures.map(verdicts.error);
  const [first, ...others] = looked.value.flat();
  if (first === undefined) return [verdicts.ok('no blob is in the way')];
  const count = howMany(others.length + 1, 'transfer blob is', 'transfer blobs are');
  const options = optionsWith(source.facts, 'OverwriteBlobs');
  return [verdicts.error(transferError('ACRT3017', { ...namesOf(source.pipeline), options, blob: first, count }))];
}

/** Checks what is to leave; asks nothing when nothing is. */
export async function checkSourceContent(
  source: ReadySide,
  batches: readonly Batch[],
): Promise<readonly CheckResult[]> {
  if (batches.length === 0) return [];
  const found = await Promise.all([checkPullable(source, batches), checkBlobs(source, batches)]);
  return found.flat();
}
