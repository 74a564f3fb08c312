import { describe, expect, it } from '@jest/globals';
import { baselineOf } from '../../../../../src/transfer/plan/baseline/baseline.ts';
import { discoverRepository } from '../../../../../src/transfer/plan/discover.ts';
import { inputOf, reasonsOf, REPOSITORY, twoRegistries } from '../discover.fixture.ts';
import { image, index, requestsOf } from '../../ports/registry.fixture.ts';

const arm = image('arm');
const amd = image('amd');
const multi = index('multi', [arm, amd]);

const arrived = { reference: 'team/api:multi', digest: multi.digest, children: [arm.digest, amd.digest] };

describe('a recorded baseline', () => {
  it('has tags, digests, and children of each repository', async () => {
    const baseline = baselineOf('history', [
      arrived,
      { reference: `team/web@${arm.digest}`, digest: arm.digest, children: [] },
    ]);

    expect(baseline.repositories).toEqual(['team/api', 'team/web']);
    expect(await baseline.of('team/api')).toEqual({
      tags: new Map([['multi', multi.digest]]),
      digests: new Set([multi.digest, arm.digest, amd.digest]),
    });
    expect(await baseline.of('team/web')).toMatchObject({ tags: new Map(), digests: new Set([arm.digest]) });
    expect(await baseline.of('team/none')).toMatchObject({ tags: new Map(), digests: new Set() });
  });

  it('needs no request at the target, and no read of the children of an index', async () => {
    const registries = twoRegistries([arm], [amd], [multi, 'multi']);
    const input = inputOf(registries, ['team/api:*'], { baseline: baselineOf('receipt', [arrived]) });
    const { toTransfer, skipped } = await discoverRepository(REPOSITORY, input);

    expect([toTransfer, reasonsOf(skipped)]).toEqual([[], { 'team/api:multi': 'present' }]);
    expect([requestsOf(registries.source), requestsOf(registries.target)]).toEqual([{ manifests: 1 }, {}]);
  });
});
