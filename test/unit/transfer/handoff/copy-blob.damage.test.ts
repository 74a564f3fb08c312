import { describe, expect, it } from '@jest/globals';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { MAX_ATTEMPTS } from '../../../../src/transfer/resilience/retry.ts';
import { setImmediate as turn } from 'node:timers/promises';
import { damage, first, troubled, type Call } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CONTENT, expectedOf, failureId, scene } from './copy-blob.fixture.ts';

const EXPECTED = expectedOf(CONTENT);
const SPANS = 13;

describe('damage', () => {
  it('during a download is detected by the MD5 of the range, and the range is read again', async () => {
    const { source, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const bent = troubled(source, { after: first(3, 'read', damage) });
    await handOff(EXPECTED, { containers: { source: bent } });

    expect(arrived()?.equals(CONTENT)).toBe(true);
    expect(source.calls.filter((call) => call.startsWith('read'))).toHaveLength(SPANS + 3);
  });

  it('during a download makes only the damaged range be hashed twice', async () => {
    const { source, hashing, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const damaged: number[] = [];
    const after = first(4, 'read', (call) => {
      damaged.push(call.bytes.length);
      damage(call);
    });
    await handOff(EXPECTED, { containers: { source: troubled(source, { after }) } });

    expect(arrived()?.equals(CONTENT)).toBe(true);
    expect(damaged).toHaveLength(4);
    expect(hashing.hashed()).toBe(CONTENT.length + damaged.reduce((sum, bytes) => sum + bytes, 0));
  });

  it('of one block in every download does not make other blocks be read again', async () => {
    const { source, target, clock, handOff } = scene({ at: { bytes: CONTENT } });
    const offsets: number[] = [];
    const after = (call: Call): void => {
      offsets.push(call.offset);
      if (call.offset === BLOCK) damage(call);
    };

    expect(await failureId(handOff(EXPECTED, { containers: { source: troubled(source, { after }) } }))).toBe(
      'ACRT5011',
    );
    expect(offsets.filter((offset) => offset === BLOCK)).toHaveLength(MAX_ATTEMPTS);
    expect(new Set(offsets).size).toBe(offsets.length - MAX_ATTEMPTS + 1);
    expect(clock.slept).toHaveLength(MAX_ATTEMPTS - 1);
    expect(target.calls.filter((call) => call.startsWith('stage'))).toHaveLength(1);
  });

  it('in every download ends with an error', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT.subarray(0, 9) } });
    const bent = troubled(source, { after: first(99, 'read', damage) });

    expect(await failureId(handOff(null, { containers: { source: bent } }))).toBe('ACRT5011');
    expect(source.calls.filter((call) => call.startsWith('read'))).toHaveLength(MAX_ATTEMPTS);
    expect(target.blobs.size).toBe(0);
  });

  it('that no MD5 of a range shows is detected by the MD5 of the blob', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const mute: BlobContainer = { ...source, read: (...order) => source.read(...order).then(() => null) };
    const bent = troubled(mute, { after: first(1, 'read', damage) });

    expect(await failureId(handOff(EXPECTED, { containers: { source: bent } }))).toBe('ACRT5002');
    expect(target.blobs.size).toBe(0);
  });

  it('during an upload makes the block be sent again', async () => {
    const { target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const bent = troubled(target, { before: first(3, 'stage', damage) });
    await handOff(EXPECTED, { containers: { target: bent } });

    expect(arrived()?.equals(CONTENT)).toBe(true);
    expect(target.calls.filter((call) => call.startsWith('stage'))).toHaveLength(SPANS + 3);
  });

  it('of a block with several ranges is detected in its range', async () => {
    const MIB = 1024 ** 2;
    const bytes = Buffer.alloc(9 * MIB, 'x');
    const { source, arrived, handOff, cross } = scene({ at: { bytes }, part: { bandwidth: null } });
    // As if the blob were too large for blocks of the default size.
    const find: BlobContainer['find'] = async (name) => {
      const facts = await source.find(name);
      return facts && { ...facts, size: 50_000 * 9 * MIB };
    };
    const offsets: number[] = [];
    const read: BlobContainer['read'] = async (name, range, into, signal) => {
      offsets.push(range.offset);
      while (range.offset >= bytes.length) {
        await turn();
        if (offsets.includes(8 * MIB)) throw new Error('enough');
      }
      return source.read(name, range, into, signal);
    };
    const bent = troubled({ ...source, find, read }, { after: first(1, 'read', damage) });
    const outcome = await failureId(handOff(null, { containers: { source: bent }, copyContext: cross() }));

    expect([outcome, arrived()]).toEqual(['Error: enough', null]);
    expect(offsets.filter((offset) => offset < bytes.length)).toEqual([0, 0, 4 * MIB, 8 * MIB]);
  });
});
