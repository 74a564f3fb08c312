import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AbortError } from '@azure/abort-controller';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';
import { sdkOptions } from '../../../../src/azure/http/pipeline-policy.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer } from './https.fixture.ts';

let https: InterceptedHttps | undefined;

afterEach(() => {
  https?.restore();
  https = undefined;
  jest.restoreAllMocks();
});

/** What a client gets that is answered so, one after the other, and how often it has asked. */
async function ask(answers: readonly SentAnswer[]) {
  const intercepted = interceptHttps(() => answers[Math.min(intercepted.requests.length, answers.length) - 1] ?? {});
  https = intercepted;
  const pipeline = createEmptyPipeline();
  for (const { policy } of sdkOptions().additionalPolicies) pipeline.addPolicy(policy);
  const request = createPipelineRequest({ url: 'https://host.example/a' });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  return { status, bodyAsText, asked: intercepted.requests.length };
}

const JSON_TEXT = '{"a":1}';

describe('sdkOptions', () => {
  it('asks again for an answer that is no JSON', async () => {
    const answers = [{ body: '<html>' }, { body: JSON_TEXT }];
    expect(await ask(answers)).toEqual({ status: 200, bodyAsText: JSON_TEXT, asked: 2 });
  });

  it.each([
    { name: 'without a body', answer: { status: 204 }, body: '' },
    { name: 'that is no good one', answer: { status: 300, body: '<html>' }, body: '<html>' },
    { name: 'that refuses in words', answer: { status: 403, body: 'no' }, body: 'no' },
  ])('takes an answer $name as it is', async ({ answer, body }) => {
    expect(await ask([answer])).toMatchObject({ status: answer.status, asked: 1 });
    expect((await ask([answer])).bodyAsText ?? '').toBe(body);
  });

  it('C2: asks once if its caller has given up', async () => {
    const given = AbortSignal.abort();
    let sent = 0;
    const { policy } = sdkOptions().additionalPolicies[0]!;
    const request = createPipelineRequest({ url: 'https://host.example/a', abortSignal: given });
    const next = (): Promise<never> => {
      sent += 1;
      return Promise.reject(new AbortError('The operation was aborted.'));
    };
    await expect(policy.sendRequest(request, next)).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toBe(1);
  });

  it('C2: ends the wait before another try when its caller gives up', async () => {
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
