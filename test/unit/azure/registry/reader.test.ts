import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { retryingSend } from '../../../../src/azure/http/retrying-send.ts';
import { createThrottle } from '../../../../src/azure/http/throttle.ts';
import { nextPage, registryReader } from '../../../../src/azure/registry/reader.ts';
import type { RegistryRequest, RegistryResponse } from '../../../../src/azure/registry/transport.ts';
import { fakeClock } from '../../transfer/ports/clock.fixture.ts';
import { answerOf, registryWith } from './transport.fixture.ts';

const ORIGIN = 'https://registry.example';
const reading = { path: '/v2/_catalog?n=2', scope: 'registry:catalog:*', accept: 'application/json' };
const page = z.object({ names: z.array(z.string()) });

function readerOf(answer: (ask: RegistryRequest) => RegistryResponse) {
  const { send, asked } = registryWith(answer);
  const clock = fakeClock();
  const steady = retryingSend(createThrottle(clock), clock);
  const reader = registryReader(ORIGIN, (scope) => ({ use: (work) => work(`token for ${scope}`) }), send, steady);
  return { asked, pages: () => reader.readPages(reading, page) };
}

const linking = (link: string): RegistryResponse => answerOf(200, { names: [] }, { link });

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
    'never goes to another host: %s',
    (link) => {
      expect(() => nextPage(link, url)).toThrow('another host: elsewhere.example');
    },
  );

  it('never goes on without TLS', () => {
    expect(() => nextPage('<http://registry.example/v2/>; rel="next"', url)).toThrow('another host');
  });
});

describe('reading pages', () => {
  it('asks again for half an answer, and for the page of somebody in between', async () => {
    const whole = Buffer.from(JSON.stringify({ names: ['a', 'b'] }));
    const bodies = [whole.subarray(0, 9), Buffer.from('<html>busy</html>'), whole];
    const { asked, pages } = readerOf(() => ({ ...answerOf(200), body: bodies[asked.length - 1] ?? whole }));
    expect(await pages()).toEqual([{ names: ['a', 'b'] }]);
    expect(asked).toHaveLength(3);
  });

  it('goes to the last page, signed in', async () => {
    const { asked, pages } = readerOf(({ url }) =>
      url.includes('last=b')
        ? answerOf(200, { names: ['c'] })
        : answerOf(200, { names: ['a', 'b'] }, { link: '</v2/_catalog?last=b&n=2>; rel="next"' }),
    );
    expect(await pages()).toEqual([{ names: ['a', 'b'] }, { names: ['c'] }]);
    expect(asked.map(({ url }) => url)).toEqual([`${ORIGIN}/v2/_catalog?n=2`, `${ORIGIN}/v2/_catalog?last=b&n=2`]);
    expect(asked.every(({ headers }) => headers['authorization'] === 'Bearer token for registry:catalog:*')).toBe(true);
  });

  it.each([
    { name: 'a list that goes round', answer: linking('</v2/_catalog?n=2>; rel="next"'), says: 'in circles', tries: 1 },
    {
      name: 'a list that goes on elsewhere',
      answer: linking('<https://a.example>; rel="next"'),
      says: 'another host',
      tries: 1,
    },
    { name: 'something else', answer: answerOf(200, { names: 'a' }), says: 'not understood: names', tries: 5 },
    { name: 'a page of HTML', answer: answerOf(200, '<html>'), says: 'JSON', tries: 5 },
  ])('refuses $name', async ({ answer, says, tries }) => {
    const { asked, pages } = readerOf(() => answer);
    await expect(pages()).rejects.toThrow(says);
    expect(asked).toHaveLength(tries);
  });

  it('says what was refused without what went with the request', async () => {
    const { pages } = readerOf(() => answerOf(403, { errors: [{ code: 'DENIED', message: 'not from here' }] }));
    const error = await pages().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ statusCode: 403 });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('token for');
  });
});
