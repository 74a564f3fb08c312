import { describe, expect, it } from '@jest/globals';
import { defaultSettings, parsePatch, patchSettings } from './settings.ts';

describe('settings', () => {
  it('change where a patch says something, and nowhere else', () => {
    const patched = patchSettings(defaultSettings, { runs: { seconds: [1, 2] }, registry: { sku: 'Basic' } });
    expect(patched).toEqual({
      ...defaultSettings,
      runs: { ...defaultSettings.runs, seconds: [1, 2] },
      registry: { sku: 'Basic', exportPolicy: 'enabled' },
    });
  });

  it('can be set back to null', () => {
    const failing = patchSettings(defaultSettings, { runs: { failAtOnce: 'no' } });
    expect(patchSettings(failing, { runs: { failAtOnce: null } })).toEqual(defaultSettings);
  });

  it.each([
    { runs: { seconds: [] } },
    { runs: { speed: 1 } },
    { sourceTriggerSeconds: 0 },
    { registry: { sku: 'Gold' } },
  ])('refuse %j', (patch) => {
    expect(() => parsePatch(patch)).toThrow();
  });
});
