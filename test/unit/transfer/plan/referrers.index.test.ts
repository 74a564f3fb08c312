import { describe, expect, it } from '@jest/globals';
import { discoverRepository } from '../../../../src/transfer/plan/discover.ts';
import { image, index, requestsOf } from '../ports/registry.fixture.ts';
import { inputOf, reasonsOf, REPOSITORY, twoRegistries } from './discover.fixture.ts';

const amd = image('amd');
const arm = image('arm');
const multi = index('multi', [amd, arm]);

describe('the children of an index', () => {
  it('are missing at the target even if they have tags that are not selected', async () => {
    const registries = twoRegistries([amd, 'v1-amd64'], [arm, 'v1-arm64'], [multi, 'v1']);
    registries.target.remove(REPOSITORY, arm.digest);
    registries.target.remove(REPOSITORY, 'v1-arm64');
    const { toTransfer } = await discoverRepository(REPOSITORY, inputOf(registries, ['team/api:v1']));

    expect(reasonsOf(toTransfer)).toEqual({ 'team/api:v1': 'incomplete' });
  });

  it('are not read if every manifest that is not selected is at the target', async () => {
    const registries = twoRegistries([amd, 'v1-amd64'], [arm, 'v1-arm64'], [multi, 'v1']);
    const { toTransfer } = await discoverRepository(REPOSITORY, inputOf(registries, ['team/api:v1']));

    expect(toTransfer).toEqual([]);
    expect(requestsOf(registries.source)).toEqual({ manifests: 1 });
  });
});
