import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { retryingSend } from '../../../../src/azure/http/retrying-send.ts';
import { createThrottle } from '../../../../src/azure/http/throttle.ts';
import { nextPage, registryReader } from '../../../../src/azure/registry/reader.ts';
import type { RegistryRequest, RegistryResponse } from '../../../../src/azure/registry/transport.ts';
import { fakeClock } from '../../transfer/ports/clock.fixture.ts';
import { responseOf, registryWith } from './transport.fixture.ts';

const ORIGIN = 'https://registry.example';
const request = { path: '/v2/_catalog?n=2', scope: 'registry:catalog:*', accept: 'application/json' };
const page = z.object({ names: z.array(z.string()) });

function readerOf(respond: (request: RegistryRequest) => RegistryResponse) {
  const { send, requests } = registryWith(respond);
  const clock = fakeClock();
  const retry = retryingSend(createThrottle(clock), clock);
  const reader = registryReader(ORIGIN, (scope) => ({ use: (work) => work(`token for ${scope}`) }), send, retry);
  return { requests, pages: () => reader.readPages(request, page) };
}

const responseWithLink = (link: string): RegistryResponse => responseOf(200, { names: [] }, { link });

describe('nextPage', () => {
  const url = `${ORIGIN}/acr/v1/team/api/_tags?n=2`;

  it.each([
    {
      name: 'a relative URL',
      link: '</v2/_catalog?last=team%2Fapi&n=2&orderby=>; rel="next"',
      next: `${ORIGIN}/v2/_catalog?last=team%2Fapi&n=2&orderby=`,
    },
    { name: 'an absolute URL', link: `<${ORIGIN}/v2/_catalog?last=a>; rel=next`, next: `${ORIGIN}/v2/_catalog?last=a` },
    { name: 'one of several', link: '</first>; rel="first", </b>; title="x"; rel="next"', next: `${ORIGIN}/b` },
    { name: 'no link', link: undefined, next: null },
    { name: 'another relation', link: '</first>; rel="first"', next: null },
  ])('reads $name', ({ link, next }) => {
    expect(nextPage(link, url)).toBe(next);
  });

  it.each(['<https://elsewhere.example/v2/>; rel="next"', '<//elsewhere.example/v2/>; rel="next"'])(
    'rejects another host: %s',
    (link) => {
      expect(() => nextPage(link, url)).toThrow('another host: elsewhere.example');
    },
  );

  it('rejects a page without TLS', () => {
    expect(() => nextPage('<http://registry.example/v2/>; rel="next"', url)).toThrow('another host');
  });
});

describe('readPages', () => {
  it('retries after a truncated response, and after the HTML page of a proxy', async () => {
    const complete = Buffer.from(JSON.stringify({ names: ['a', 'b'] }));
    const bodies = [complete.subarray(0, 9), Buffer.from('<html>busy</html>'), complete];
    const { requests, pages } = readerOf(() => ({ ...responseOf(200), body: bodies[requests.length - 1] ?? complete }));
    expect(await pages()).toEqual([{ names: ['a', 'b'] }]);
    expect(requests).toHaveLength(3);
  });

  it('reads all pages with a token', async () => {
    const { requests, pages } = readerOf(({ url }) =>
      url.includes('last=b')
        ? responseOf(200, { names: ['c'] })
        : responseOf(200, { names: ['a', 'b'] }, { link: '</v2/_catalog?last=b&n=2>; rel="next"' }),
    );
    expect(await pages()).toEqual([{ names: ['a', 'b'] }, { names: ['c'] }]);
    expect(requests.map(({ url }) => url)).toEqual([`${ORIGIN}/v2/_catalog?n=2`, `${ORIGIN}/v2/_catalog?last=b&n=2`]);
    expect(requests.every(({ headers }) => headers['authorization'] === 'Bearer token for registry:catalog:*')).toBe(
      true,
    );
  });

  it.each([
    {
      name: 'a loop of pages',
      response: responseWithLink('</v2/_catalog?n=2>; rel="next"'),
      message: 'loop of pages',
      attempts: 2,
    },
    {
      name: 'a page on another host',
      response: responseWithLink('<https://a.example>; rel="next"'),
      message: 'another host',
      attempts: 1,
    },
    {
      name: 'another document',
      response: responseOf(200, { names: 'a' }),
      message: 'unexpected response: names',
      attempts: 5,
    },
    { name: 'a page of HTML', response: responseOf(200, '<html>'), message: 'JSON', attempts: 5 },
  ])('rejects $name', async ({ response, message, attempts }) => {
    const { requests, pages } = readerOf(() => response);
    await expect(pages()).rejects.toThrow(message);
    expect(requests).toHaveLength(attempts);
  });

  it('throws an error response without the headers of the request', async () => {
    const { pages } = readerOf(() => responseOf(403, { errors: [{ code: 'DENIED', message: 'not from here' }] }));
    const error = await pages().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ statusCode: 403 });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('token for');
  });
});
