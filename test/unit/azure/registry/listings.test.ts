import { describe, expect, it } from '@jest/globals';
import { catalogPage, manifestsPage, referrersPage, tagsPage } from '../../../../src/azure/registry/listings.ts';

describe('pages of lists', () => {
  it('tell of manifests, with and without what may be missing', () => {
    const manifests = [
      { digest: 'sha256:a', mediaType: 'application/json', imageSize: 5, tags: ['v1'], architecture: 'amd64' },
      { digest: 'sha256:b' },
    ];
    expect(manifestsPage.parse({ registry: 'r', manifests })).toEqual([
      { digest: 'sha256:a', mediaType: 'application/json', size: 5, tags: ['v1'] },
      { digest: 'sha256:b', mediaType: null, size: null, tags: [] },
    ]);
  });

  it('tell of tags and their times', () => {
    const tags = [{ name: 'v1', digest: 'sha256:a', lastUpdateTime: '2025-04-22T21:54:33.0512957Z' }];
    expect(tagsPage.parse({ tags })).toEqual([
      { name: 'v1', digest: 'sha256:a', pushedAt: Date.UTC(2025, 3, 22, 21, 54, 33, 51) },
    ]);
  });

  it('do not guess a time', () => {
    const tags = [{ name: 'v1', digest: 'sha256:a', lastUpdateTime: 'yesterday' }];
    expect(tagsPage.safeParse({ tags }).error?.issues[0]).toMatchObject({ message: 'it is not a time' });
  });

  it.each([
    { page: catalogPage, body: { repositories: ['a', 'b'] }, entries: ['a', 'b'] },
    { page: referrersPage, body: { manifests: [{ digest: 'sha256:a', size: 1 }] }, entries: ['sha256:a'] },
    { page: catalogPage, body: { repositories: null }, entries: [] },
    { page: manifestsPage, body: { manifests: null }, entries: [] },
    { page: tagsPage, body: {}, entries: [] },
    { page: referrersPage, body: { manifests: [] }, entries: [] },
  ])('read $body', ({ page, body, entries }) => {
    expect(page.parse(body)).toEqual(entries);
  });
});
