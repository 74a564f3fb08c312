/** The SAS that setup makes, stores and renews. */
import { describe, expect, it } from '@jest/globals';
import { shownIds } from './scene.ts';
import { eachGround } from './setup/each-ground.ts';
import { BY_SAS, changesOf } from './setup/ground.ts';

const DAY = 86_400_000;

const ground = eachGround();

describe('the SAS of a pipeline', () => {
  it('is renewed if it has expired, and unchanged otherwise', async () => {
    const { both, scene, inputs, setup, transfer } = ground();
    await both(BY_SAS);
    const rotation = inputs('target', BY_SAS, { state: 'rotate' });
    expect((await setup(rotation)).outputs).toMatchObject({ status: 'unchanged', changed: 'false' });

    const expiresOn = new Date(Date.now() - DAY);
    const ended = await scene.sandbox.containerSas('target', { permissions: 'rl', expiresOn });
    await scene.sandbox.setSecret('target', 'nightly-sas', { value: ended, expires: expiresOn.toISOString() });
    const renewed = await setup(rotation);
    expect(shownIds(renewed)).toEqual([]);
    expect(changesOf(renewed)).toMatchObject([
      { subject: 'sas', from: expect.stringContaining('expired at'), done: true },
    ]);
    expect(Date.parse(renewed.outputs['sas-expires'] ?? '')).toBeGreaterThan(Date.now() + 6 * DAY);
    expect((await transfer()).outputs).toMatchObject({ status: 'succeeded' });
  });

  it('is never shown in any form', async () => {
    const { scene, inputs, setup } = ground();
    const result = await setup(inputs('source', BY_SAS, { 'sas-key': 'account-key', 'sas-days': '90' }));
    expect(shownIds(result)).toEqual([]);
    const shown = result.log
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n');
    expect(result.log).toMatch(/^::add-mask::.*sig=/m);
    for (const text of [shown, result.summary, JSON.stringify(result.outputs)]) {
      expect(text).not.toMatch(/sig=|sig%3D/i);
      expect(text).not.toContain(scene.clouds.source.storage.key);
    }
    expect(Date.parse(result.outputs['sas-expires'] ?? '')).toBeGreaterThan(Date.now() + 89 * DAY);
  });

  it('is not stored if the account allows no keys', async () => {
    const { scene, inputs, setup } = ground();
    await scene.sandbox.settings('source', { storage: { allowSharedKeyAccess: false } });
    const result = await setup(inputs('source', BY_SAS, { 'sas-key': 'account-key', 'timeout-minutes': '1' }));
    expect(shownIds(result)).toEqual(['ACRT3047']);
    expect((await scene.sandbox.inventory('source')).secrets).toEqual([]);
  });
});
