import { describe, expect, it } from '@jest/globals';
import { discoverRepository } from '../../../../src/transfer/plan/discover.ts';
import { image, index, requestsOf } from '../ports/registry.fixture.ts';
import { briefOf, reasonsOf, REPOSITORY, twoRegistries } from './discover.fixture.ts';

const amd = image('amd');
const arm = image('arm');
const multi = index('multi', [amd, arm]);

describe('the parts of an index', () => {
  it('are missed at the target also when they have tags of their own, which nobody selects', async () => {
    const ends = twoRegistries([amd, 'v1-amd64'], [arm, 'v1-arm64'], [multi, 'v1']);
    ends.target.remove(REPOSITORY, arm.digest);
    ends.target.remove(REPOSITORY, 'v1-arm64');
    const { travelling } = await discoverRepository(REPOSITORY, briefOf(ends, ['team/api:v1']));

    expect(reasonsOf(travelling)).toEqual({ 'team/api:v1': 'incomplete' });
  });

  it('are not looked for while everything that is not selected is known to be there', async () => {
    const ends = twoRegistries([amd, 'v1-amd64'], [arm, 'v1-arm64'], [multi, 'v1']);
    const { travelling } = await discoverRepository(REPOSITORY, briefOf(ends, ['team/api:v1']));

    expect(travelling).toEqual([]);
    expect(requestsOf(ends.source)).toEqual({ manifests: 1 });
  });
});
