import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AbortError } from '@azure/abort-controller';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';
import { sdkOptions } from '../../../../src/azure/http/pipeline-policy.ts';
import { interceptHttps, type InterceptedHttps, type SentResponse } from './https.fixture.ts';

let https: InterceptedHttps | undefined;

afterEach(() => {
  https?.restore();
  https = undefined;
  jest.restoreAllMocks();
});

/** Sends one request, which gets these responses in order; returns the client's result and the number of attempts. */
async function sendOne(responses: readonly SentResponse[]) {
  const intercepted = interceptHttps(
    () => responses[Math.min(intercepted.requests.length, responses.length) - 1] ?? {},
  );
  https = intercepted;
  const pipeline = createEmptyPipeline();
  for (const { policy } of sdkOptions().additionalPolicies) pipeline.addPolicy(policy);
  const request = createPipelineRequest({ url: 'https://host.example/a' });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  return { status, bodyAsText, attempts: intercepted.requests.length };
}

const JSON_TEXT = '{"a":1}';

describe('sdkOptions', () => {
  it('retries after a response that is not JSON', async () => {
    const responses = [{ body: '<html>' }, { body: JSON_TEXT }];
    expect(await sendOne(responses)).toEqual({ status: 200, bodyAsText: JSON_TEXT, attempts: 2 });
  });

  it.each([
    { name: 'without a body', response: { status: 204 }, body: '' },
    { name: 'with a redirect status', response: { status: 300, body: '<html>' }, body: '<html>' },
    { name: 'with an error status and a text', response: { status: 403, body: 'no' }, body: 'no' },
  ])('returns a response $name unchanged', async ({ response, body }) => {
    expect(await sendOne([response])).toMatchObject({ status: response.status, attempts: 1 });
    expect((await sendOne([response])).bodyAsText ?? '').toBe(body);
  });

  it('C2: sends the request once if its caller has already aborted', async () => {
    const aborted = AbortSignal.abort();
    let sent = 0;
    const { policy } = sdkOptions().additionalPolicies[0]!;
    const request = createPipelineRequest({ url: 'https://host.example/a', abortSignal: aborted });
    const next = (): Promise<never> => {
      sent += 1;
      return Promise.reject(new AbortError('The operation was aborted.'));
    };
    await expect(policy.sendRequest(request, next)).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toBe(1);
  });

  it('C2: ends the wait before a retry when its caller aborts', async () => {
    const caller = new AbortController();
    const { policy } = sdkOptions().additionalPolicies[0]!;
    const request = createPipelineRequest({ url: 'https://host.example/a', abortSignal: caller.signal });
    let sent = 0;
    const next = (): Promise<never> => {
      sent += 1;
      setImmediate(() => {
        caller.abort();
      });
      return Promise.reject(Object.assign(new Error('broken'), { code: 'ECONNRESET' }));
    };
    await expect(policy.sendRequest(request, next)).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toBe(1);
  });
});
