import { createHttpHeaders, createPipelineRequest, RestError, type HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from '@jest/globals';
import { outageObserver } from '../../../../src/azure/identity/outage-observer.ts';

const AUTHORITY = 'https://login.example';
const OTHER = 'http://169.254.169.254/metadata';

/** Sends requests one after the other. Each one gets a status or fails with a code. */
async function lastOf(
  authority: string | null,
  ...requests: readonly (readonly [url: string, end: number | string])[]
) {
  const ends = requests.map(([, end]) => end).values();
  const client: HttpClient = {
    sendRequest: (request) => {
      const end = ends.next().value ?? 200;
      if (typeof end === 'string') return Promise.reject(new RestError(`${end} x`, { code: end, request }));
      return Promise.resolve({ request, status: end, headers: createHttpHeaders(), bodyAsText: '{}' });
    },
  };
  const { httpClient, last } = outageObserver(client, authority);
  for (const [url] of requests) await httpClient.sendRequest(createPipelineRequest({ url })).catch(() => null);
  return last()?.facts.id ?? null;
}

describe('D2: the observer of the requests of a sign-in', () => {
  it.each([
    { name: 'a server error', requests: [[AUTHORITY, 503]], id: 'ACRT2019' },
    { name: 'a lost connection', requests: [[AUTHORITY, 'ECONNRESET']], id: 'ACRT2005' },
    { name: 'an answer', requests: [[AUTHORITY, 400]], id: null },
    {
      name: 'an answer after a server error',
      requests: [
        [AUTHORITY, 503],
        [AUTHORITY, 200],
      ],
      id: null,
    },
    { name: 'a server error of another host', requests: [[OTHER, 503]], id: null },
    {
      name: 'a server error, and then a lost connection of another host',
      requests: [
        [AUTHORITY, 503],
        [OTHER, 'ECONNRESET'],
      ],
      id: 'ACRT2019',
    },
  ] as const)('remembers of the authority only: $name', async ({ requests, id }) => {
    expect(await lastOf(AUTHORITY, ...requests)).toBe(id);
  });

  it.each([
    { name: 'a server error', requests: [[OTHER, 503]], id: 'ACRT2019' },
    { name: 'no lost connection, which is expected', requests: [[OTHER, 'ECONNREFUSED']], id: null },
  ] as const)('remembers of any host without an authority: $name', async ({ requests, id }) => {
    expect(await lastOf(null, ...requests)).toBe(id);
  });
});
