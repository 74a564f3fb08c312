import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { blockId, readBlockId } from '../../../../src/transfer/model/block-id.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { md5Of } from '../ports/blob-container.fixture.ts';
import { first, passing, troubled, type Call } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CONTENT, expectedOf, failureId, scene } from './copy-blob.fixture.ts';

const EXPECTED = expectedOf(CONTENT);
const SPANS = 13;

describe('a streamed blob', () => {
  it.each([
    { name: 'nothing', size: 0, blocks: 0 },
    { name: 'one byte', size: 1, blocks: 1 },
    { name: 'a block less one byte', size: BLOCK - 1, blocks: 1 },
    { name: 'a block', size: BLOCK, blocks: 1 },
    { name: 'a block and one byte', size: BLOCK + 1, blocks: 2 },
    { name: 'more blocks than fit in flight', size: 6 * BLOCK + 3, blocks: 7 },
  ])('arrives bit for bit: $name', async ({ size, blocks }) => {
    const bytes = CONTENT.subarray(0, size);
    const { target, handOff, arrived } = scene({ at: { bytes } });

    expect(await handOff(expectedOf(bytes))).toMatchObject({ handoff: { bytes: size, reused: 0 } });
    expect(arrived()?.equals(bytes)).toBe(true);
    expect(target.calls.filter((call) => call.startsWith('stage'))).toHaveLength(blocks);
  });

  it('is hashed in order, although the downloads end in another order', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const late = troubled(source, {
      before: async ({ offset }) => {
        // The first of every four downloads ends last.
        for (let turns = 0; turns < 40 - 10 * ((offset / BLOCK) % 4); turns += 1) await turn();
      },
    });
    await handOff(null, { containers: { source: late } });

    expect(target.blobs.get('a.tar')?.facts.md5).toBe(md5Of(CONTENT));
  });

  it('is hashed in order, also if the waits for the rate limit end out of order', async () => {
    const { cross, handOff, arrived } = scene({ at: { bytes: CONTENT } });
    let asked = 0;
    const rateLimit = async (): Promise<void> => {
      const turns = asked === 0 ? 60 : 5;
      asked += 1;
      for (let passed = 0; passed < turns; passed += 1) await turn();
    };
    await handOff(EXPECTED, { copyContext: { ...cross(), rateLimit } });

    expect(arrived()?.equals(CONTENT)).toBe(true);
  });

  it('has block ids of one length that contain the MD5 of each block', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const ids: string[] = [];
    const noted: BlobContainer = {
      ...target,
      commit: (blob, blockIds, ...rest) => {
        ids.push(...blockIds);
        return target.commit(blob, blockIds, ...rest);
      },
    };
    await handOff(EXPECTED, { containers: { target: noted } });
    const etag = source.blobs.get('a.tar')?.facts.etag ?? '';
    const marks = ids.map((id) => readBlockId({ method: 'stream', etag, blockBytes: BLOCK }, id));

    expect(marks.map((mark) => mark?.index)).toEqual([...Array(SPANS).keys()]);
    expect(marks.map((mark) => mark?.md5.toString('base64'))).toEqual(
      marks.map((_, index) => md5Of(CONTENT.subarray(index * BLOCK, (index + 1) * BLOCK))),
    );
    expect(marks.at(-1)?.state.toString('base64')).toBe(md5Of(CONTENT));
  });

  it('reports progress from the first block to the whole blob', async () => {
    const { handOff, progress } = scene({ at: { bytes: CONTENT } });
    await handOff(EXPECTED);
    const done = progress.map((item) => item.done ?? -1);

    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect([done.length, done[0], done.at(-1)]).toEqual([SPANS + 1, 0, CONTENT.length]);
  });

  it('uses memory only for the blocks in flight', async () => {
    const { handOff, hashing, cross } = scene({ at: { bytes: CONTENT } });
    const copyContext = cross();
    await handOff(EXPECTED, { copyContext });

    expect(hashing.allocated.length).toBeLessThanOrEqual(8);
    expect(new Set(hashing.allocated)).toEqual(new Set([BLOCK]));
  });
});

