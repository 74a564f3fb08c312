import { describe, expect, it } from '@jest/globals';
import { blobName, runName, type Artifact } from '../../../../src/transfer/model/artifact.ts';
import type { Reference } from '../../../../src/transfer/model/reference.ts';
import { digestOf } from '../ports/registry.fixture.ts';

const PIPELINE = '/subscriptions/s/resourceGroups/g/providers/p/registries/r/exportPipelines/exporter';

type Named = Pick<Artifact, 'reference' | 'digest'>;

const artifact = (tag: string, digest = digestOf(tag)): Named => ({
  reference: { kind: 'tag', repository: 'team/api', tag },
  digest,
});

describe('blobName', () => {
  it('derives from the artifacts of the batch, in any order', () => {
    const [one, two] = [artifact('v1'), artifact('v2')];

    expect(blobName('team/nightly', [one, two])).toBe(blobName('team/nightly', [two, one]));
    expect(blobName('team/nightly', [one])).toMatch(/^team\/nightly-[\da-f]{16}\.tar$/);
  });

  it.each([
    { name: 'its digest', other: artifact('v1', digestOf('moved')) },
    { name: 'its repository', other: { ...artifact('v1'), reference: { kind: 'tag', repository: 'a', tag: 'v1' } } },
    {
      name: 'its reference from tag to digest',
      other: {
        ...artifact('v1'),
        reference: { kind: 'digest', repository: 'team/api', digest: digestOf('v1') } satisfies Reference,
      },
    },
  ] as readonly { name: string; other: Named }[])('changes if an artifact changes $name', ({ other }) => {
    expect(blobName('nightly', [other])).not.toBe(blobName('nightly', [artifact('v1')]));
  });

  it('changes if an artifact is added, or the transfer has another name', () => {
    const name = blobName('nightly', [artifact('v1')]);

    expect(blobName('nightly', [artifact('v1'), artifact('v2')])).not.toBe(name);
    expect(blobName('weekly', [artifact('v1')])).not.toBe(name);
  });
});

describe('runName', () => {
  it.each(['export', 'import'] as const)('fits the rules of the service: %s', (kind) => {
    expect(runName(kind, PIPELINE, 'a/very long/blob name.tar')).toMatch(/^[a-zA-Z0-9]{38}$/);
  });

  it('is the same for every attempt, regardless of the case of the ID', () => {
    expect(runName('export', PIPELINE.toUpperCase(), 'a.tar')).toBe(runName('export', PIPELINE, 'a.tar'));
  });

  it.each([
    { name: 'kind', other: runName('import', PIPELINE, 'a.tar') },
    { name: 'pipeline', other: runName('export', `${PIPELINE}2`, 'a.tar') },
    { name: 'blob', other: runName('export', PIPELINE, 'b.tar') },
  ])('is different for another $name', ({ other }) => {
    expect(other).not.toBe(runName('export', PIPELINE, 'a.tar'));
  });
});
