import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomContent } from '../seed.ts';
import { CHOICE_TEXT, few } from '../tier.ts';
import { openHandoffScene, type HandoffScene } from './handoff.fixture.ts';
import { shownIds } from './scene.ts';

const randomBytes = randomContent('two runners');

const MEBIBYTE = 1024 * 1024;

let scene: HandoffScene;

beforeAll(async () => {
  scene = await openHandoffScene();
});

afterAll(async () => {
  await scene.close();
});

const PAIRS = [
  ['stream', 'stream'],
  ['server', 'server'],
  ['stream', 'server'],
] as const;

describe(`two runners at once (${CHOICE_TEXT})`, () => {
  it.each(few(PAIRS, 1))('copy one blob, and neither corrupts it (%s, %s)', async (one, other) => {
    const blob = `twice/${one}-${other}.tar`;
    const bytes = randomBytes(24 * MEBIBYTE + 3);
    await scene.containers.put('source', blob, bytes);
    const results = await Promise.all(
      [one, other].map((method) => scene.step(scene.bySas([blob], { 'handoff-method': method }))),
    );
    expect(results.map(shownIds)).toEqual([[], []]);
    expect((await scene.containers.get('target', blob))?.bytes.equals(bytes)).toBe(true);
  });
});