describe('a source blob that changes during the copy', () => {
  it('stops the copy, and nothing appears', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const after = (call: Call): void => {
      if (call.offset === BLOCK) source.put('a.tar', Buffer.from(CONTENT).reverse());
    };

    expect(await failureId(handOff(null, { containers: { source: troubled(source, { after }) } }))).toBe('ACRT5003');
    expect(target.blobs.size).toBe(0);
  });

  it('is not mixed with blocks of an earlier attempt', async () => {
    const { source, target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const before = ({ kind, offset }: Call): void => {
      if (kind === 'stage' && offset === 4 * BLOCK) throw new Error('killed');
    };
    await failureId(handOff(null, { containers: { target: troubled(target, { before }) } }));
    const written = Buffer.from(CONTENT).reverse();
    source.put('a.tar', written);
    const calls = source.calls.length;

    expect(target.blocks.arrived('a.tar').length).toBeGreaterThan(1);
    expect(await handOff()).toMatchObject({ handoff: { bytes: CONTENT.length, reused: 0 } });
    expect(arrived()?.equals(written)).toBe(true);
    expect(source.calls.slice(calls).filter((call) => call.startsWith('read'))).toHaveLength(SPANS);
  });
});

describe('an attempt that fails', () => {
  it.each(['read', 'stage'] as const)('in a %s ends with the first error, without further requests', async (kind) => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    let errors = 0;
    const before = (call: Call): void => {
      if (call.kind === kind) throw new Error(`error ${(errors += 1)}`);
    };
    const containers = { source: troubled(source, { before }), target: troubled(target, { before }) };

    expect(await failureId(handOff(EXPECTED, { containers }))).toBe('Error: error 1');
    expect(errors).toBeLessThanOrEqual(8);
    expect(target.calls).not.toContain('commit a.tar');
  });

  it('leaves no work in progress', async () => {
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const reads = { begun: 0, ended: 0 };
    const read: BlobContainer['read'] = async (...order) => {
      reads.begun += 1;
      for (let turns = 0; order[1].offset > 0 && turns < 50; turns += 1) await turn();
      reads.ended += 1;
      return source.read(...order);
    };
    const before = first(1, 'stage', () => {
      throw new Error('cut');
    });
    const containers = { source: { ...source, read }, target: troubled(target, { before }) };

    expect(await failureId(handOff(EXPECTED, { containers }))).toBe('Error: cut');
    expect([reads.begun > 1, reads.ended]).toEqual([true, reads.begun]);
  });

  it('at the time limit ends at once', async () => {
    const controller = new AbortController();
    const { source, target, handOff } = scene({ at: { bytes: CONTENT } });
    const after = first(1, 'read', () => {
      controller.abort(new Error('the time limit'));
    });
    const containers = { source: troubled(source, { after }) };

    expect(await failureId(handOff(EXPECTED, { containers, signal: controller.signal }))).toBe('Error: the time limit');
    expect([source.calls.length <= 9, target.blobs.size]).toEqual([true, 0]);
  });

  it('does not block the next blob', async () => {
    const { source, target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const before = (): never => {
      throw new Error('cut');
    };
    for (let attempts = 0; attempts < 5; attempts += 1) {
      await failureId(handOff(EXPECTED, { containers: { source: troubled(source, { before }) } }));
    }
    await handOff(EXPECTED);

    expect([arrived()?.equals(CONTENT), target.blobs.size]).toEqual([true, 1]);
  });
});

it('temporary errors are retried after the wait that the service requests', async () => {
  const { source, target, clock, arrived, handOff } = scene({ at: { bytes: CONTENT } });
  const refuse = (): never => {
    throw passing(7, true);
  };
  const containers = {
    source: troubled(source, { before: first(5, 'read', refuse) }),
    target: troubled(target, { before: first(5, 'stage', refuse) }),
  };
  await handOff(EXPECTED, { containers });

  expect([arrived()?.equals(CONTENT), clock.slept]).toEqual([true, Array.from({ length: 10 }, () => 7)]);
});

