import { describe, expect, it } from '@jest/globals';
import { defaultSettings, parsePatch, patchSettings } from './settings.ts';

describe('settings', () => {
  it('change only in the properties of a patch', () => {
    const patched = patchSettings(defaultSettings, { runs: { seconds: [1, 2] }, registry: { sku: 'Basic' } });
    expect(patched).toEqual({
      ...defaultSettings,
      runs: { ...defaultSettings.runs, seconds: [1, 2] },
      registry: { ...defaultSettings.registry, sku: 'Basic' },
    });
  });

  it('change one rate limit and leave the others', () => {
    const { registry } = patchSettings(defaultSettings, { registry: { rateLimits: { readsPerMinute: null } } });
    const { rateLimits } = defaultSettings.registry;
    expect(registry).toEqual({ ...defaultSettings.registry, rateLimits: { ...rateLimits, readsPerMinute: null } });
  });

  it('change what storage does for copies and leave the rest', () => {
    const { storage } = patchSettings(defaultSettings, { storage: { copySource: 'unreachable' } });
    expect(storage).toEqual({ ...defaultSettings.storage, copySource: 'unreachable' });
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
    { registry: { rateLimits: { readsPerMinute: 0 } } },
    { registry: { rateLimits: { writesPerMinute: 5 } } },
    { storage: { copySource: 'closed' } },
  ])('refuse %j', (patch) => {
    expect(() => parsePatch(patch)).toThrow();
  });
});
