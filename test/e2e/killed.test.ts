import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { random } from '../seed.ts';
import { CHOICE_TEXT, few } from '../tier.ts';
import { sideInputs, type Inputs } from './runner.ts';
import { openScene, outcomesOf, shownIds, smallImage, type Scene } from './scene.ts';

/** Times at which the runner is lost, spread over the duration of an undisturbed transfer. `npm run show -- kill` tries 120. */
const MOMENTS = [0, 1, 2, 3, 4, 5];
const ARTIFACTS = 6;

let scene: Scene;
let undisturbed = 0;

beforeAll(async () => {
  scene = await openScene({ runs: { seconds: [1], retryAfterSeconds: 1 } });
  const inputs = await transfer('killed/never', 'killed-never');
  const since = performance.now();
  const result = await scene.step(inputs);
  undisturbed = performance.now() - since;
  expect(shownIds(result)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
});

async function transfer(repository: string, name: string): Promise<Inputs> {
  const tags = Array.from({ length: ARTIFACTS }, (_, index) => `v${index}`);
  const images = tags.map(async (tag) => [tag, await smallImage(`${repository} ${tag}`)] as const);
  await scene.push('source', repository, Object.fromEntries(await Promise.all(images)));
  return {
    mode: 'full',
    artifacts: `${repository}:*`,
    incremental: 'target',
    'transfer-name': name,
    'max-artifacts-per-run': '2',
    ...sideInputs('source', scene.clouds),
    ...sideInputs('target', scene.clouds),
  };
}

/** Imports that the service has executed for the blobs of one transfer, by blob. */
async function importsOf(name: string): Promise<ReadonlyMap<string, number>> {
  const all = await scene.sandbox.transfers('target');
  const ours = all.filter(({ kind, blob }) => kind === 'import' && blob.startsWith(`${name}-`));
  return new Map([...Map.groupBy(ours, ({ blob }) => blob)].map(([blob, runs]) => [blob, runs.length]));
}

describe(`a runner that is lost (${CHOICE_TEXT})`, () => {
  it.each(few(MOMENTS, 2))(
    'is finished by the next attempt, without importing anything twice (moment %i)',
    async (moment) => {
      const name = `killed-${moment}`;
      const inputs = await transfer(`killed/at-${moment}`, name);
      const share = (moment + random(name)()) / MOMENTS.length;
      const killed = new AbortController();
      const lost = scene.step(inputs, { killed: killed.signal });
      await after(share * undisturbed);
      killed.abort();
      await lost;
      const result = await scene.step(inputs);
      expect(shownIds(result)).toEqual([]);
      expect(['succeeded', 'nothing-to-do']).toContain(result.outputs['status']);
      const outcomes = Object.values(outcomesOf(result));
      expect(outcomes).toHaveLength(ARTIFACTS);
      expect(outcomes.every((outcome) => ['verified', 'present'].includes(outcome))).toBe(true);
      const imports = await importsOf(name);
      expect([...imports.values()]).toEqual([...imports.keys()].map(() => 1));
      expect(imports.size).toBe(ARTIFACTS / 2);
    },
  );
});
