import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomContent } from '../seed.ts';
import { CHOICE_TEXT, few } from '../tier.ts';
import { openHandoffScene, type HandoffScene } from './handoff.fixture.ts';
import { methodOf } from './place.ts';
import { shownIds } from './scene.ts';

const randomBytes = randomContent('handoff');

const MEBIBYTE = 1024 * 1024;

let scene: HandoffScene;

beforeAll(async () => {
  scene = await openHandoffScene();
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await scene.calm();
});

describe(`the three ways (${CHOICE_TEXT})`, () => {
  // Three blocks.
  const bytes = randomBytes(9 * MEBIBYTE + 7);

  it('streams through the runner, each byte once', async () => {
    await scene.containers.put('source', 'ways/stream.tar', bytes);
    const result = await scene.step(scene.bySas(['ways/stream.tar'], { 'handoff-method': 'stream' }));
    expect(shownIds(result)).toEqual([]);
    expect(methodOf(result)).toBe('stream');
    await scene.expectArrived('ways/stream.tar', bytes);
    expect(await scene.sandbox.storageBytes('target', 'ways/stream')).toMatchObject({
      uploaded: bytes.length,
      pulled: 0,
    });
  });

  it.each([
    { name: 'a SAS that was given', inputs: 'bySas', delegation: 'open' },
    { name: 'a user delegation SAS made on the spot', inputs: 'byRole', delegation: 'open' },
    { name: "the principal's own token, where no SAS can be made", inputs: 'byRole', delegation: 'refused' },
  ] as const)(
    'lets the target copy with $name, without bytes through the runner',
    async ({ name, inputs, delegation }) => {
      const blob = `ways/${name}.tar`;
      await scene.sandbox.settings('source', { storage: { delegation } });
      await scene.containers.put('source', blob, bytes);
      await scene.sandbox.resetRequests('source');
      const result = await scene.step(scene[inputs]([blob], { 'handoff-method': 'server' }));
      expect(shownIds(result)).toEqual([]);
      expect(methodOf(result)).toBe('server');
      expect(await scene.sandbox.storageBytes('source', 'ways')).toMatchObject({ downloaded: 0 });
      expect(await scene.sandbox.storageBytes('target', `ways/${name}`)).toMatchObject({
        uploaded: 0,
        pulled: bytes.length,
      });
      await scene.expectArrived(blob, bytes);
      expect(result.log.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/sig=(?!\*\*\*)/);
    },
  );

  it('uses the server copy by default if storage can reach storage', async () => {
    await scene.containers.put('source', 'ways/auto.tar', bytes);
    const result = await scene.step(scene.byRole(['ways/auto.tar']));
    expect([shownIds(result), methodOf(result)]).toEqual([[], 'server']);
    expect(await scene.sandbox.storageBytes('target', 'ways/auto')).toMatchObject({
      uploaded: 0,
      pulled: bytes.length,
    });
    await scene.expectArrived('ways/auto.tar', bytes);
  });

  const closed = [
    { side: 'target', copySource: 'unreachable' },
    { side: 'source', copySource: 'refused' },
  ] as const;

  it.each(few(closed, 1))(
    'falls back if a server copy is $copySource, and reports the reason once',
    async ({ side, copySource }) => {
      const names = [1, 2, 3].map((number) => `ways/${copySource}-${number}.tar`);
      for (const name of names) await scene.containers.put('source', name, bytes);
      await scene.sandbox.settings(side, { storage: { copySource } });
      const result = await scene.step(scene.byRole(names));
      expect([shownIds(result), methodOf(result)]).toEqual([[], 'stream']);
      expect(result.log.match(/CannotVerifyCopySource/g)).toHaveLength(1);
      for (const name of names) await scene.expectArrived(name, bytes);
    },
  );

  it('does not fall back if the method is set', async () => {
    await scene.containers.put('source', 'ways/closed.tar', bytes);
    await scene.sandbox.settings('target', { storage: { copySource: 'unreachable' } });
    const result = await scene.step(scene.byRole(['ways/closed.tar'], { 'handoff-method': 'server' }));
    expect(shownIds(result)).toEqual(['ACRT5008']);
    expect(result.exitCode).toBe(1);
    expect(await scene.containers.get('target', 'ways/closed.tar')).toBeNull();
  });
});
