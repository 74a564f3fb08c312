import { describe, expect, it } from '@jest/globals';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { fakeClock } from '../ports/clock.fixture.ts';
import { first, passing, troubled } from '../ports/faulty-container.fixture.ts';
import { CATEGORY, expectedOf, failureId, scene } from './copy-blob.fixture.ts';

const BYTES = Buffer.from('the content of a transfer blob');
const OTHER = Buffer.from('the content of another blob 12');
const EXPECTED = expectedOf(BYTES);

describe('copyBlob', () => {
  it('copies bytes, MD5, content type and metadata', async () => {
    const facts = { contentType: 'application/x-tar', metadata: { ...CATEGORY, run: '7' } };
    const { target, handOff, progress } = scene({ at: { bytes: BYTES, facts } });

    expect(await handOff()).toMatchObject({
      outcome: 'done',
      handoff: { method: 'stream', bytes: BYTES.length, reused: 0, seconds: 0 },
    });
    expect(target.blobs.get('a.tar')).toMatchObject({ bytes: BYTES, facts: { ...facts, md5: EXPECTED.md5 } });
    expect(progress.at(-1)).toEqual({ unit: 'bytes', done: BYTES.length, total: BYTES.length, reused: 0 });
  });

  it('adds the category that the source trigger requires if it is missing', async () => {
    const { target, handOff } = scene({ at: { bytes: BYTES, facts: { metadata: { run: '7' } } } });
    await handOff();

    expect(target.blobs.get('a.tar')?.facts.metadata).toEqual({ ...CATEGORY, run: '7' });
  });

  it('restores the properties in the manifest for a blob that has lost them', async () => {
    const { target, handOff } = scene({ at: { bytes: BYTES, facts: { md5: null, contentType: 'text/plain' } } });
    const expected = { ...EXPECTED, contentType: 'application/x-tar', metadata: { ...CATEGORY, run: '7' } };
    await handOff(expected);

    const { contentType, metadata, md5 } = expected;
    expect(target.blobs.get('a.tar')?.facts).toMatchObject({ contentType, metadata, md5 });
  });

  it.each([
    { tier: null, expected: null },
    { tier: 'Cold', expected: 'Cold' },
    { tier: 'source', expected: 'Cool' },
  ])('sets the requested access tier: $tier', async ({ tier, expected }) => {
    const { target, handOff } = scene({ at: { bytes: BYTES, facts: { tier: 'Cool' } }, part: { tier } });
    await handOff();

    expect(target.blobs.get('a.tar')?.facts.tier).toBe(expected);
  });

  it.each([
    { name: 'with a manifest', expected: EXPECTED, at: { bytes: BYTES }, asked: 0 },
    { name: 'with a manifest, after the blob was deleted at the source', expected: EXPECTED, at: null, asked: 0 },
    { name: 'by name, if it equals the source', expected: null, at: { bytes: BYTES }, asked: 1 },
  ])('skips a blob that is up to date, and reads it once at the target: $name', async ({ expected, at, asked }) => {
    const { source, target, handOff } = scene({ at, there: { bytes: BYTES, facts: { metadata: CATEGORY } } });

    expect(await handOff(expected)).toMatchObject({ outcome: 'skipped', handoff: null });
    expect([target.calls, source.calls.length]).toEqual([['find a.tar', 'read a.tar'], asked]);
  });

  it('adds the category to a blob that is up to date, without copying it', async () => {
    const facts = { metadata: { run: '7' }, contentType: 'text/x', tier: 'Cool' };
    const { target, handOff } = scene({ at: null, there: { bytes: BYTES, facts } });

    expect(await handOff(EXPECTED)).toMatchObject({ outcome: 'skipped', handoff: null });
    const now = { ...facts, metadata: { ...CATEGORY, run: '7' }, md5: EXPECTED.md5 };
    expect(target.blobs.get('a.tar')).toMatchObject({ bytes: BYTES, facts: now });
  });

  it('succeeds if another runner adds the category first', async () => {
    const { target, handOff } = scene({ at: { bytes: BYTES }, there: { bytes: BYTES } });
    const slow: BlobContainer = {
      ...target,
      describe: async (name, metadata, etag) => {
        await target.describe(name, metadata, target.blobs.get(name)?.facts.etag ?? '');
        return target.describe(name, metadata, etag);
      },
    };

    expect(await handOff(EXPECTED, { containers: { target: slow } })).toMatchObject({ outcome: 'skipped' });
  });

  describe.each([
    { name: 'differs', there: { bytes: OTHER, facts: { metadata: CATEGORY } } },
    { name: 'is shorter', there: { bytes: BYTES.subarray(1), facts: { metadata: CATEGORY } } },
    { name: 'has no MD5', there: { bytes: BYTES, facts: { metadata: CATEGORY, md5: null } } },
  ])('a target blob that $name', ({ there }) => {
    it('is not changed', async () => {
      const { target, handOff } = scene({ at: { bytes: BYTES }, there });

      await expect(handOff(EXPECTED)).rejects.toHaveProperty('facts.id', 'ACRT5009');
      expect(target.calls).toEqual(['find a.tar']);
    });

    it('is replaced with overwrite', async () => {
      const { target, handOff } = scene({ at: { bytes: BYTES }, there, part: { overwrite: true } });

      expect(await handOff(EXPECTED)).toMatchObject({ outcome: 'done' });
      const facts = { md5: EXPECTED.md5, metadata: CATEGORY };
      expect(target.blobs.get('a.tar')).toMatchObject({ bytes: BYTES, facts });
    });
  });

  it.each([
    { name: 'is missing', at: null, expected: EXPECTED, id: 'ACRT5001' },
    { name: 'is missing, by name', at: null, expected: null, id: 'ACRT5001' },
    { name: 'differs from the manifest', at: { bytes: OTHER }, expected: EXPECTED, id: 'ACRT5002' },
    {
      name: 'has another size than in the manifest',
      at: { bytes: BYTES },
      expected: { ...EXPECTED, size: 1 },
      id: 'ACRT5002',
    },
    {
      name: 'does not match its own MD5',
      at: { bytes: OTHER, facts: { md5: EXPECTED.md5 } },
      expected: null,
      id: 'ACRT5002',
    },
    {
      name: 'matches neither the manifest nor its own MD5',
      at: { bytes: OTHER, facts: { md5: EXPECTED.md5 } },
      expected: EXPECTED,
      id: 'ACRT5002',
    },
    {
      name: 'has no MD5 and other bytes of the same length',
      at: { bytes: OTHER, facts: { md5: null } },
      expected: EXPECTED,
      id: 'ACRT5002',
    },
    {
      name: 'is empty, but has another MD5 in the manifest',
      at: { bytes: Buffer.alloc(0), facts: { md5: null } },
      expected: { ...EXPECTED, size: 0 },
      id: 'ACRT5002',
    },
  ])('refuses a source blob that $name, and leaves nothing at the target', async ({ at, expected, id }) => {
    const { target, handOff } = scene({ at });

    await expect(handOff(expected)).rejects.toHaveProperty('facts.id', id);
    expect(target.blobs.size).toBe(0);
  });

  it('computes the MD5 of a blob by name without one', async () => {
    const { target, handOff } = scene({ at: { bytes: BYTES, facts: { md5: null } } });
    await handOff();

    expect(target.blobs.get('a.tar')?.facts.md5).toBe(EXPECTED.md5);
  });

  it('keeps the earlier target blob if the copy fails', async () => {
    const { source, arrived, handOff } = scene({
      at: { bytes: BYTES },
      there: { bytes: OTHER },
      part: { overwrite: true },
    });
    const torn = troubled(source, { before: () => Promise.reject(new Error('cut')) });

    await expect(handOff(EXPECTED, { containers: { source: torn } })).rejects.toThrow('cut');
    expect(arrived()).toEqual(OTHER);
  });

  it.each([
    { maxBlobBytes: BYTES.length, id: null },
    { maxBlobBytes: BYTES.length - 1, id: 'ACRT5007' },
  ])('enforces max-blob-size: $maxBlobBytes', async ({ maxBlobBytes, id }) => {
    const { handOff } = scene({ at: { bytes: BYTES }, part: { maxBlobBytes } });

    expect(await failureId(handOff())).toBe(id);
  });
});