describe('uploaded blocks', () => {
  const family = (etag: string, blockBytes = BLOCK) => ({ method: 'stream', etag, blockBytes }) as const;

  const killedAtCommit = {
    before: ({ kind }: Call): void => {
      if (kind === 'commit') throw new Error('killed');
    },
  };

  /** An attempt that has uploaded all blocks, without the commit. */
  const brought = async (setting: Parameters<typeof scene>[0]) => {
    const made = scene(setting);
    await failureId(made.handOff(null, { containers: { target: troubled(made.target, killedAtCommit) } }));
    return made;
  };

  it('are all reused if only the commit is missing', async () => {
    const { source, arrived, handOff } = await brought({ at: { bytes: CONTENT } });
    const reads = source.calls.length;

    expect(await handOff(EXPECTED)).toMatchObject({ handoff: { bytes: 0, reused: CONTENT.length } });
    expect([arrived()?.equals(CONTENT), source.calls.slice(reads)]).toEqual([true, ['find a.tar']]);
  });

  it('of another block size are not reused', async () => {
    const { cross, arrived, handOff } = await brought({ at: { bytes: CONTENT } });
    const copyContext = { ...cross(), bandwidth: 2 * BLOCK };

    expect(await handOff(EXPECTED, { copyContext })).toMatchObject({ handoff: { bytes: CONTENT.length, reused: 0 } });
    expect(arrived()?.equals(CONTENT)).toBe(true);
  });

  it('with wrong bytes under a valid id are detected by the MD5 of the blob, and all blocks are copied again', async () => {
    const { source, target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const etag = source.blobs.get('a.tar')?.facts.etag ?? '';
    const wrong = Buffer.alloc(16, 7);
    target.blocks.keep('a.tar', blockId(family(etag), { index: 0, md5: wrong, state: wrong }), Buffer.alloc(BLOCK));

    expect(await handOff(EXPECTED)).toMatchObject({ handoff: { method: 'stream', bytes: CONTENT.length, reused: 0 } });
    expect(arrived()?.equals(CONTENT)).toBe(true);
  });

  it.each([1, -1])('of two attempts that read different bytes are not mixed (order %i)', async (order) => {
    // Without MD5s of ranges, like a directory, and with one bit that is read wrong once.
    const { source, target, cross, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const silent: BlobContainer = { ...source, read: (...range) => source.read(...range).then(() => null) };
    let reads = 0;
    const flipping: BlobContainer = {
      ...silent,
      read: async (blob, range, into, signal) => {
        const said = await silent.read(blob, range, into, signal);
        if (range.offset === 0 && (reads += 1) === 1) into.writeUInt8(into.readUInt8(0) ^ 1, 0);
        return said;
      },
    };
    const killed = troubled(target, killedAtCommit);
    expect(await failureId(handOff(EXPECTED, { containers: { source: flipping }, copyContext: cross() }))).toBe(
      'ACRT5002',
    );
    await failureId(handOff(EXPECTED, { containers: { source: silent, target: killed }, copyContext: cross() }));
    const sorted: BlobContainer = {
      ...target,
      arrived: async (blob) =>
        [...(await target.arrived(blob))].sort(
          (one, other) => order * Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)),
        ),
    };

    expect(
      await handOff(EXPECTED, { containers: { source: silent, target: sorted }, copyContext: cross() }),
    ).toMatchObject({
      handoff: { reused: 0 },
    });
    expect(arrived()?.equals(CONTENT)).toBe(true);
  });

  it('are copied again only once', async () => {
    const promised = { md5: md5Of('something else') };
    const { source, target, handOff } = await brought({ at: { bytes: CONTENT, facts: { md5: null } } });
    const reads = source.calls.length;

    expect(await failureId(handOff({ ...EXPECTED, ...promised }))).toBe('ACRT5002');
    expect(source.calls.slice(reads).filter((call) => call.startsWith('read'))).toHaveLength(SPANS);
    expect(target.blobs.size).toBe(0);
  });

  it('of an unexpected size are not reused', async () => {
    const { source, target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
    const etag = source.blobs.get('a.tar')?.facts.etag ?? '';
    const some = Buffer.alloc(16, 7);
    target.blocks.keep('a.tar', blockId(family(etag), { index: 0, md5: some, state: some }), Buffer.alloc(BLOCK - 64));

    expect(await handOff(EXPECTED)).toMatchObject({ handoff: { reused: 0 } });
    expect(arrived()?.equals(CONTENT)).toBe(true);
    expect(source.calls.filter((call) => call.startsWith('read'))).toHaveLength(SPANS);
  });

  it('with ids of another length cause an error', async () => {
    const { target, handOff } = scene({ at: { bytes: CONTENT } });
    target.blocks.keep('a.tar', Buffer.from('azcopy').toString('base64'), Buffer.alloc(3));

    expect(await failureId(handOff(EXPECTED))).toBe('ACRT5013');
  });
});
