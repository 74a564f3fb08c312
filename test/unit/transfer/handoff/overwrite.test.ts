/** A blob at the target that appears or changes while the bytes are copied is not replaced. */
import { describe, expect, it } from '@jest/globals';
import { first, troubled } from '../ports/faulty-container.fixture.ts';
import { CATEGORY, expectedOf, failureId, scene, type Setting } from './copy-blob.fixture.ts';

const BYTES = Buffer.from('the content of a transfer blob');
const OTHER = Buffer.from('written by another workflow');
const EXPECTED = expectedOf(BYTES);
const BEFORE = { bytes: Buffer.from('the blob that was seen') };

const WAYS: readonly Pick<Setting, 'part' | 'reach'>[] = [
  { part: { method: 'stream', overwrite: true }, reach: null },
  { part: { method: 'server', overwrite: true }, reach: true },
];

describe.each(WAYS)('a handoff by $part.method', (way) => {
  const kind = way.part?.method === 'server' ? 'pull' : 'stage';

  it.each([
    { name: 'appears', there: {} },
    { name: 'changes', there: { there: BEFORE } },
  ])('keeps a blob that $name while the bytes are copied', async ({ there }) => {
    const { target, arrived, handOff } = scene({ at: { bytes: BYTES }, ...there, ...way });
    const before = first(1, kind, () => {
      target.put('a.tar', OTHER, { metadata: CATEGORY });
    });
    const outcome = handOff(EXPECTED, { containers: { target: troubled(target, { before }) } });
    expect(await failureId(outcome)).toBe('ACRT5009');
    expect(arrived()).toEqual(OTHER);
  });

  it('does not restore a blob that is removed while the bytes are copied', async () => {
    const { target, handOff } = scene({ at: { bytes: BYTES }, there: BEFORE, ...way });
    const before = first(1, kind, () => {
      target.blobs.delete('a.tar');
    });
    const outcome = handOff(EXPECTED, { containers: { target: troubled(target, { before }) } });
    expect(await failureId(outcome)).toBe('ACRT5009');
    expect(target.blobs.size).toBe(0);
  });

  it('replaces the blob that was found at the start', async () => {
    const { arrived, handOff } = scene({ at: { bytes: BYTES }, there: BEFORE, ...way });
    expect(await handOff(EXPECTED)).toMatchObject({ outcome: 'done' });
    expect(arrived()).toEqual(BYTES);
  });
});
