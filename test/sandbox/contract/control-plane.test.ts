import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startArmCloud, VERSION } from '../arm/arm.fixture.ts';
import type { ArmCloud } from '../arm/arm.fixture.ts';
import type { Answer } from '../request.ts';
import { membersOf, normalise, recording, recordingsExist, recordingsLike } from './recorded.ts';
import type { Recording } from './recorded.ts';

/** Headers whose values are the same in every answer that has them. */
const CONSTANT_HEADERS = [
  'cache-control',
  'pragma',
  'expires',
  'content-type',
  'strict-transport-security',
  'x-content-type-options',
  'x-cache',
  'x-ms-failure-cause',
];
const RATE_LIMITS = /^x-ms-ratelimit-remaining-subscription-/;

let cloud: ArmCloud;

/** The recorded path on this cloud's registry. */
function place(url: string): string {
  const { pathname, search } = new URL(url, 'https://management.azure.com');
  const below = /\/registries\/[^/]+(?<below>.*)$/.exec(pathname)?.groups?.['below'] ?? '';
  return `${cloud.origin}${cloud.registryId}${below}${search || `?api-version=${VERSION}`}`;
}

const replay = (method: string, url: string, body?: unknown): Promise<Answer> => cloud.ask(method, place(url), body);

function compareHeaders(answer: Answer, { response }: Recording): void {
  const recorded = Object.fromEntries(CONSTANT_HEADERS.map((name) => [name, response.headers[name]]));
  const given = Object.fromEntries(CONSTANT_HEADERS.map((name) => [name, answer.headers[name]]));
  for (const [name, value] of Object.entries(recorded))
    if (value !== undefined) expect([name, given[name]]).toEqual([name, value]);
  for (const version of (response.headers['api-supported-versions'] ?? '').split(', ').filter(Boolean)) {
    expect(answer.headers['api-supported-versions']).toContain(version);
  }
}

/** Rate limits got other names in the course of time: only the recordings of 2025 and later count. */
function compareRateLimits(answer: Answer, { response }: Recording): void {
  const names = (headers: object): string[] =>
    Object.keys(headers)
      .filter((name) => RATE_LIMITS.test(name))
      .sort();
  expect(names(answer.headers)).toEqual(names(response.headers));
}

function compare(answer: Answer, recorded: Recording): void {
  expect(answer.status).toBe(recorded.response.status);
  compareHeaders(answer, recorded);
  expect(normalise(answer.body)).toBe(normalise(recorded.response.body));
}

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let from = 0;
  return part.every((name) => {
    from = whole.indexOf(name, from) + 1;
    return from > 0;
  });
};

if (recordingsExist) {
  beforeEach(async () => {
    cloud = await startArmCloud();
  });
  afterEach(async () => {
    await cloud.close();
  });
} else {
  it('was not compared: the recorded answers are not at hand', () => {
    expect(recordingsLike(/./)).toEqual([]);
  });
}

(recordingsExist ? describe : describe.skip)('like the recorded answers', () => {
  const modes = recordingsLike(/^PUT-(?:export|import)Pipeline-(?:mi|sas)-/).map((name) => name.replace('PUT-', ''));

  it.each(modes)('PUT, GET and DELETE of %s', async (name) => {
    const [put, get, remove] = [recording(`PUT-${name}`), recording(`GET-${name}`), recording(`DELETE-${name}`)];
    for (const recorded of [put, get, remove]) {
      const { method, url = '', body } = recorded.request;
      const answer = await replay(method, url, body ?? undefined);
      compare(answer, recorded);
      compareRateLimits(answer, recorded);
      expect(answer.headers['content-length']).toBe(method === 'DELETE' ? '0' : String(Buffer.byteLength(answer.body)));
    }
  });

  it('PUT of an export pipeline in 2021, with a location, and its LIST', async () => {
    const put = recording('PUT-exportPipeline-2021-12-01-preview-200');
    compare(await replay('PUT', put.request.url ?? '', put.request.body), put);
    const list = recording('LIST-exportPipelines-200');
    compare(await replay('GET', list.request.url ?? ''), list);
  });

  it('PUT of an import pipeline in 2021, with options and the default trigger', async () => {
    const put = recording('PUT-importPipeline-2021-08-01-preview-options-200');
    const url = '/registries/R/importPipelines/myimportpipelinexxx?api-version=2021-08-01-preview';
    compare(await replay('PUT', url, put.request.body), put);
  });

  it('LIST of nothing, and DELETE of nothing', async () => {
    compare(await replay('GET', '/registries/R/importPipelines'), recording('LIST-importPipelines-empty-200'));
    const answer = await replay('DELETE', '/registries/R/exportPipelines/nothing');
    compare(answer, recording('DELETE-exportPipeline-missing-204'));
    expect(answer.headers['content-length']).toBeUndefined();
  });

  it('GET of what is not there', async () => {
    const recorded = recording('GET-childResource-404-gateway');
    const answer = await replay('GET', '/registries/R/exportPipelines/nothing');
    const other = { ...answer, body: answer.body.replace('exportPipelines/nothing', 'tasks/cssc-patch-image') };
    compare(other, recorded);
    expect(answer.headers['x-ms-request-id']).toBe(answer.headers['x-ms-correlation-request-id']);
  });

  it('GET of the registry', async () => {
    const recorded = recording('registry-lro-4-GET-200');
    const answer = await replay('GET', '/registries/R?api-version=2025-03-01-preview');
    compareHeaders(answer, recorded);
    const name = (body: string): string => body.replace(/"name":"(?:acrtest|sandbox)[^"]*"/, '"name":"R"');
    expect(name(normalise(answer.body))).toBe(name(normalise(recorded.response.body)));
  });

  it('a refusal of the resource provider: members and their order', async () => {
    const recorded = recording('PUT-registry-409-AlreadyInUse');
    const answer = await replay('PUT', '/registries/R/exportPipelines/a-b', {});
    expect(membersOf(JSON.parse(answer.body))).toEqual(membersOf(recorded.response.body));
  });
});

