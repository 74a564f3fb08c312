import { describe, expect, it } from '@jest/globals';
import { nextUrl, PagingError, readPages, type Page } from '../../../../src/azure/http/pages.ts';

/** Reads a list whose page at each position has this next position. Returns the positions that were read. */
async function positionsOf(next: (position: string | null, reads: number) => string | null | undefined) {
  const read: (string | null)[] = [];
  const pages = readPages((position): Promise<Page<string | null>> => {
    read.push(position);
    return Promise.resolve({ content: position, next: next(position, read.length) });
  });
  const result = await pages.catch((error: unknown) => error);
  return { read, result };
}

describe('readPages', () => {
  it.each([
    ['null', null],
    ['absent', undefined],
    ['empty', ''],
  ])('ends if the next position is %s', async (_, end) => {
    const { read, result } = await positionsOf((position) => (position === null ? 'a' : end));
    expect([read, result]).toEqual([
      [null, 'a'],
      [null, 'a'],
    ]);
  });

  it.each([
    { name: 'itself', next: () => 'a', reads: 2 },
    { name: 'an earlier page', next: (position: string | null) => (position === 'a' ? 'b' : 'a'), reads: 3 },
  ])('C5: throws if a page is followed by $name', async ({ next, reads }) => {
    const { read, result } = await positionsOf(next);
    expect(result).toEqual(new PagingError('the list has a loop of pages'));
    expect(read).toHaveLength(reads);
  });

  it('C5: throws if the service always names another page', async () => {
    const { read, result } = await positionsOf((_, reads) => String(reads));
    expect(result).toBeInstanceOf(PagingError);
    expect(read).toHaveLength(10_000);
  });
});

describe('nextUrl', () => {
  it.each([
    ['/b?c=%2F', 'https://service.example/b?c=%2F'],
    ['https://service.example/b', 'https://service.example/b'],
  ])('resolves %s', (link, expected) => {
    expect(nextUrl(link, 'https://service.example/a?n=1')).toBe(expected);
  });

  it.each(['https://elsewhere.example/b', '//elsewhere.example', 'http://service.example/b', 'https://'])(
    'C5: throws for %s',
    (link) => {
      expect(() => nextUrl(link, 'https://service.example/a')).toThrow(PagingError);
    },
  );
});
