import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { BlobContainer, PulledBlock } from '../../../../src/transfer/ports/blob-container.ts';
import type { MemoryContainer } from '../ports/blob-container.fixture.ts';
import { first, passing, troubled } from '../ports/faulty-container.fixture.ts';
import { expectedOf, failureId, scene, type Scene } from './copy-blob.fixture.ts';

const MIB = 1024 ** 2;
const SMALL = Buffer.from('a blob that fits into one block');
/** One byte more than the maximum size of a blob in one block. */
const LARGE = Buffer.alloc(256 * MIB + 1);
for (let block = 0; block < 17; block += 1) LARGE.writeUInt8(block + 1, block * 16 * MIB);
const LARGE_MD5 = expectedOf(LARGE).md5;
const LARGE_FACTS = { md5: LARGE_MD5 };

/** A target that records the blocks that it fetches. */
function listening(target: BlobContainer): { target: BlobContainer; pulled: PulledBlock[] } {
  const pulled: PulledBlock[] = [];
  const { direct } = target;
  if (direct === null) throw new Error('copies nothing by itself');
  const pull: typeof direct.pull = (blob, block, ...rest) => {
    pulled.push(block);
    return direct.pull(blob, block, ...rest);
  };
  return { target: { ...target, direct: { ...direct, pull } }, pulled };
}

const kinds = ({ calls }: MemoryContainer, kind: string): number =>
  calls.filter((call) => call.startsWith(`${kind} `)).length;

const server = (bytes: Buffer, facts = {}): Scene =>
  scene({ at: { bytes, facts }, part: { method: 'server' }, reach: true });

describe('a server copy', () => {
  it('copies a small blob in one block whose MD5 the service checks', async () => {
    const { source, target, arrived, handOff } = server(SMALL);
    const heard = listening(target);

    expect(await handOff(null, { containers: { target: heard.target } })).toMatchObject({
      handoff: { method: 'server', bytes: SMALL.length, reused: 0 },
    });
    const etag = source.blobs.get('a.tar')?.facts.etag;
    const { md5 } = expectedOf(SMALL);
    expect(heard.pulled).toEqual([expect.objectContaining({ offset: 0, size: SMALL.length, md5, etag })]);
    expect([arrived(), kinds(source, 'read')]).toEqual([SMALL, 0]);
  });

  it('copies a larger blob in blocks of one version, and no byte through the runner', async () => {
    const { source, target, arrived, handOff, progress } = server(LARGE, LARGE_FACTS);
    const heard = listening(target);
    await handOff(null, { containers: { target: heard.target } });
    const etag = source.blobs.get('a.tar')?.facts.etag;

    expect(heard.pulled.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 17 }, (_, index) => index * 16 * MIB),
    );
    expect(new Set(heard.pulled.map((block) => block.etag))).toEqual(new Set([etag]));
    expect(new Set(heard.pulled.map(({ md5 }) => md5))).toEqual(new Set([null]));
    expect(arrived()?.equals(LARGE)).toBe(true);
    expect([kinds(source, 'read'), kinds(target, 'stage')]).toEqual([0, 0]);
    expect(progress.at(-1)).toEqual({ unit: 'bytes', done: LARGE.length, total: LARGE.length, reused: 0 });
  });

  it('fetches only blocks that earlier attempts have not copied', async () => {
    const { target, arrived, handOff } = server(LARGE, LARGE_FACTS);
    const before = ({ kind, offset }: { kind: string; offset: number }): void => {
      if (kind === 'pull' && offset === 10 * 16 * MIB) throw new Error('killed');
    };
    expect(await failureId(handOff(null, { containers: { target: troubled(target, { before }) } }))).toBe(
      'Error: killed',
    );
    const there = target.blocks.arrived('a.tar').length;
    const heard = listening(target);
    const { handoff } = await handOff(null, { containers: { target: heard.target } });

    expect(heard.pulled).toHaveLength(17 - there);
    expect(handoff).toMatchObject({ reused: there * 16 * MIB, bytes: LARGE.length - there * 16 * MIB });
    expect([there > 4, arrived()?.equals(LARGE)]).toEqual([true, true]);
  });

  it('does not mix versions', async () => {
    const { source, target, handOff } = server(LARGE, LARGE_FACTS);
    const before = first(1, 'pull', () => {
      source.put('a.tar', LARGE, { ...LARGE_FACTS });
    });

    expect(await failureId(handOff(null, { containers: { target: troubled(target, { before }) } }))).toBe('ACRT5003');
    expect(target.blobs.size).toBe(0);
  });

  it('authorizes the source for each block, and retries temporary errors', async () => {
    const { source, target, arrived, handOff } = server(SMALL);
    const { direct } = source;
    let authorizations = 0;
    const counting: BlobContainer = {
      ...source,
      direct: direct && {
        ...direct,
        authorizeSource: (blob) => {
          authorizations += 1;
          return direct.authorizeSource(blob);
        },
      },
    };
    const before = first(2, 'pull', () => {
      throw passing(3, true);
    });
    await handOff(null, { containers: { source: counting, target: troubled(target, { before }) } });

    expect([authorizations, arrived()]).toEqual([3, SMALL]);
  });

  it.each([
    { name: 'that is unknown', facts: { md5: null }, expected: null, bytes: SMALL },
    { name: 'of a large blob that has lost it', facts: { md5: null }, expected: LARGE_MD5, bytes: LARGE },
  ])('refuses an MD5 $name', async ({ facts, expected, bytes }) => {
    const { target, handOff } = server(bytes, facts);
    const outcome = handOff(expected === null ? null : { ...expectedOf(SMALL), size: bytes.length, md5: expected });

    expect([await failureId(outcome), target.blobs.size]).toEqual(['ACRT5006', 0]);
  });

  it('commits neither a missing blob nor an empty blob with the MD5 of another', async () => {
    const { target, handOff } = server(Buffer.alloc(0), { md5: null });

    expect(await failureId(handOff({ ...expectedOf(SMALL), size: 0 }))).toBe('ACRT5002');
    expect(target.blobs.size).toBe(0);
  });

  it('fails if the target cannot read the source', async () => {
    const { handOff, notes } = scene({ at: { bytes: SMALL }, part: { method: 'server' }, reach: false });

    expect([await failureId(handOff()), notes]).toEqual(['ACRT5008', []]);
  });
});

