import type { UserDelegationKey } from '@azure/storage-blob';
import { afterEach, describe, expect, it } from '@jest/globals';
import { secretForms } from '../../../../src/action/runner/log.ts';
import { connectContainer } from '../../../../src/azure/storage/container.ts';
import {
  authorizeBySasUrl,
  authorizeByDelegation,
  sasExpiresAt,
  type Validity,
} from '../../../../src/azure/storage/copy-source.ts';
import { interceptHttps, type InterceptedHttps } from '../http/https.fixture.ts';

const MINUTE = 60_000;

/** A key with a number, so that a test sees which one has signed. */
const key = (number: number): UserDelegationKey => ({ value: String(number) }) as unknown as UserDelegationKey;

/** As in a SAS. */
const signatureOf = (blob: string): string => encodeURIComponent(`signature+of/${blob}=`);

/** A container of a service that returns these keys. */
function delegationWith(
  keyOf: (number: number) => Promise<UserDelegationKey | null> = (number) => Promise.resolve(key(number)),
) {
  const state = { now: 1_000 * MINUTE, requested: [] as Validity[], masked: [] as string[] };
  const authorize = authorizeByDelegation(
    {
      delegation: {
        requestKey: (validity) => {
          state.requested.push(validity);
          return keyOf(state.requested.length);
        },
        sign: (blob, { value }, { startsAt, endsAt }) =>
          `sr=${blob}&key=${value}&from=${startsAt / MINUTE}&to=${endsAt / MINUTE}&sig=${signatureOf(blob)}`,
      },
      urlOf: (blob) => `https://a.example/c/${blob}`,
      token: () => Promise.resolve('token'),
    },
    { clock: { now: () => state.now }, mask: (secret) => state.masked.push(secret) },
  );
  return { state, authorize };
}

describe('authorizeByDelegation', () => {
  it('creates a SAS per blob, valid for an hour and from five minutes ago', async () => {
    const { authorize, state } = delegationWith();
    expect(await authorize('b')).toEqual({
      url: 'https://a.example/c/b?sr=b&key=1&from=995&to=1060&sig=signature%2Bof%2Fb%3D',
      authorization: null,
    });
    expect((await authorize('other')).url).toContain('sr=other&key=1&');
    expect(state.requested).toEqual([{ startsAt: 995 * MINUTE, endsAt: 1_060 * MINUTE }]);
  });

  it('C7: masks only the signature of a SAS, once for all blocks of its blob', async () => {
    const { authorize, state } = delegationWith();
    const authorizations = await Promise.all(['b', 'b', 'other', 'b'].map(authorize));
    state.now += 20 * MINUTE;
    expect((await authorize('b')).url).toBe(authorizations[0]?.url);
    expect(state.masked).toEqual(['signature+of/b', 'signature+of/other']);
  });

  it('C7: makes the runner match at most two masks per blob', async () => {
    const { authorize, state } = delegationWith();
    await Promise.all(Array.from({ length: 100 }, (_, index) => authorize(`blob${index}`)));
    expect(state.masked.flatMap(secretForms).length).toBeLessThanOrEqual(200);
  });

  it('requests one key for concurrent authorizations', async () => {
    const { authorize, state } = delegationWith();
    await Promise.all(['a', 'b', 'c'].map(authorize));
    expect(state.requested).toHaveLength(1);
    state.now += 51 * MINUTE;
    const authorizations = await Promise.all(['a', 'b', 'c'].map(authorize));
    expect(state.requested).toHaveLength(2);
    expect(authorizations.every(({ url }) => url.includes('key=2'))).toBe(true);
  });

  it.each([
    [50, 1],
    [50.1, 2],
  ])('uses, after %d minutes, key %d', async (after, expected) => {
    const { authorize, state } = delegationWith();
    await authorize('b');
    state.now += after * MINUTE;
    expect((await authorize('b')).url).toContain(`key=${expected}&`);
  });

  it('uses the token if the principal gets no key, which is requested once', async () => {
    const { authorize, state } = delegationWith(() => Promise.resolve(null));
    const authorization = { url: 'https://a.example/c/b', authorization: 'Bearer token' };
    expect(await Promise.all([authorize('b'), authorize('b')])).toEqual([authorization, authorization]);
    expect(await authorize('b')).toEqual(authorization);
    expect([state.requested.length, state.masked]).toEqual([1, []]);
  });

  it('requests the key again after a failure', async () => {
    const busy = new Error('busy');
    const { authorize, state } = delegationWith((number) =>
      number === 1 ? Promise.reject(busy) : Promise.resolve(key(number)),
    );
    const both = await Promise.allSettled([authorize('a'), authorize('b')]);
    expect(both).toEqual([
      { status: 'rejected', reason: busy },
      { status: 'rejected', reason: busy },
    ]);
    expect((await authorize('b')).url).toContain('key=2&');
    expect(state.requested).toHaveLength(2);
  });

  it('requests the key again after a failed renewal', async () => {
    const busy = new Error('busy');
    const { authorize, state } = delegationWith((number) =>
      number === 2 ? Promise.reject(busy) : Promise.resolve(key(number)),
    );
    await authorize('b');
    state.now += 55 * MINUTE;
    await expect(Promise.all([authorize('a'), authorize('b')])).rejects.toBe(busy);
    expect((await authorize('b')).url).toContain('key=3&');
  });
});

