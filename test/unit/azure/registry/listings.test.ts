import { describe, expect, it } from '@jest/globals';
import { catalogPage, manifestsPage, referrersPage, tagsPage } from '../../../../src/azure/registry/listings.ts';

const UNLOCKED = { readable: true, writable: true, quarantined: false };

describe('pages of lists', () => {
  it('parse manifests, with and without optional members', () => {
    const manifests = [
      { digest: 'sha256:a', mediaType: 'application/json', imageSize: 5, tags: ['v1'], architecture: 'amd64' },
      { digest: 'sha256:b' },
    ];
    expect(manifestsPage.parse({ registry: 'r', manifests })).toEqual([
      { digest: 'sha256:a', mediaType: 'application/json', size: 5, tags: ['v1'], locks: UNLOCKED },
      { digest: 'sha256:b', mediaType: null, size: null, tags: [], locks: UNLOCKED },
    ]);
  });

  it('parse tags and their times', () => {
    const tags = [{ name: 'v1', digest: 'sha256:a', lastUpdateTime: '2025-04-22T21:54:33.0512957Z' }];
    expect(tagsPage.parse({ tags })).toEqual([
      { name: 'v1', digest: 'sha256:a', pushedAt: Date.UTC(2025, 3, 22, 21, 54, 33, 51), locks: UNLOCKED },
    ]);
  });

  it.each([
    { attributes: { readEnabled: true, writeEnabled: true, deleteEnabled: false }, locks: UNLOCKED },
    { attributes: null, locks: UNLOCKED },
    { attributes: { writeEnabled: false }, locks: { ...UNLOCKED, writable: false } },
    { attributes: { readEnabled: false, quarantineState: 'Passed' }, locks: { ...UNLOCKED, readable: false } },
    { attributes: { quarantineState: 'quarantined' }, locks: { ...UNLOCKED, quarantined: true } },
  ])('parse $attributes as $locks', ({ attributes, locks }) => {
    const lastUpdateTime = '2025-04-22T21:54:33.0512957Z';
    const changeableAttributes = attributes;
    const tags = [{ name: 'v1', digest: 'sha256:a', lastUpdateTime, changeableAttributes }];
    expect(tagsPage.parse({ tags })).toMatchObject([{ locks }]);
    expect(manifestsPage.parse({ manifests: [{ digest: 'sha256:a', changeableAttributes }] })).toMatchObject([
      { locks },
    ]);
  });

  it('share one object between all entries without locks', () => {
    const manifests = [{ digest: 'sha256:a' }, { digest: 'sha256:b', changeableAttributes: { readEnabled: true } }];
    const [first, second] = manifestsPage.parse({ manifests });
    expect(first?.locks).toBe(second?.locks);
    expect(Object.isFrozen(first?.locks)).toBe(true);
  });

  it('reject an invalid time', () => {
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
  ])('parse $body', ({ page, body, entries }) => {
    expect(page.parse(body)).toEqual(entries);
  });
});
