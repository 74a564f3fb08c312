import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { readList, resourceIdSchema } from '../../../../src/azure/arm/resources.ts';
import { answer, armWith, refusal } from './client.fixture.ts';

const LIST = '/subscriptions/s/things';
const QUERY = { apiVersion: '1', filter: null };

const read = (answers: Parameters<typeof armWith>[0]): Promise<readonly number[]> =>
  readList(armWith(answers), LIST, QUERY, z.number(), 'list things');

describe('readList', () => {
  it('reads to the last page', async () => {
    const answers = {
      [LIST]: answer({ value: [1, 2], nextLink: 'second' }),
      second: answer({ value: [], nextLink: 'third' }),
      third: answer({ value: [3], nextLink: null }),
    };
    expect(await read(answers)).toEqual([1, 2, 3]);
  });

  it.each([
    { name: 'a refusal', answers: { [LIST]: refusal(403, 'AuthorizationFailed') }, why: 'AuthorizationFailed: words' },
    { name: 'something else', answers: { [LIST]: answer('<html>') }, why: 'not understood' },
    {
      name: 'a refused page',
      answers: { [LIST]: answer({ value: [1], nextLink: 'second' }), second: refusal(500, 'Oops') },
      why: 'Oops',
    },
    {
      name: 'a circle',
      answers: { [LIST]: answer({ value: [1], nextLink: 'p' }), p: answer({ value: [2], nextLink: 'p' }) },
      why: 'in circles',
    },
  ])('tells of $name', async ({ answers, why }) => {
    await expect(read(answers)).rejects.toThrow(new RegExp(`^cannot list things: .*${why}`));
  });
});

describe('resource IDs', () => {
  it.each([
    ['/subscriptions/s/resourceGroups/g', true],
    ['/providers/Microsoft.Authorization/roleDefinitions/r', true],
    ['https://elsewhere.example/subscriptions/s', false],
    ['/subscriptions/s?api-version=1', false],
    ['//elsewhere.example', false],
  ])('%s: %s', (id, good) => {
    expect(resourceIdSchema.safeParse(id).success).toBe(good);
  });
});
