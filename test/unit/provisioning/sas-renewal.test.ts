import { describe, expect, it } from '@jest/globals';
import type { SecretState } from '../../../src/provisioning/ports.ts';
import { renewalReason } from '../../../src/provisioning/sas-renewal.ts';
import { readSas } from '../../../src/transfer/model/sas.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 1);
const PIPELINE = '/subscriptions/s/exportpipelines/one';
const iso = (time: number): string => new Date(time).toISOString();

/** A secret with a SAS of these permissions, created for a pipeline just now, for seven days. */
const secretWith = (permissions: string, createdFor: string | null): SecretState => ({
  kind: 'found',
  enabled: true,
  startsAt: NOW,
  expiresAt: NOW + 7 * DAY,
  sas: readSas(`sr=c&sp=${permissions}&spr=https&st=${iso(NOW)}&se=${iso(NOW + 7 * DAY)}&sig=c2ln`),
  createdFor,
});

const reason = (value: SecretState, permissions: string): string | null =>
  renewalReason({ ok: true, value }, { permissions, days: 7, pipelineId: PIPELINE }, NOW);

describe.each(['rawl', 'rl', 'rdl'])('a SAS that must give %s', (needed) => {
  it('is kept if it gives just that, in any order', () => {
    const reversed = Array.from(needed).reverse().join('');
    for (const permissions of [needed, reversed]) expect(reason(secretWith(permissions, PIPELINE), needed)).toBeNull();
  });

  it.each(Array.from(needed))('is renewed only without %s', (letter) => {
    for (const createdFor of [PIPELINE, null]) {
      expect(reason(secretWith(needed.replace(letter, ''), createdFor), needed)).toBe(`lacks ${letter}`);
    }
  });

  it.each(Array.from('racwdxyltmeopi').filter((letter) => !needed.includes(letter)))(
    'is renewed with %s besides, if it was created for this pipeline',
    (letter) => {
      const more = `${needed}${letter}`;
      expect(reason(secretWith(more, PIPELINE), needed)).toBe(`has ${more}, more than needed`);
      expect(reason(secretWith(more, null), needed)).toBeNull();
      expect(reason(secretWith(more, `${PIPELINE}2`), needed)).toBeNull();
    },
  );
});
