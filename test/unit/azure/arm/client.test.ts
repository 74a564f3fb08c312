import { afterEach, describe, expect, it } from '@jest/globals';
import { connectArm, type Arm } from '../../../../src/azure/arm/client.ts';
import { resolveCloud } from '../../../../src/azure/cloud/cloud.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse } from '../http/https.fixture.ts';

const ID = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r/pipelineRuns/one';
const QUERY = { apiVersion: '2022-04-01', filter: null };

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
});

/** A client of a Resource Manager that sends this response. */
async function arm(response: SentResponse): Promise<Arm> {
  https = interceptHttps(() => response);
  const getToken = () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
  return connectArm('source', await resolveCloud('azurecloud'), { getToken }, 's');
}

const sent = (): readonly string[] => https.requests.map(({ method, host, path }) => `${method} ${host}${path}`);

describe('delete', () => {
  it.each([
    { query: undefined, apiVersion: '2025-06-01-preview' },
    { query: QUERY, apiVersion: '2022-04-01' },
  ])('sends one request for the resource: $apiVersion', async ({ query, apiVersion }) => {
    expect(await (await arm({ status: 204 })).delete(ID, query)).toMatchObject({ status: 204, error: null });
    expect(sent()).toEqual([`DELETE management.azure.com${ID}?api-version=${apiVersion}`]);
  });

  it('returns an error response', async () => {
    const body = { error: { code: 'ScopeLocked', message: 'It is locked.' } };
    expect(await (await arm({ status: 409, body })).delete(ID)).toMatchObject({
      status: 409,
      error: { code: 'ScopeLocked', reason: 'ScopeLocked: It is locked.' },
    });
  });
});

describe('follow', () => {
  it('requests the URL of the service unchanged', async () => {
    await (await arm({ body: { value: [] } })).follow(`https://management.azure.com${ID}?api-version=1&$skiptoken=a`);
    expect(sent()).toEqual([`GET management.azure.com${ID}?api-version=1&$skiptoken=a`]);
  });

  it.each(['https://management.example.com/next', 'https://management.azure.com.example.com/next', '//example.com/n'])(
    'sends no token to another host: %s',
    async (url) => {
      const client = await arm({ body: { value: [] } });
      await expect(client.follow(url)).rejects.toThrow('another host');
      expect(https.requests).toEqual([]);
    },
  );
});

describe('C4: Retry-After of a response', () => {
  const later = (milliseconds: number): string => new Date(Date.now() + milliseconds).toUTCString();

  it.each([
    { name: 'in seconds', headers: { 'retry-after': '17' }, expected: 17 },
    { name: 'as a date in the past', headers: { 'retry-after': new Date(0).toUTCString() }, expected: 0 },
    { name: 'absent', headers: {}, expected: null },
    { name: 'a day, capped', headers: { 'retry-after': '86400' }, expected: 120 },
    { name: 'a date in a day, capped', headers: { 'retry-after': later(86_400_000) }, expected: 120 },
  ])('$name is $expected s', async ({ headers, expected }) => {
    const { retryAfterSeconds } = await (await arm({ headers, body: {} })).get(ID);
    expect(retryAfterSeconds).toBe(expected);
  });

  it("as a date counts from the response's own date, because clocks differ", async () => {
    const headers = { date: later(-3_600_000), 'retry-after': later(-3_570_000) };
    expect(await (await arm({ headers, body: {} })).get(ID)).toMatchObject({ retryAfterSeconds: 30 });
  });
});