describe('auto', () => {
  const auto = (reach: boolean | null, bytes = SMALL, facts = {}): Scene =>
    scene({ at: { bytes, facts }, part: { method: 'auto' }, reach });

  it('uses a server copy if the target can read the source', async () => {
    const { source, target, arrived, handOff, notes, progress } = auto(true);

    expect(await handOff()).toMatchObject({ handoff: { method: 'server', bytes: SMALL.length, reused: 0 } });
    expect([arrived(), notes, kinds(source, 'read'), kinds(target, 'pull')]).toEqual([SMALL, [], 0, 1]);
    expect(progress.at(-1)).toMatchObject({ done: SMALL.length, reused: 0 });
  });

  it('reuses the block of the probe', async () => {
    const { target, arrived, handOff } = auto(true, LARGE, LARGE_FACTS);

    expect(await handOff()).toMatchObject({ handoff: { method: 'server', bytes: LARGE.length, reused: 0 } });
    expect([kinds(target, 'pull'), arrived()?.equals(LARGE)]).toEqual([17, true]);
  });

  it('streams if the target cannot read the source, after one probe and with one note for all blobs', async () => {
    const { source, target, handOff, notes } = auto(false);
    const names = Array.from({ length: 20 }, (_, index) => `${index}.tar`);
    for (const name of names) source.put(name, SMALL);
    const handed = await Promise.all(names.map((name) => handOff(null, { name })));

    expect(new Set(handed.map(({ handoff }) => handoff?.method))).toEqual(new Set(['stream']));
    expect(kinds(target, 'pull')).toBe(1);
    expect(notes).toEqual([expect.stringMatching(/pass through this runner.*can't read/)]);
  });

  it('streams a blob that the target cannot read once, although the probe has succeeded', async () => {
    const { source, target, arrived, handOff, notes } = auto(true);
    source.put('b.tar', SMALL);
    await handOff();
    const before = first(1, 'pull', () => {
      throw transferError('ACRT5008', { blob: 'b.tar', source: 'source', target: 'target', reason: 'within the time' });
    });
    const handed = await handOff(null, { name: 'b.tar', containers: { target: troubled(target, { before }) } });

    expect([handed.handoff?.method, arrived()]).toEqual(['stream', SMALL]);
    expect(notes).toEqual([expect.stringMatching(/pass through this runner.*can't read/)]);
  });

  it('does not stream after other errors', async () => {
    const { target, handOff, notes } = auto(true);
    const before = first(1, 'pull', () => {
      throw transferError('ACRT5003', { blob: 'a.tar' });
    });

    expect(await failureId(handOff(null, { containers: { target: troubled(target, { before }) } }))).toBe('ACRT5003');
    expect([notes, target.blobs.size]).toEqual([[], 0]);
  });

  it.each(['server', 'stream'] as const)(
    'does not list uploaded blocks of a blob in one block, by %s',
    async (method) => {
      const { target, handOff } = scene({ at: { bytes: SMALL }, part: { method, bandwidth: null }, reach: true });
      const silent: BlobContainer = { ...target, arrived: () => Promise.reject(new Error('asked')) };

      expect(await handOff(null, { containers: { target: silent } })).toMatchObject({ outcome: 'done' });
    },
  );

  it('probes again after another error of the first blob', async () => {
    const { source, target, handOff, notes } = auto(true);
    source.put('gone.tar', SMALL);
    const before = first(1, 'pull', () => {
      throw new Error('cut');
    });
    const containers = { target: troubled(target, { before }) };
    const outcomes = await Promise.allSettled([handOff(null, { name: 'gone.tar', containers }), handOff()]);

    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { message: 'cut' } },
      { status: 'fulfilled', value: { handoff: { method: 'server' } } },
    ]);
    expect(notes).toEqual([]);
  });

  it.each([
    { name: 'a directory on one side', made: () => auto(null), expected: null },
    { name: 'a blob without MD5', made: () => auto(true, SMALL, { md5: null }), expected: null },
    { name: 'an empty blob', made: () => auto(true, Buffer.alloc(0)), expected: null },
  ])('streams without a note with $name', async ({ made, expected }) => {
    const { handOff, notes, target } = made();

    expect(await handOff(expected)).toMatchObject({ handoff: { method: 'stream' } });
    expect([notes, kinds(target, 'pull')]).toEqual([[], 0]);
  });
});