describe('a SAS that expires', () => {
  const MINUTE = 60_000;

  it.each(['source', 'target'] as const)('within five minutes is refused: %s', async (side) => {
    const { source, target, clock, handOff } = scene({ at: { bytes: BYTES } });
    const of = { source, target };
    const ending = { ...of[side], accessEndsAt: clock.now() + 5 * MINUTE };
    const outcome = handOff(EXPECTED, { containers: { [side]: ending } });

    await expect(outcome).rejects.toMatchObject({
      facts: { id: 'ACRT5010', message: expect.stringContaining(`${side} container`) },
    });
    expect([source.calls, target.calls]).toEqual([[], []]);
  });

  it('later is accepted', async () => {
    const { source, clock, handOff } = scene({ at: { bytes: BYTES } });
    const ending = { ...source, accessEndsAt: clock.now() + 5 * MINUTE + 1 };

    expect(await handOff(EXPECTED, { containers: { source: ending } })).toMatchObject({ outcome: 'done' });
  });
});

describe('a commit', () => {
  const lost = first(1, 'commit', () => {
    throw passing();
  });

  it.each([
    { name: 'nothing', there: undefined },
    { name: 'another blob', there: { bytes: OTHER } },
  ])('whose response is lost has still replaced $name', async ({ there }) => {
    const { target, arrived, handOff } = scene({
      at: { bytes: BYTES },
      ...(there && { there }),
      part: { overwrite: true },
    });
    const after = first(1, 'commit', () => {
      throw passing();
    });

    expect(await handOff(EXPECTED, { containers: { target: troubled(target, { after }) } })).toMatchObject({
      outcome: 'done',
    });
    expect(arrived()).toEqual(BYTES);
    expect(target.calls.filter((call) => call === 'commit a.tar')).toHaveLength(2);
  });

  it('that does not reach the service is sent again', async () => {
    const { target, arrived, handOff } = scene({ at: { bytes: BYTES } });

    await handOff(EXPECTED, { containers: { target: troubled(target, { before: lost }) } });
    expect(arrived()).toEqual(BYTES);
  });

  it.each([
    { name: 'the same blob counts as success', bytes: BYTES, id: null },
    { name: 'another blob stays, and causes an error', bytes: OTHER, id: 'ACRT5009' },
  ])('after a faster runner: $name', async ({ bytes, id }) => {
    const { target, arrived, handOff } = scene({ at: { bytes: BYTES } });
    const before = first(1, 'commit', () => {
      target.put('a.tar', bytes, { metadata: CATEGORY });
    });
    const outcome = await failureId(handOff(EXPECTED, { containers: { target: troubled(target, { before }) } }));

    expect([outcome, arrived()]).toEqual([id, bytes]);
  });

  it('replaces only the version that was found, also with overwrite', async () => {
    const { target, arrived, handOff } = scene({
      at: { bytes: BYTES },
      there: { bytes: Buffer.from('old') },
      part: { overwrite: true },
    });
    const before = first(1, 'commit', () => {
      target.put('a.tar', OTHER);
    });

    await expect(handOff(EXPECTED, { containers: { target: troubled(target, { before }) } })).rejects.toHaveProperty(
      'facts.id',
      'ACRT5009',
    );
    expect(arrived()).toEqual(OTHER);
  });
});

it('records its duration', async () => {
  const clock = fakeClock();
  const { target, handOff } = scene({ at: { bytes: BYTES }, clock });
  const before = first(1, 'commit', () => {
    throw passing(30);
  });

  expect(await handOff(EXPECTED, { containers: { target: troubled(target, { before }) } })).toMatchObject({
    handoff: { seconds: 30 },
  });
});
