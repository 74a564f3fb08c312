import { describe, expect, it } from '@jest/globals';
import { checkBlob, handOffBlob, type ExpectedBlob, type HandedOff } from '../../../src/transfer/handoff.ts';
import type { BlobContainer, BlobFacts } from '../../../src/transfer/services.ts';
import { fakeClock, unlimited } from './clock.ts';
import { md5Of, memoryContainer } from './container.ts';

const CONTENT = Buffer.from('the content of a transfer blob');
const OTHER = Buffer.from('the content of another blob 12');
const EXPECTED: ExpectedBlob = { size: CONTENT.length, md5: md5Of(CONTENT) };
const CATEGORY = { category: 'acr-transfer-blob' };

interface Scene {
  readonly at: { readonly bytes: Buffer; readonly facts?: Partial<BlobFacts> } | null;
  readonly there?: { readonly bytes: Buffer; readonly facts?: Partial<BlobFacts> };
}

function scene({ at, there }: Scene) {
  const source = memoryContainer('https://source/transfer');
  const target = memoryContainer('https://target/transfer');
  if (at !== null) source.put('a.tar', at.bytes, at.facts);
  if (there !== undefined) target.put('a.tar', there.bytes, there.facts);
  const progress: unknown[] = [];
  const tools = { clock: fakeClock(), signal: unlimited(), onProgress: (item: unknown) => progress.push(item) };
  const handOff = (expected: ExpectedBlob | null, reading: BlobContainer = source): Promise<HandedOff> =>
    handOffBlob({ source: reading, target }, 'a.tar', expected, tools);
  return { source, target, progress, handOff };
}

describe('handOffBlob', () => {
  it('carries bytes, MD5, type and metadata', async () => {
    const facts = { contentType: 'application/x-tar', metadata: { ...CATEGORY, run: '7' } };
    const { target, handOff, progress } = scene({ at: { bytes: CONTENT, facts } });

    expect(await handOff(EXPECTED)).toEqual({ outcome: 'done', bytes: CONTENT.length });
    expect(target.blobs.get('a.tar')).toMatchObject({ bytes: CONTENT, facts: { ...facts, md5: EXPECTED.md5 } });
    expect(progress.at(-1)).toEqual({ unit: 'bytes', done: CONTENT.length, total: CONTENT.length });
  });

  it('gives the blob the category that the source trigger asks for, if it was lost', async () => {
    const { target, handOff } = scene({ at: { bytes: CONTENT } });
    await handOff(EXPECTED);

    expect(target.blobs.get('a.tar')?.facts.metadata).toEqual(CATEGORY);
  });

  it('carries an empty blob', async () => {
    const empty = Buffer.alloc(0);
    const { target, handOff } = scene({ at: { bytes: empty } });
    await handOff({ size: 0, md5: md5Of(empty) });

    expect(target.blobs.get('a.tar')?.facts).toMatchObject({ size: 0, md5: md5Of(empty) });
  });

  it.each([
    { name: 'with a manifest', expected: EXPECTED, at: { bytes: CONTENT } },
    { name: 'with a manifest, after the source has let go of the blob', expected: EXPECTED, at: null },
    { name: 'by name, when it equals the source', expected: null, at: { bytes: CONTENT } },
  ])('leaves a blob alone that has arrived: $name', async ({ expected, at }) => {
    const { target, handOff } = scene({ at, there: { bytes: CONTENT, facts: { metadata: CATEGORY } } });

    expect(await handOff(expected)).toEqual({ outcome: 'skipped', bytes: 0 });
    expect(target.calls).toEqual([]);
  });

  it.each([
    { name: 'differs', there: { bytes: OTHER, facts: { metadata: CATEGORY } } },
    { name: 'is shorter', there: { bytes: CONTENT.subarray(1), facts: { metadata: CATEGORY } } },
    { name: 'has no MD5', there: { bytes: CONTENT, facts: { metadata: CATEGORY, md5: null } } },
    { name: 'has lost its category', there: { bytes: CONTENT } },
  ])('writes a target blob anew that $name', async ({ there }) => {
    const { target, handOff } = scene({ at: { bytes: CONTENT }, there });

    expect(await handOff(EXPECTED)).toMatchObject({ outcome: 'done' });
    expect(target.blobs.get('a.tar')).toMatchObject({
      bytes: CONTENT,
      facts: { md5: EXPECTED.md5, metadata: CATEGORY },
    });
  });

  it.each([
    { name: 'is missing', at: null, expected: EXPECTED, id: 'ACRT5001' },
    { name: 'is missing, by name', at: null, expected: null, id: 'ACRT5001' },
    { name: 'is not the one of the manifest', at: { bytes: OTHER }, expected: EXPECTED, id: 'ACRT5002' },
    {
      name: 'is of another size than the manifest says',
      at: { bytes: CONTENT },
      expected: { ...EXPECTED, size: 1 },
      id: 'ACRT5002',
    },
    {
      name: 'does not have the content that its own MD5 promises',
      at: { bytes: OTHER, facts: { md5: EXPECTED.md5 } },
      expected: null,
      id: 'ACRT5002',
    },
    {
      name: 'does not have the content that manifest and MD5 promise',
      at: { bytes: OTHER, facts: { md5: EXPECTED.md5 } },
      expected: EXPECTED,
      id: 'ACRT5002',
    },
  ])('refuses a source blob that $name, and leaves nothing at the target', async ({ at, expected, id }) => {
    const { target, handOff } = scene({ at });

    await expect(handOff(expected)).rejects.toHaveProperty('facts.id', id);
    expect(target.blobs.size).toBe(0);
  });

  it('computes the MD5 of a blob by name that has none', async () => {
    const { target, handOff } = scene({ at: { bytes: CONTENT, facts: { md5: null } } });
    await handOff(null);

    expect(target.blobs.get('a.tar')?.facts.md5).toBe(EXPECTED.md5);
  });

  it('puts back an MD5 that was lost, when the bytes are those of the manifest', async () => {
    const { target, handOff } = scene({ at: { bytes: CONTENT, facts: { md5: null } } });
    await handOff(EXPECTED);

    expect(target.blobs.get('a.tar')?.facts.md5).toBe(EXPECTED.md5);
  });

  it('refuses other bytes of the same length without an MD5', async () => {
    const { target, handOff } = scene({ at: { bytes: Buffer.alloc(CONTENT.length, 7), facts: { md5: null } } });

    await expect(handOff(EXPECTED)).rejects.toHaveProperty('facts.id', 'ACRT5002');
    expect(target.blobs.size).toBe(0);
  });

  it('leaves what was at the target before when copying fails', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT }, there: { bytes: OTHER } });
    const torn = { ...source, read: () => Promise.reject(new Error('cut')) };

    await expect(handOff(EXPECTED, torn)).rejects.toThrow('cut');
    expect(target.blobs.get('a.tar')?.bytes).toEqual(OTHER);
  });
});

describe('checkBlob', () => {
  it.each([
    { name: 'the blob of the manifest', at: { bytes: CONTENT }, id: null },
    { name: 'a missing blob', at: null, id: 'ACRT5001' },
    { name: 'another blob', at: { bytes: OTHER }, id: 'ACRT5002' },
    { name: 'a blob without MD5', at: { bytes: CONTENT, facts: { md5: null } }, id: 'ACRT5002' },
  ])('$name: $id', async ({ at, id }) => {
    const { source } = scene({ at });
    const found = await checkBlob(source, 'a.tar', EXPECTED).then(
      () => null,
      (error: unknown) => (error as { facts: { id: string } }).facts.id,
    );

    expect(found).toBe(id);
  });
});
