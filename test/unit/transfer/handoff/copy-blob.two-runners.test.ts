/** Two runners copy one blob, with their requests interleaved at random. Neither creates a wrong blob, and neither fails without need. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';
import { rounds } from '../../../tier.ts';
import { memoryContainer } from '../ports/blob-container.fixture.ts';
import { troubled } from '../ports/faulty-container.fixture.ts';
import { BLOCK, CONTENT, expectedOf, scene, type Lying, type Scene } from './copy-blob.fixture.ts';

const BYTES = CONTENT.subarray(0, 3 * BLOCK + 5);
const OTHER = Buffer.from(BYTES).reverse();

const turns = fc.array(fc.nat(15), { minLength: 1, maxLength: 13 });

/** A container whose requests take the given number of turns. */
function slowly(container: BlobContainer, waits: readonly number[]): BlobContainer {
  let asked = 0;
  const before = async (): Promise<void> => {
    asked += 1;
    for (let left = waits[asked % waits.length] ?? 0; left > 0; left -= 1) await turn();
  };
  return troubled(
    {
      ...container,
      find: async (name) => {
        await before();
        return container.find(name);
      },
      arrived: async (name) => {
        await before();
        return container.arrived(name);
      },
      describe: async (...order) => {
        await before();
        return container.describe(...order);
      },
    },
    { before },
  );
}

/** Result of a runner: its outcome, or the id of its error. */
const run = ({ source, target, cross, handOff }: Scene, waits: readonly number[], from = source): Promise<string> =>
  handOff(null, {
    containers: { source: slowly(from, waits), target: slowly(target, waits) },
    copyContext: cross(),
  }).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof TransferError ? error.facts.id : String(error)),
  );

describe('two runners', () => {
  it.each([
    { name: 'the target is empty', there: undefined, overwrite: false },
    { name: 'another blob is to be replaced', there: { bytes: OTHER }, overwrite: true },
    { name: 'the blob exists without its category', there: { bytes: BYTES }, overwrite: false },
  ] as readonly { name: string; there: Lying | undefined; overwrite: boolean }[])(
    'with the same blob both succeed when $name',
    async ({ there, overwrite }) => {
      await fc.assert(
        fc.asyncProperty(turns, turns, async (one, two) => {
          const made = scene({ at: { bytes: BYTES }, ...(there && { there }), part: { overwrite } });
          const outcomes = await Promise.all([run(made, one), run(made, two)]);

          expect(outcomes.filter((outcome) => outcome !== 'done' && outcome !== 'skipped')).toEqual([]);
          expect(made.arrived()?.equals(BYTES)).toBe(true);
          expect(made.target.blobs.get('a.tar')?.facts).toMatchObject({
            md5: expectedOf(BYTES).md5,
            metadata: { category: 'acr-transfer-blob' },
          });
        }),
        { numRuns: rounds(40) },
      );
    },
  );

  it('with different blobs of one name never mix them, and one of them fails', async () => {
    await fc.assert(
      fc.asyncProperty(turns, turns, fc.boolean(), async (one, two, overwrite) => {
        const made = scene({ at: { bytes: BYTES }, part: { overwrite } });
        const another = memoryContainer('https://another/transfer');
        another.put('a.tar', OTHER);
        const outcomes = await Promise.all([run(made, one), run(made, two, another)]);
        const right = [BYTES, OTHER].filter((bytes) => made.arrived()?.equals(bytes));

        expect(right).toHaveLength(1);
        expect(expectedOf(right[0] ?? Buffer.alloc(0)).md5).toBe(made.target.blobs.get('a.tar')?.facts.md5);
        // With overwrite, a runner that starts after the other has ended replaces its blob.
        if (!overwrite) expect([...outcomes].sort()).toEqual(['ACRT5009', 'done']);
        expect(outcomes.filter((outcome) => !['done', 'ACRT5009'].includes(outcome))).toEqual([]);
      }),
      { numRuns: rounds(60) },
    );
  });
});
