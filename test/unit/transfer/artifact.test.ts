import { describe, expect, it } from '@jest/globals';
import { formBatches, MOST_ARTIFACTS_PER_RUN, runName, type ResolvedArtifact } from '../../../src/transfer/plan.ts';
import { digestOf } from './registry.ts';

const PIPELINE = '/subscriptions/s/resourceGroups/g/providers/p/registries/r/exportPipelines/exporter';

const artifact = (tag: string, digest = digestOf(tag)): ResolvedArtifact => ({
  reference: { kind: 'tag', repository: 'team/api', tag },
  digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 1100,
  children: [],
  content: [
    { digest, size: 100 },
    { digest: digestOf('shared layer'), size: 1000 },
  ],
  where: 'line 1',
});

const artifacts = (count: number): ResolvedArtifact[] =>
  Array.from({ length: count }, (_, index) => artifact(`v${index}`));

const sizes = (count: number, perRun: number): number[] =>
  formBatches(artifacts(count), 'nightly', perRun).map((batch) => batch.artifacts.length);

describe('formBatches', () => {
  it.each([
    { name: 'nothing', count: 0, perRun: 50, expected: [] },
    { name: 'one artifact', count: 1, perRun: 50, expected: [1] },
    { name: 'a full batch', count: 50, perRun: 50, expected: [50] },
    { name: 'one more than a full batch', count: 51, perRun: 50, expected: [50, 1] },
    { name: '120 artifacts', count: 120, perRun: 50, expected: [50, 50, 20] },
    { name: 'one artifact a run', count: 3, perRun: 1, expected: [1, 1, 1] },
  ])('splits $name', ({ count, perRun, expected }) => {
    expect(sizes(count, perRun)).toEqual(expected);
  });

  it('keeps every artifact, once, in the order of the selection', () => {
    const all = artifacts(120);

    expect(formBatches(all, 'nightly', MOST_ARTIFACTS_PER_RUN).flatMap((batch) => batch.artifacts)).toEqual(all);
  });

  it('names blobs by what is in them, the same every time', () => {
    const [first, second] = formBatches(artifacts(2), 'team/nightly', 1);

    expect(formBatches(artifacts(2), 'team/nightly', 1)[0]?.blob).toBe(first?.blob);
    expect(first?.blob).toMatch(/^team\/nightly-[\da-f]{16}\.tar$/);
    expect(second?.blob).not.toBe(first?.blob);
  });

  it.each([
    { name: 'its digest', other: artifact('v0', digestOf('moved')) },
    {
      name: 'its reference',
      other: { ...artifact('v0'), reference: { kind: 'tag', repository: 'a', tag: 'v0' } } as const,
    },
  ])('names another blob when an artifact changes $name', ({ other }) => {
    const name = (item: ResolvedArtifact): string | undefined => formBatches([item], 'nightly', 50)[0]?.blob;

    expect(name(other)).not.toBe(name(artifact('v0')));
  });

  it('counts content that artifacts of a batch share once', () => {
    expect(formBatches(artifacts(3), 'nightly', 50)[0]?.bytes).toBe(3 * 100 + 1000);
  });

  it('counts batches from 1', () => {
    expect(formBatches(artifacts(3), 'nightly', 2).map((batch) => batch.index)).toEqual([1, 2]);
  });
});

describe('runName', () => {
  it.each(['export', 'import'] as const)('fits the rules of the service: %s', (kind) => {
    expect(runName(kind, PIPELINE, 'a/very long/blob name.tar')).toMatch(/^[a-zA-Z0-9]{38}$/);
  });

  it('is the same for every attempt, however ARM spells the ID', () => {
    expect(runName('export', PIPELINE.toUpperCase(), 'a.tar')).toBe(runName('export', PIPELINE, 'a.tar'));
  });

  it.each([
    { name: 'kind', other: runName('import', PIPELINE, 'a.tar') },
    { name: 'pipeline', other: runName('export', `${PIPELINE}2`, 'a.tar') },
    { name: 'blob', other: runName('export', PIPELINE, 'b.tar') },
  ])('is another for another $name', ({ other }) => {
    expect(other).not.toBe(runName('export', PIPELINE, 'a.tar'));
  });
});
