import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blobOf, pathOf } from '../../../src/filesystem/paths.ts';
import { isBlobName } from '../../../src/transfer/model/names.ts';

const blobName = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('con', 'NUL.tar', 'a.', 'b ', '%', '%2F', ''),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join('/'))
  .filter(isBlobName);

describe('pathOf', () => {
  it('gives every blob a unique path that can be converted back to its name', () => {
    fc.assert(
      fc.property(blobName, (name) => {
        const path = pathOf(name);
        expect(path).not.toBeNull();
        expect(blobOf(path ?? '')).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays in the directory, and is valid on every disk', () => {
    fc.assert(
      fc.property(blobName, (name) => {
        const segments = (pathOf(name) ?? '..').split('/');
        for (const segment of segments) {
          expect(segment).toMatch(/^[^<>:"|?*\\\p{Cc}]+$/u);
          expect(segment).not.toMatch(/^\.{1,2}$|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a/b.tar', 'a/b.tar'],
    ['100%.tar', '100%25.tar'],
    ['NUL.tar', '%4EUL.tar'],
    ['a:b', 'a%3Ab'],
    ['SHA256SUMS', 'SHA256SUM%53'],
    ['x.partial', 'x.partia%6C'],
    ['ünï', 'ünï'],
  ])('writes %s as %s', (name, path) => {
    expect(pathOf(name)).toBe(path);
  });

  it('allows names as long as file systems do, and no longer', () => {
    const longest = 'x'.repeat(255);
    expect(pathOf(`a/${longest}`)).toBe(`a/${longest}`);
    expect(pathOf(`a/${longest}x`)).toBeNull();
    // Three bytes each.
    expect(pathOf('€'.repeat(85))).toBe('€'.repeat(85));
    expect(pathOf('€'.repeat(86))).toBeNull();
  });

  it.each(['../a', 'a/../b', '', `${'x'.repeat(256)}.tar`])('has no path for "%s"', (name) => {
    expect(pathOf(name)).toBeNull();
  });
});

describe('blobOf', () => {
  it.each(['a%', 'a%2fb', 'nul', '%61'])('returns no blob for "%s"', (path) => {
    expect(blobOf(path)).toBeNull();
  });
});
