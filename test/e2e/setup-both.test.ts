/** Both sides set up at once, used, set up again, and torn down. */
import { describe, expect, it } from '@jest/globals';
import { CHOICE_TEXT, onePerRule } from '../tier.ts';
import { shownIds } from './scene.ts';
import { eachGround } from './setup/each-ground.ts';
import { changesOf, COMBINATIONS, PLAIN, titleOf } from './setup/ground.ts';

const SIDES = ['source', 'target'] as const;

const ground = eachGround();

describe(`setting up both sides at once (${CHOICE_TEXT})`, () => {
  const tried = onePerRule(COMBINATIONS, ({ access }) => access);

  it.each(tried.map((combination) => ({ title: titleOf(combination), combination })))(
    'is enough for a transfer, changes nothing the second time, and goes again without a trace: $title',
    async ({ combination }) => {
      const { inventories, both, transfer, setup, inputs } = ground();
      const before = await inventories();
      const first = await both(combination);
      expect(first.flatMap(shownIds)).toEqual([]);
      expect(first.map(({ exitCode, outputs }) => [exitCode, outputs['status'], outputs['changed']])).toEqual([
        [0, 'changed', 'true'],
        [0, 'changed', 'true'],
      ]);

      const transferred = await transfer();
      expect(shownIds(transferred)).toEqual([]);
      expect(transferred.outputs).toMatchObject({ status: 'succeeded', transferred: '1', failed: '0' });

      const second = await both(combination);
      expect(second.map((result) => [result.outputs['status'], changesOf(result)])).toEqual([
        ['unchanged', []],
        ['unchanged', []],
      ]);
      expect(second.map(({ outputs }) => outputs['principal-id'])).toEqual(
        first.map(({ outputs }) => outputs['principal-id']),
      );

      for (const side of SIDES) expect(shownIds(await setup(inputs(side, PLAIN, { state: 'absent' })))).toEqual([]);
      expect(await inventories()).toEqual(before);
    },
  );
});

describe('tearing down', () => {
  it('finds nothing without a setup', async () => {
    const { setup, inputs } = ground();
    expect((await setup(inputs('source', PLAIN, { state: 'absent' }))).outputs).toMatchObject({
      status: 'unchanged',
    });
  });

  it('removes the transfer blobs too on request', async () => {
    const { both, transfer, scene, setup, inputs } = ground();
    await both(PLAIN);
    await transfer();
    const absent = { state: 'absent', 'delete-blobs': 'true' };
    expect((await scene.blobs('source')).filter((name) => name.endsWith('.tar'))).not.toEqual([]);
    for (const side of SIDES) expect(shownIds(await setup(inputs(side, PLAIN, absent)))).toEqual([]);
    expect((await scene.blobs('source')).filter((name) => name.endsWith('.tar'))).toEqual([]);
  });
});
