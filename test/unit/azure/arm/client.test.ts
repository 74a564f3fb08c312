import { afterEach, describe, expect, it } from '@jest/globals';
import { connectArm, type Arm } from '../../../../src/azure/arm/client.ts';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer } from '../http/https.fixture.ts';

const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r/pipelineRuns/one';
const QUERY = { apiVersion: '2022-04-01', filter: null };

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

/** Resource Manager, as seen by a client with a token. */
async function arm(answer: SentAnswer): Promise<Arm> {
  https = interceptHttps(() => answer);
  const getToken = () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
  return connectArm('source', await resolveCloud('azurecloud'), { getToken }, 's');
}

const asked = (): readonly string[] => https.requests.map(({ method, host, path }) => `${method} ${host}${path}`);

describe('a deletion', () => {
  it.each([
    { query: undefined, apiVersion: '2025-06-01-preview' },
    { query: QUERY, apiVersion: '2022-04-01' },
  ])('is sent once, for the resource alone: $apiVersion', async ({ query, apiVersion }) => {
    expect(await (await arm({ status: 204 })).delete(ID, query)).toMatchObject({ status: 204, error: null });
    expect(asked()).toEqual([`DELETE management.azure.com${ID}?api-version=${apiVersion}`]);
  });

  it('that is refused is told by the answer', async () => {
    const body = { error: { code: 'ScopeLocked', message: 'It is locked.' } };
    expect(await (await arm({ status: 409, body })).delete(ID)).toMatchObject({
      status: 409,
      error: { code: 'ScopeLocked', reason: 'ScopeLocked: It is locked.' },
    });
  });
});

describe('the next page of a list', () => {
  it('is asked for as the service names it', async () => {
    await (await arm({ body: { value: [] } })).follow(`https://management.azure.com${ID}?api-version=1&$skiptoken=a`);
    expect(asked()).toEqual([`GET management.azure.com${ID}?api-version=1&$skiptoken=a`]);
  });

  it.each(['https://management.example.com/next', 'https://management.azure.com.example.com/next', '//example.com/n'])(
    'is never asked of another host, which would receive the token: %s',
    async (url) => {
      const client = await arm({ body: { value: [] } });
      expect(() => client.follow(url)).toThrow('another host');
      expect(https.requests).toEqual([]);
    },
  );
});
