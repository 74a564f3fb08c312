import { describe, expect, it } from '@jest/globals';
import { subjectOfTag } from '../../../../src/transfer/selection/pattern.ts';

const HEX = '0a'.repeat(32);

describe('subjectOfTag', () => {
  it.each([
    { name: 'a signature', tag: `sha256-${HEX}.sig` },
    { name: 'an attestation', tag: `sha256-${HEX}.att` },
    { name: 'an SBOM', tag: `sha256-${HEX}.sbom` },
    { name: 'a list of referrers', tag: `sha256-${HEX}` },
  ])('returns the subject of $name', ({ tag }) => {
    expect(subjectOfTag(tag)).toBe(`sha256:${HEX}`);
  });

  it.each([
    { name: 'a version', tag: 'v1.2.3' },
    { name: 'a short commit', tag: 'sha256-0a2e' },
    { name: 'another suffix', tag: `sha256-${HEX}.tar` },
    { name: 'capitals', tag: `sha256-${HEX.toUpperCase()}.sig` },
    { name: 'a prefix', tag: `x-sha256-${HEX}.sig` },
    { name: 'a line break', tag: `sha256-${HEX}\n` },
  ])('returns null for $name', ({ tag }) => {
    expect(subjectOfTag(tag)).toBeNull();
  });
});