(recordingsExist ? describe : describe.skip)('runs, of which nothing was recorded, like what is nearest', () => {
  const pipeline = { uri: 'https://account.blob.core.windows.net/transfer', storageAccessMode: 'SasToken' };
  const container = { ...pipeline, keyVaultUri: 'https://vault.example/secrets/sas' };
  const run = (kind: 'export' | 'import', extra: object = {}): object => ({
    properties: {
      request: {
        pipelineResourceId: `${cloud.registryId}/${kind}Pipelines/pipeline`,
        [kind === 'export' ? 'target' : 'source']: { type: 'AzureStorageBlob', name: 'blob.tar' },
        ...extra,
      },
    },
  });

  beforeEach(async () => {
    await replay('PUT', '/registries/R/exportPipelines/pipeline', { properties: { target: container } });
    await replay('PUT', '/registries/R/importPipelines/pipeline', { properties: { source: container } });
  });

  async function finished(name: string): Promise<Answer> {
    for (;;) {
      const answer = await replay('GET', `/registries/R/pipelineRuns/${name}`);
      if (!answer.body.includes('"Creating"')) return answer;
    }
  }

  it.each(['export', 'import'] as const)("the specification's examples: %s", async (kind) => {
    const example = recording(`PUT-pipelineRun-${kind}-201-spec`);
    const put = await replay('PUT', '/registries/R/pipelineRuns/exampleRun', run(kind, { artifacts: ['a:1'] }));
    expect([200, 201]).toContain(put.status);
    const ours = membersOf(JSON.parse((await finished('exampleRun')).body));
    expect([ours, isSubsequence(membersOf(example.response.body), ours)]).toEqual([ours, true]);
  });

  it('the operation status of registries', async () => {
    const url = (answer: { headers: Readonly<Record<string, unknown>> }): string =>
      normalise(String(answer.headers['azure-asyncoperation']))
        .replace(/^https:\/\/[^/]+/, 'https://ARM')
        .replace('/pipelineRuns/exampleRun', '')
        .replace(/pipelineruns-GUID|registries-GUID/, 'OPERATION')
        .replace(/api-version=[^&]+&t=\d+&c=[^&]+.*/, 'api-version=V&t=TICKS&c=CERTIFICATE');
    const put = await replay('PUT', '/registries/R/pipelineRuns/exampleRun', run('export', { artifacts: ['a:1'] }));
    expect(url(put)).toBe(url(recording('registry-lro-1-PUT-201').response).replace('/registries-GUID', '/OPERATION'));
    await finished('exampleRun');
    const status = await cloud.ask('GET', String(put.headers['azure-asyncoperation']));
    compareHeaders(status, recording('registry-lro-3-GET-200'));
    expect(JSON.parse(status.body)).toEqual(recording('registry-lro-3-GET-200').response.body);
    expect(url(status)).toBe(url(put));
  });

  it('the run that was 200 and had failed', async () => {
    const recorded = recording('PUT-pipelineRun-failed-200-issue8706');
    const { errorText } = recorded.response as unknown as { errorText: string };
    cloud.state.patch({ runs: { failAtOnce: errorText } });
    const answer = await replay(
      'PUT',
      '/registries/R/pipelineRuns/exportRunPe10',
      run('export', { artifacts: ['a:1'] }),
    );
    expect(answer.status).toBe(recorded.response.status);
    compareHeaders(answer, recorded);
    expect(JSON.parse(answer.body)).toMatchObject({ properties: { response: { pipelineRunErrorMessage: errorText } } });
  });
});
