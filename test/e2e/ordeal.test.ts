/** The imports that the chaos counts as doubled. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aftermath, prepareOrdeal, undergo } from './faults/ordeal.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  // The trigger checks during the transfer, as it does every 15 minutes in a sandbox that runs longer.
  scene = await openScene({ sourceTriggerSeconds: 0.1, runs: { seconds: [3], retryAfterSeconds: 1 } });
});

afterAll(async () => {
  await scene.close();
});

it('an import by the source trigger is no second import by the action', async () => {
  const ordeal = await prepareOrdeal(scene, 'triggered', 1);
  const result = await undergo(scene, ordeal);
  const transfers = await scene.sandbox.transfers('target');
  const imports = transfers.filter(({ kind }) => kind === 'import').map(({ bySourceTrigger }) => bySourceTrigger);
  expect(imports).toContain(true);
  expect(imports).toContain(false);
  expect((await aftermath(scene, ordeal, result)).doubled).toEqual([]);
});