describe('a given SAS', () => {
  it('is in the URL', async () => {
    const authorize = authorizeBySasUrl((blob) => `https://a.example/c/${blob}?sv=1&sig=2`);
    expect(await authorize('b')).toEqual({ url: 'https://a.example/c/b?sv=1&sig=2', authorization: null });
  });

  it.each([
    ['sv=1&se=2026-11-23T10:00:00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23T10%3A00%3A00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23&sig=x', Date.UTC(2026, 10, 23)],
    ['sv=1&se=2026-11-25&ske=2026-11-23T10:00:00Z&sig=x', Date.UTC(2026, 10, 23, 10)],
    ['sv=1&se=2026-11-23&ske=2026-11-25&sig=x', Date.UTC(2026, 10, 23)],
    ['sv=1&si=policy&sig=x', null],
    ['sv=1&se=soon&sig=x', null],
  ])('%s expires at %s', (sas, expiry) => {
    expect(sasExpiresAt(sas)).toBe(expiry);
  });
});

describe('the user delegation key', () => {
  const KEY = 'dGhlIGtleSBvZiB0aGUgcHJpbmNpcGFsIGZvciBTQVM=';
  let https: InterceptedHttps;

  afterEach(() => {
    https.restore();
  });

  it('C10: is masked before a SAS is signed with it', async () => {
    const members = ['SignedOid', 'SignedTid', 'SignedStart', 'SignedExpiry', 'SignedService', 'SignedVersion'];
    const time = '2026-01-01T00:00:00Z';
    https = interceptHttps(() => ({
      headers: { 'content-type': 'application/xml' },
      body: `<UserDelegationKey>${members.map((name) => `<${name}>${time}</${name}>`).join('')}<Value>${KEY}</Value></UserDelegationKey>`,
    }));
    const masked: string[] = [];
    const container = connectContainer(
      'https://account.blob.core.windows.net/transfer',
      'source',
      {
        kind: 'token',
        credential: { getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Date.now() + 3_600_000 }) },
        audience: null,
      },
      { clock: { now: () => Date.parse(time) }, mask: (secret) => masked.push(secret) },
    );
    const { url = '' } = (await container.direct?.authorizeSource('a.tar')) ?? {};
    const signature = new URL(url).searchParams.get('sig') ?? 'none';
    expect(masked).toEqual([KEY, signature.replace(/=+$/, '')]);
  });
});
