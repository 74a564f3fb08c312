import { expect } from '@jest/globals';
import type { TokenCredential } from '@azure/core-auth';
import { innerCode, readSecret, type SecretReaderContext } from '../../../../src/azure/key-vault/secrets.ts';
import { parseSecretUri, type SecretLocation } from '../../../../src/azure/key-vault/vaults.ts';
import { readSecretState } from '../../../../src/azure/provisioning/key-vault.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { cloudAt, CREDENTIAL, json, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

function placeAt({ origin }: Replay): SecretLocation {
  const place = parseSecretUri(`${origin}/secrets/secret1`);
  if (place === null) throw new Error('the address of a secret is not understood');
  return place;
}

const accessTo = (replay: Replay, credential: TokenCredential = CREDENTIAL): SecretReaderContext => ({
  cloud: cloudAt(replay),
  credential,
  requireHost: () => undefined,
  mask: (secret) => {
    replay.masked.push(secret);
  },
});

/** An observation without a result, with its reason. The inner error code is read. */
const unseen =
  (why: string, inner: string): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(fact);
    const place = placeAt(replay);
    const look = await readSecretState(place, accessTo(replay));
    expect(look).toEqual({ ok: false, problem: expect.stringContaining(why) });
    const failed: unknown = await readSecret(place, accessTo(replay)).catch((error: unknown) => error);
    expect(innerCode(failed)).toBe(inner);
  };

/** A key vault, as preflight and setup read it. */
export const keyVault: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    // The challenge is the same for keys and secrets.
    'kv-keys-POST-create-401-challenge': async (fact, replay) => {
      const scopes: unknown[] = [];
      const credential: TokenCredential = {
        getToken: (scope) => {
          scopes.push(scope);
          return CREDENTIAL.getToken(scope);
        },
      };
      const attributes = { enabled: true, exp: 1_800_000_000 };
      const id = `${replay.origin}/secrets/secret1/version`;
      replay.answer(fact, json({ value: 'sv=1&sig=x', id, attributes }));
      expect(await readSecret(placeAt(replay), accessTo(replay, credential))).toMatchObject({
        facts: { enabled: true, expiresAt: 1_800_000_000_000 },
      });
      expect([scopes, replay.masked]).toEqual([[['https://vault.azure.net/.default']], ['sv=1&sig=x']]);
      expect(replay.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer token']);
    },
    'kv-keys-GET-403-Forbidden-accesspolicy': unseen('does not have keys get permission', 'ForbiddenByPolicy'),
    'kv-secrets-GET-403-ForbiddenByRbac-issue': unseen('Caller is not authorized to perform action', 'ForbiddenByRbac'),
  },
};
