import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../request.ts';
import { bodyOf, errorOf, startArmCloud } from './arm.fixture.ts';
import type { ArmCloud } from './arm.fixture.ts';

let cloud: ArmCloud;

beforeEach(async () => {
  cloud = await startArmCloud();
});
afterEach(async () => {
  await cloud.close();
});

describe('access', () => {
  it.each([
    ['another audience', 401, 'InvalidAuthenticationTokenAudience', () => cloud.token('https://vault.azure.net')],
    ['no token at all', 401, 'InvalidAuthenticationToken', () => Promise.resolve('nonsense')],
    ['a principal without the role', 403, 'AuthorizationFailed', () => cloud.token(cloud.audience, 'unknown')],
  ])('is refused with %s', async (_, status, code, token) => {
    const answer = await cloud.ask('GET', '/exportPipelines', undefined, await token());
    expect([answer.status, errorOf(answer).code]).toEqual([status, code]);
  });

  it('is refused with a token of another cloud', async () => {
    const other = await startArmCloud();
    const answer = await cloud.ask('GET', '/exportPipelines', undefined, await other.token());
    await other.close();
    expect([answer.status, errorOf(answer).code]).toEqual([401, 'InvalidAuthenticationTokenTenant']);
    expect(answer.headers['www-authenticate']).toContain(cloud.tenantId);
  });

  it('needs a version that the type has', async () => {
    const url = `${cloud.origin}${cloud.registryId}`;
    expect(errorOf(await cloud.ask('GET', `${url}/pipelineRuns`)).code).toBe('MissingApiVersionParameter');
    const stable = '?api-version=2025-11-01';
    expect(errorOf(await cloud.ask('GET', `${url}/pipelineRuns${stable}`)).code).toBe('InvalidResourceType');
    expect((await cloud.ask('GET', `${url}${stable}`)).status).toBe(200);
  });
});

describe('metadata', () => {
  it('needs no token, and returns authority and audience', async () => {
    const get = (version: string): Promise<Answer> =>
      cloud.ask('GET', `${cloud.origin}/metadata/endpoints?api-version=${version}`, undefined, 'none');
    const one = bodyOf(await get('2022-09-01'));
    expect(one).toMatchObject({
      authentication: {
        tenant: cloud.tenantId,
        identityProvider: 'AAD',
        audiences: [cloud.audience, `${cloud.origin}/`],
      },
      resourceManager: `${cloud.origin}/`,
    });
    expect(JSON.parse((await get('2019-05-01')).body)).toEqual([one]);
    expect((await get('2015-01-01')).status).toBe(400);
  });
});
