/** Tries each kind of fault separately. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CHOICE_TEXT } from '../../tier.ts';
import { calm, openScene, shownIds, type Scene } from '../scene.ts';
import { kindsToTry, type FaultGroup } from './kinds.ts';
import { aftermath, inject, prepareOrdeal, struck, undergo } from './ordeal.ts';

/** Two batches: a fault of one must not affect the other. */
const BATCHES = 2;

/** Declares the tests of one group. */
export function tryEach(group: FaultGroup): void {
  let scene: Scene;
  let count = 0;

  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(async () => {
    await scene.close();
  });
  afterEach(async () => {
    await calm(scene);
  });

  describe(`a single fault (${group}, ${CHOICE_TEXT})`, () => {
    it.each(kindsToTry(group).map((kind) => ({ kind, name: kind.name, outcome: kind.outcome })))(
      '$name: $outcome',
      async ({ kind }) => {
        count += 1;
        const ordeal = await prepareOrdeal(scene, `${group}-${count}`, BATCHES);
        const injection = kind.inject(ordeal);
        await inject(scene, injection);
        const result = await undergo(scene, ordeal, kind.inputs);
        const hits = await struck(scene);
        const { missing, doubled, falselyGood } = await aftermath(scene, ordeal, result);

        expect(hits > 0).toBe((injection.rules ?? []).length > 0);
        expect({ doubled, falselyGood }).toEqual({ doubled: [], falselyGood: [] });
        if (kind.outcome === 'survived') {
          expect({ ids: shownIds(result), exitCode: result.exitCode, missing }).toEqual({
            ids: [],
            exitCode: 0,
            missing: [],
          });
        } else {
          expect(new Set(shownIds(result))).toEqual(new Set([kind.outcome]));
          expect(result.exitCode).toBe(1);
        }
      },
    );
  });
}
