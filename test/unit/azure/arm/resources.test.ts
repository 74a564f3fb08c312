import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { readList, resourceIdSchema } from '../../../../src/azure/arm/resources.ts';
import { response, armWith, errorResponse } from './client.fixture.ts';

const LIST = '/subscriptions/s/things';
const QUERY = { apiVersion: '1', filter: null };

const read = (responses: Parameters<typeof armWith>[0]): Promise<readonly number[]> =>
  readList(armWith(responses), LIST, QUERY, z.number(), 'list things');

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

describe('resourceIdSchema', () => {
  it.each([
    ['/subscriptions/s/resourceGroups/g', true],
    ['/providers/Microsoft.Authorization/roleDefinitions/r', true],
    ['https://elsewhere.example/subscriptions/s', false],
    ['/subscriptions/s?api-version=1', false],
    ['//elsewhere.example', false],
  ])('accepts %s: %s', (id, valid) => {
    expect(resourceIdSchema.safeParse(id).success).toBe(valid);
  });
});
