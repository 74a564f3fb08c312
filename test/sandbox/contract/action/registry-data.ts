import { expect } from '@jest/globals';
import { connectRegistry } from '../../../../src/azure/registry/client.ts';
import { classifyRun } from '../../../../src/transfer/errors/classify.ts';
import type { Clock } from '../../../../src/transfer/ports/clock.ts';
import type { Registry } from '../../../../src/transfer/ports/registry.ts';
import { factOf } from '../../../fixtures/contract/facts.ts';
import type { Fact, TokenFact } from '../../../fixtures/contract/facts.ts';
import { each } from '../compared.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { CREDENTIAL, json, startReplay } from '../replay.ts';
import type { Replay, Reply } from '../replay.ts';

const EXCHANGE = factOf('registry-data', 'dataplane-POST-oauth2_exchange-200');
const TOKEN = factOf('registry-data', 'dataplane-POST-oauth2_token-refresh-metadata_read-200');
const AUDIENCE = 'https://containerregistry.azure.net';
const DIGEST = `sha256:${'1'.repeat(64)}`;

/** Time passes when the code sleeps, and when a test advances it. */
function testClock(): Clock & { readonly forward: (seconds: number) => void } {
  let ahead = 0;
  const forward = (seconds: number): void => {
    ahead += seconds * 1000;
  };
  return {
    forward,
    now: () => Date.now() + ahead,
    sleep: (seconds) => {
      forward(seconds);
      return Promise.resolve();
    },
  };
}

const registryAt = ({ host, masked }: Replay, clock: Clock = testClock()): Registry => {
  const mask = (secret: string): void => {
    masked.push(secret);
  };
  return connectRegistry(
    host,
    { credential: CREDENTIAL, audiences: [AUDIENCE], mask, onAudience: () => undefined },
    clock,
  );
};

/** Signs in with the recorded responses, and then gets these. */
const signedIn = (replay: Replay, ...replies: readonly Reply[]): Registry => {
  replay.answer(EXCHANGE, TOKEN, ...replies);
  return registryAt(replay);
};

/** The read of a manifest fails with this ID, in the registry's words. */
const failure =
  (id: string, words: string, signIn = true): Compare<Replay> =>
  async (fact, replay) => {
    replay.answer(...(signIn ? [EXCHANGE, TOKEN] : []), fact);
    await expect(registryAt(replay).manifest('team/app', 'v1')).rejects.toMatchObject({
      facts: { id, message: expect.stringContaining(words) },
    });
  };

/** The principal isn't allowed to list the repositories. */
const catalogRefused: Compare<Replay> = async (fact, replay) => {
  expect(await signedIn(replay, fact).repositories()).toEqual({
    ok: false,
    problem: expect.stringContaining('authentication required'),
  });
};

const fieldsOf = (form: string): readonly string[] => [...new URLSearchParams(form).keys()].sort();

/** The sign-in sends the fields that were recorded. */
const asks =
  (index: number, path: string): Compare<Replay> =>
  async (fact, replay) => {
    await signedIn(replay, json({ tags: null })).tags('team/app');
    const asked = replay.asked[index];
    expect([asked?.method, asked?.path, fieldsOf(asked?.body ?? '')]).toEqual([
      fact.method,
      path,
      fieldsOf(String(fact.sends)),
    ]);
  };

const claimsOf = ({ seconds, backdatedSeconds }: TokenFact, now: number): object => {
  const iat = Math.floor(now / 1000) - backdatedSeconds;
  return { iat, nbf: iat, exp: iat + seconds };
};

