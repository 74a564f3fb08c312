import { describe, expect, it } from '@jest/globals';
import { baselineOf } from '../../../../../src/transfer/plan/baseline/baseline.ts';
import { discoverRepository } from '../../../../../src/transfer/plan/discover.ts';
import { briefOf, reasonsOf, REPOSITORY, twoRegistries } from '../discover.fixture.ts';
import { image, index, requestsOf } from '../../ports/registry.fixture.ts';

const arm = image('arm');
const amd = image('amd');
const multi = index('multi', [arm, amd]);

const arrived = { reference: 'team/api:multi', digest: multi.digest, children: [arm.digest, amd.digest] };

describe('a far side that is remembered', () => {
  it('knows tags, digests and parts, repository by repository', async () => {
    const known = baselineOf('history', [
      arrived,
      { reference: `team/web@${arm.digest}`, digest: arm.digest, children: [] },
    ]);

    expect(known.repositories).toEqual(['team/api', 'team/web']);
    expect(await known.of('team/api')).toEqual({
      tags: new Map([['multi', multi.digest]]),
      digests: new Set([multi.digest, arm.digest, amd.digest]),
    });
    expect(await known.of('team/web')).toMatchObject({ tags: new Map(), digests: new Set([arm.digest]) });
    expect(await known.of('team/none')).toMatchObject({ tags: new Map(), digests: new Set() });
  });

  it('costs a survey no request, and no look at the parts of what arrived', async () => {
    const ends = twoRegistries([arm], [amd], [multi, 'multi']);
    const brief = briefOf(ends, ['team/api:*'], { known: baselineOf('receipt', [arrived]) });
    const { travelling, staying } = await discoverRepository(REPOSITORY, brief);

    expect([travelling, reasonsOf(staying)]).toEqual([[], { 'team/api:multi': 'present' }]);
    expect([requestsOf(ends.source), requestsOf(ends.target)]).toEqual([{ manifests: 1 }, {}]);
  });
});
