/** A runner resumes the copy of a killed runner, whenever that one was killed, and the blob is correct. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { rounds } from '../../../tier.ts';
import { troubled, type Call, type Trouble } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CONTENT, expectedOf, scene, type Scene } from './copy-blob.fixture.ts';

const SPANS = 13;
const EXPECTED = expectedOf(CONTENT);

/** Records the indexes of the blocks that have arrived. */
const noting = (arrived: Set<number>): Trouble => ({
  after: ({ kind, offset }) => {
    if (kind === 'stage') arrived.add(offset / BLOCK);
  },
});

const gapOf = (arrived: ReadonlySet<number>): number => {
  const gap = Array.from({ length: SPANS }, (_, index) => index).find((index) => !arrived.has(index));
  return gap ?? SPANS;
};

const bytesBefore = (gap: number): number => Math.min(gap * BLOCK, CONTENT.length);

interface Kill {
  /** Requests that succeed. */
  readonly calls: number;
  /** Whether the request in progress at that time still takes effect. */
  readonly done: boolean;
}

/** A runner that is killed. Its requests after that have no effect. */
async function killedAttempt({ handOff, source, target }: Scene, kill: Kill, waits: Waits): Promise<void> {
  let calls = 0;
  const killed = (): never => {
    throw new Error('killed');
  };
  const before = async (): Promise<void> => {
    await waits();
    calls += 1;
    if (calls > kill.calls + (kill.done ? 1 : 0)) killed();
  };
  const after = (): void => {
    if (calls > kill.calls) killed();
  };
  const containers = { source: troubled(source, { before, after }), target: troubled(target, { before, after }) };
  await handOff(EXPECTED, { containers }).catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'killed') throw error;
  });
}

type Waits = () => Promise<void>;

/** Delays requests by different times. */
function waitsOf(turns: readonly number[]): Waits {
  let asked = 0;
  return async () => {
    asked += 1;
    for (let left = turns[asked % turns.length] ?? 0; left > 0; left -= 1) await turn();
  };
}

const someWaits = fc.array(fc.nat(12), { minLength: 1, maxLength: 11 });

describe('blocks of an earlier attempt', () => {
  it('are reused up to the first gap, and the others are copied', async () => {
    const subset = fc.uniqueArray(fc.nat(SPANS - 1));
    await fc.assert(
      fc.asyncProperty(subset, async (there) => {
        const { source, target, arrived, handOff } = scene({ at: { bytes: CONTENT } });
        const all: BlobContainer = { ...target, commit: () => Promise.reject(new Error('killed')) };
        await expect(handOff(EXPECTED, { containers: { target: all } })).rejects.toThrow('killed');
        const kept = target.blocks.arrived('a.tar').length;
        const some: BlobContainer = {
          ...target,
          arrived: async (name) =>
            // An id contains the index in the four bytes after method and tag.
            (await target.arrived(name)).filter(({ id }) => there.includes(Buffer.from(id, 'base64').readUInt32BE(9))),
        };
        const reads = source.calls.length;
        const { handoff } = await handOff(EXPECTED, { containers: { target: some } });
        const gap = gapOf(new Set(there));

        expect(kept).toBe(SPANS);
        expect(handoff).toMatchObject({ reused: bytesBefore(gap), bytes: CONTENT.length - bytesBefore(gap) });
        expect(source.calls.slice(reads).filter((call) => call.startsWith('read'))).toHaveLength(SPANS - gap);
        expect(arrived()?.equals(CONTENT)).toBe(true);
      }),
      { numRuns: rounds(40) },
    );
  });
});

describe('a runner that is killed at any request', () => {
  const kills = fc.array(fc.record({ calls: fc.nat(2 * SPANS), done: fc.boolean() }), { minLength: 1, maxLength: 4 });

  it('leaves no blob, and the next runners copy only what is missing, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(kills, someWaits, async (moments, turns) => {
        const made = scene({ at: { bytes: CONTENT } });
        const there = new Set<number>();
        const target = troubled(made.target, noting(there));
        const heard = { ...made, target: { ...made.target, ...target } };
        for (const kill of moments) await killedAttempt(heard, kill, waitsOf(turns));
        const before = [...made.target.blobs.keys()];
        const gap = gapOf(there);
        const { outcome, handoff } = await made.handOff(EXPECTED);

        if (before.length === 0) {
          expect(handoff).toMatchObject({ reused: bytesBefore(gap), bytes: CONTENT.length - bytesBefore(gap) });
        }
        expect(outcome).toBe(before.length === 0 ? 'done' : 'skipped');
        expect(made.arrived()?.equals(CONTENT)).toBe(true);
      }),
      { numRuns: rounds(60) },
    );
  });
});

it('includes reused blocks in the progress', async () => {
  const made = scene({ at: { bytes: CONTENT } });
  const before = ({ kind, offset }: Call): void => {
    if (kind === 'stage' && offset === 3 * BLOCK) throw new Error('killed');
  };
  await expect(made.handOff(EXPECTED, { containers: { target: troubled(made.target, { before }) } })).rejects.toThrow();
  const reported = made.progress.length;
  await made.handOff(EXPECTED);
  const [first] = made.progress.slice(reported);

  expect(first).toEqual({ unit: 'bytes', done: 3 * BLOCK, reused: 3 * BLOCK, total: CONTENT.length });
  const copied = made.progress.filter(({ unit }) => unit === 'bytes');
  expect(copied.at(-1)).toMatchObject({ done: CONTENT.length, reused: 3 * BLOCK });
  expect(made.progress.at(-1)).toMatchObject({ unit: 'hashed bytes', done: CONTENT.length });
});