const jwt = (claims: object): string =>
  [{ alg: 'none' }, claims, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');

/** A token is renewed before it expires, although the registry issues it in the past. */
async function renewal(fact: Fact, replay: Replay, path: string): Promise<void> {
  const { token } = fact;
  if (token === null) throw new Error(`${fact.name} has no token`);
  const clock = testClock();
  const given = (member: string, of: TokenFact | null): Reply =>
    json({ [member]: of === null ? 'opaque' : jwt(claimsOf(of, clock.now())) });
  const isAccess = path === '/oauth2/token';
  const exchange = given('refresh_token', isAccess ? null : token);
  const access = given('access_token', isAccess ? token : null);
  replay.answer(exchange, access, json({ tags: [] }), isAccess ? access : exchange, json({ tags: [] }));
  const registry = registryAt(replay, clock);
  await registry.tags('team/app');
  clock.forward(token.seconds - token.backdatedSeconds - 5);
  // Another repository needs its own access token, which the refresh token provides.
  await registry.tags(isAccess ? 'team/app' : 'team/other').catch(() => null);
  expect(replay.asked[3]).toMatchObject({ method: 'POST', path });
}

/** Locks as the action reads them in lists. */
const LOCKED = { readable: false, writable: false, quarantined: false };
const OPEN = { readable: true, writable: true, quarantined: false };

const memberOf = ({ body }: Fact, name: string): unknown => (body as Readonly<Record<string, unknown>>)[name];

/** The data plane of a registry, as plans and verification read it. */
export const registryData: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'dataplane-POST-oauth2_exchange-200': async (fact, replay) => {
      await asks(0, '/oauth2/exchange')(fact, replay);
      await renewal(fact, replay, '/oauth2/exchange');
    },
    'dataplane-POST-oauth2_token-refresh-metadata_read-200': async (fact, replay) => {
      await asks(1, '/oauth2/token')(fact, replay);
      await renewal(fact, replay, '/oauth2/token');
    },
    'dataplane-POST-oauth2_exchange-401-wrongAudience': failure('ACRT6004', 'retrieving permissions failed', false),
    ...each(['dataplane-GET-v2-401', 'dataplane-GET-v2_catalog-401-doc'], catalogRefused),
    'dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-401': failure('ACRT6004', 'authentication required'),
    'dataplane-GET-v2-403-DENIED-ip-issue': async (fact, replay) => {
      const words = 'is not allowed access';
      for (const signIn of [true, false]) await failure('ACRT6005', words, signIn)(fact, replay);
      await expect(signedIn(replay, fact).repositories()).rejects.toMatchObject({ facts: { id: 'ACRT6005' } });
    },
    'dataplane-GET-v2_csscpolicies_patchpolicy_manifests_v1-200': async (fact, replay) => {
      const [config, layer] = [`sha256:${'2'.repeat(64)}`, `sha256:${'3'.repeat(64)}`];
      expect(await signedIn(replay, fact).manifest('team/app', 'v1')).toEqual({
        digest: fact.headers['docker-content-digest'],
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        size: fact.text.length,
        content: [
          { digest: config, size: 2 },
          { digest: layer, size: 233 },
        ],
        children: [],
        subject: null,
        foreign: [],
      });
      expect(replay.asked[2]?.path).toBe(fact.path);
    },
    'dataplane-DELETE-v2_manifests-404-MANIFEST_UNKNOWN': async (fact, replay) => {
      expect(await signedIn(replay, fact).manifest('team/app', DIGEST)).toBeNull();
    },
    'dataplane-GET-acr_v1_manifests-page1-200': async (fact, replay) => {
      const registry = signedIn(replay, fact, json({ manifests: null }));
      const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
      expect(await registry.manifests('team/app')).toEqual([
        { digest: DIGEST, mediaType, size: 528, tags: [], locks: OPEN },
      ]);
      expect(fact.headers['link']).toContain(`<${replay.asked[3]?.path ?? ''}>`);
    },
    'dataplane-GET-acr_v1_tags-page1-200': async (fact, replay) => {
      const pushedAt = Date.parse('2026-01-02T03:04:05.123Z');
      expect(await signedIn(replay, fact, json({ tags: [] })).tags('team/app')).toEqual([
        { name: 'latest', digest: DIGEST, pushedAt, locks: OPEN },
      ]);
      expect(fact.headers['link']).toContain(`<${replay.asked[3]?.path ?? ''}>`);
    },
    'dataplane-PATCH-acr_v1_tags_tag-lock-200': async (fact, replay) => {
      const tags = await signedIn(replay, json({ tags: [memberOf(fact, 'tag')] })).tags('team/app');
      expect(tags).toMatchObject([{ name: 'test1', locks: LOCKED }]);
    },
    'dataplane-PATCH-acr_v1_manifests_digest-lock-200': async (fact, replay) => {
      const registry = signedIn(replay, json({ manifests: [memberOf(fact, 'manifest')] }));
      expect(await registry.manifests('team/app')).toMatchObject([{ digest: DIGEST, locks: LOCKED }]);
    },
    // A pipeline without permission to change a tag gets the same text, and its run repeats it.
    'dataplane-DELETE-acr_v1_tags_tag-405-locked-issue': (fact) => {
      expect(classifyRun(fact.text)).toBe('ACRT4020');
    },
  },
};
