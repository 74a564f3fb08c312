import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../../src/transfer/model/artifact.ts';
import { TagBaseline } from '../../../../src/transfer/verification/tag-baseline.ts';
import { artifact, BATCH, foreign, single, target } from './batch.fixture.ts';

describe('tags before and after an import', () => {
  it('A1: reports tags that were added or moved, without those of any batch', async () => {
    const registry = target();
    const other: Batch = { ...BATCH, artifacts: [artifact('team/one', 'planned', foreign)] };
    const baseline = new TagBaseline(registry, [BATCH, other]);
    registry.push('team/one', single, 'same');
    registry.push('team/one', single, 'moves');
    await baseline.record(BATCH);
    registry.push('team/one', foreign, 'added');
    registry.push('team/one', foreign, 'moves');
    registry.push('team/one', foreign, 'planned');
    registry.push('elsewhere', foreign, 'added');

    expect(await baseline.changes(BATCH)).toEqual([
      { reference: 'team/one:moves', digest: foreign.digest, before: single.digest },
      { reference: 'team/one:added', digest: foreign.digest, before: null },
    ]);
  });

  it('A1: are not compared if they could not be read before', async () => {
    const registry = target();
    const baseline = new TagBaseline({ ...registry, tags: () => Promise.reject(new Error('refused')) }, [BATCH]);
    await baseline.record(BATCH);

    expect(await baseline.changes(BATCH)).toBeNull();
    expect(await new TagBaseline(registry, [BATCH]).changes(BATCH)).toBeNull();
  });

  it('A1: are read once for each repository before', async () => {
    const registry = target();
    const baseline = new TagBaseline(registry, [BATCH]);
    await Promise.all([baseline.record(BATCH), baseline.record(BATCH)]);

    expect(registry.asked.map(({ kind, repository }) => `${kind} ${repository}`).sort()).toEqual([
      'tags team/all',
      'tags team/one',
    ]);
  });
});
