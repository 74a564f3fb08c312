import { describe, expect, it } from '@jest/globals';
import { couldMatch, sameContent, type BlobContent } from '../../../../src/transfer/handoff/blob-identity.ts';
import type { MemoryContainer } from '../ports/blob-container.fixture.ts';
import { CATEGORY, expectedOf, failureId, scene, type Setting } from './copy-blob.fixture.ts';

const BYTES = Buffer.from('the content of a transfer blob');
const OTHER = Buffer.from('the content of another blob 12');
const EXPECTED = expectedOf(BYTES);
const UNKNOWN = { metadata: CATEGORY, md5: null };

const BLOB: BlobContent = { size: 3, md5: 'bWQ1' };

describe('two blobs', () => {
  it.each<{ name: string; blob: BlobContent; other: BlobContent; same: boolean; possible: boolean }>([
    { name: 'of one size and MD5', blob: BLOB, other: BLOB, same: true, possible: true },
    { name: 'of two sizes', blob: { ...BLOB, size: 4 }, other: BLOB, same: false, possible: false },
    { name: 'of two MD5', blob: { ...BLOB, md5: 'b3RoZXI=' }, other: BLOB, same: false, possible: false },
    { name: 'of which one has no MD5', blob: { ...BLOB, md5: null }, other: BLOB, same: false, possible: true },
    {
      name: 'of which one has neither this size nor an MD5',
      blob: { size: 4, md5: null },
      other: BLOB,
      same: false,
      possible: false,
    },
    {
      name: 'of which none has an MD5',
      blob: { ...BLOB, md5: null },
      other: { ...BLOB, md5: null },
      same: false,
      possible: true,
    },
    {
      name: 'of which only the other one has no MD5',
      blob: BLOB,
      other: { ...BLOB, md5: null },
      same: false,
      possible: false,
    },
  ])('$name: the same $same, possibly $possible', ({ blob, other, same, possible }) => {
    expect([sameContent(blob, other), couldMatch(blob, other)]).toEqual([same, possible]);
  });
});

describe('a blob without an MD5 at both ends', () => {
  it('is not considered up to date, although both blobs have the same size', async () => {
    const { arrived, handOff } = scene({
      at: { bytes: BYTES, facts: UNKNOWN },
      there: { bytes: OTHER, facts: UNKNOWN },
    });
    expect(await failureId(handOff())).toBe('ACRT5009');
    expect(arrived()).toEqual(OTHER);
  });

  it('replaces the existing blob with overwrite', async () => {
    const { arrived, handOff } = scene({
      at: { bytes: BYTES, facts: UNKNOWN },
      there: { bytes: OTHER, facts: UNKNOWN },
      part: { overwrite: true },
    });
    expect(await handOff()).toMatchObject({ outcome: 'done' });
    expect(arrived()).toEqual(BYTES);
  });

  it('fails if another runner commits a blob without an MD5 first', async () => {
    const { target, arrived, handOff } = scene({ at: { bytes: BYTES, facts: UNKNOWN } });
    const commit: MemoryContainer['commit'] = () => {
      target.put('a.tar', OTHER, UNKNOWN);
      return Promise.resolve(null);
    };
    expect(await failureId(handOff(null, { containers: { target: { ...target, commit } } }))).toBe('ACRT5009');
    expect(arrived()).toEqual(OTHER);
  });
});

describe('a source blob that is not the one of the manifest', () => {
  const MOVING = ['read', 'stage', 'pull', 'commit'];
  const moving = ({ calls }: MemoryContainer): readonly string[] =>
    calls.filter((call) => MOVING.some((kind) => call.startsWith(`${kind} `)));

  const WAYS: readonly Pick<Setting, 'part' | 'reach'>[] = [
    { part: { method: 'stream' }, reach: null },
    { part: { method: 'server' }, reach: true },
    { part: { method: 'auto' }, reach: true },
  ];

  const FAULTS = [
    { name: 'another MD5', at: { bytes: OTHER }, expected: EXPECTED },
    { name: 'another size', at: { bytes: BYTES }, expected: { ...EXPECTED, size: BYTES.length + 1 } },
    {
      name: 'another size, and no MD5',
      at: { bytes: BYTES.subarray(1), facts: { md5: null } },
      expected: EXPECTED,
    },
  ];

  it.each(WAYS.flatMap((way) => FAULTS.map((fault) => ({ ...fault, way, method: way.part?.method }))))(
    'with $name is refused before a byte moves: $method',
    async ({ at, expected, way }) => {
      const { source, target, handOff } = scene({ at, ...way });
      expect(await failureId(handOff(expected))).toBe('ACRT5002');
      expect([moving(source), moving(target)]).toEqual([[], []]);
    },
  );

  it('is refused before it replaces the existing blob', async () => {
    const { source, target, arrived, handOff } = scene({
      at: { bytes: OTHER },
      there: { bytes: Buffer.from('before') },
      part: { overwrite: true },
    });
    expect(await failureId(handOff(EXPECTED))).toBe('ACRT5002');
    expect([moving(source), moving(target), arrived()?.toString()]).toEqual([[], [], 'before']);
  });
});
