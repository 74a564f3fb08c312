import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { listItems, readList } from '../../../../src/azure/arm/lists.ts';
import { nextUrl } from '../../../../src/azure/http/pages.ts';
import { response, armWith, errorResponse } from './client.fixture.ts';

const LIST = '/subscriptions/s/things';
const THINGS = { id: LIST, query: { apiVersion: '1', filter: null }, item: z.number(), what: 'list things' };

const read = (responses: Parameters<typeof armWith>[0]): Promise<readonly number[]> =>
  readList(armWith(responses), THINGS);

describe('listItems', () => {
  const second = response({ value: [2], nextLink: 'third' });

  it('C5: throws ACRT3009 if a page repeats', async () => {
    const arm = armWith({ [LIST]: response({ value: [1], nextLink: 'second' }), second, third: second });
    await expect(listItems(arm, THINGS)).rejects.toMatchObject({
      facts: { id: 'ACRT3009', message: expect.stringContaining('the list has a loop of pages') },
    });
  });

  it('C5: throws ACRT3009 if the next page is on another host', async () => {
    const arm = armWith({ [LIST]: response({ value: [1], nextLink: 'https://elsewhere.example/' }) });
    const follow = (url: string) => Promise.resolve().then(() => response(nextUrl(url, 'https://arm.example')));
    await expect(listItems({ ...arm, follow }, THINGS)).rejects.toMatchObject({
      facts: { id: 'ACRT3009', message: expect.stringContaining('another host: elsewhere.example') },
    });
  });

  it('returns each entry with the response of its page', async () => {
    const arm = armWith({
      [LIST]: response({ value: [1], nextLink: 'second' }),
      second,
      third: response({ value: [] }),
    });
    expect((await listItems(arm, THINGS)).map(({ item, response: { body } }) => [item, body])).toEqual([
      [1, { value: [1], nextLink: 'second' }],
      [2, { value: [2], nextLink: 'third' }],
    ]);
  });

  it.each(['empty', 'error'] as const)('treats a missing list as %s', async (absence) => {
    const items = listItems(armWith({}), THINGS, absence);
    if (absence === 'empty') await expect(items).resolves.toEqual([]);
    else await expect(items).rejects.toMatchObject({ facts: { id: 'ACRT3009' } });
  });
});

describe('readList', () => {
  it('reads all pages', async () => {
    const responses = {
      [LIST]: response({ value: [1, 2], nextLink: 'second' }),
      second: response({ value: [], nextLink: 'third' }),
      third: response({ value: [3], nextLink: null }),
    };
    expect(await read(responses)).toEqual([1, 2, 3]);
  });

  it.each([
    {
      name: 'an error response',
      responses: { [LIST]: errorResponse(403, 'AuthorizationFailed') },
      why: 'AuthorizationFailed: words',
    },
    { name: 'another document', responses: { [LIST]: response('<html>') }, why: 'unexpected response' },
    {
      name: 'an error response for a page',
      responses: { [LIST]: response({ value: [1], nextLink: 'second' }), second: errorResponse(500, 'Oops') },
      why: 'Oops',
    },
    {
      name: 'a loop of pages',
      responses: { [LIST]: response({ value: [1], nextLink: 'p' }), p: response({ value: [2], nextLink: 'p' }) },
      why: 'loop of pages',
    },
  ])('throws for $name', async ({ responses, why }) => {
    await expect(read(responses)).rejects.toThrow(new RegExp(`^cannot list things: .*${why}`));
  });
});
