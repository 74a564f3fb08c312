import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest } from '@azure/core-rest-pipeline';
import { sdkOptions } from '../../../../src/azure/http/pipeline-policy.ts';
import { interceptHttps, type InterceptedHttps, type SentAnswer } from './https.fixture.ts';

let https: InterceptedHttps;

afterEach(() => {
  https.restore();
  jest.restoreAllMocks();
});

/** What a client gets that is answered so, one after the other, and how often it has asked. */
async function ask(answers: readonly SentAnswer[], abortSignal?: AbortSignal) {
  https = interceptHttps(() => answers[Math.min(https.requests.length, answers.length) - 1] ?? {});
  const pipeline = createEmptyPipeline();
  for (const { policy } of sdkOptions().additionalPolicies) pipeline.addPolicy(policy);
  const request = createPipelineRequest({
    url: 'https://host.example/a',
    ...(abortSignal !== undefined && { abortSignal }),
  });
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  return { status, bodyAsText, asked: https.requests.length };
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

  it('ends when its caller gives up', async () => {
    const given = AbortSignal.abort();
    await expect(ask([{ body: JSON_TEXT }], given)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
