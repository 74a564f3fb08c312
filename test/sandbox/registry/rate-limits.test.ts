import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { image } from '../content/index.ts';
import type { Artifact } from '../content/index.ts';
import type { Answer } from '../content/connection.ts';
import type { RateLimits } from '../description.ts';
import { jsonOf, startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const PULL = 'repository:team/app:pull,metadata_read';
const NO_LIMITS: RateLimits = {
  readsPerMinute: null,
  referrersPerMinute: null,
  registryReadsPerMinute: null,
  registryReferrersPerMinute: null,
  oauthPerMinute: null,
};
let cloud: RegistryCloud;
let app: Artifact;

beforeAll(async () => {
  cloud = await startRegistryCloud();
  app = await image({ seed: 'limits' });
  await cloud.pusher.push('team/app', app, 'v1');
});

afterAll(async () => {
  await cloud.close();
});

beforeEach(async () => {
  cloud.state.patch({ registry: { rateLimits: NO_LIMITS } });
  await cloud.accessTokens(PULL);
});

const limit = (rateLimits: Partial<RateLimits>): void => {
  cloud.state.patch({ registry: { rateLimits } });
};
const get = (path: string, method = 'GET'): Promise<Answer> => cloud.ask({ method, path }, PULL);
const manifest = (): Promise<Answer> => get('/v2/team/app/manifests/v1');
const referrers = (): Promise<Answer> => get(`/v2/team/app/referrers/${app.manifest.digest}`);

async function statuses(...requests: readonly (() => Promise<Answer>)[]): Promise<number[]> {
  const found: number[] = [];
  for (const request of requests) found.push((await request()).status);
  return found;
}

/** A request of another principal, with every role that the client has. */
async function asAnother(path: string): Promise<Answer> {
  cloud.state.roles.add({ principalId: 'another', role: 'AcrPull' });
  const form = (fields: Record<string, string>): Buffer =>
    Buffer.from(new URLSearchParams({ service: cloud.signIn.registry.loginServer, ...fields }).toString());
  const entraToken = await cloud.entra.mintFor('another', 'https://containerregistry.azure.net');
  const body = form({
    grant_type: 'password',
    username: '00000000-0000-0000-0000-000000000000',
    password: entraToken,
    scope: PULL,
  });
  const { access_token: token } = jsonOf(await cloud.ask({ method: 'POST', path: '/oauth2/token', body })) as {
    access_token: string;
  };
  return cloud.ask({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } });
}

describe('rate limits', () => {
  it('answer 429 with Retry-After', async () => {
    limit({ readsPerMinute: 2 });
    expect(await statuses(manifest, () => get('/acr/v1/team/app/_tags'))).toEqual([200, 200]);
    const refused = await manifest();
    expect(refused.status).toBe(429);
    expect(jsonOf(refused)).toEqual({
      errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests', detail: null }],
    });
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(30);
  });

  it('let requests pass again after the time of Retry-After', async () => {
    limit({ readsPerMinute: 60 });
    const answers = await Promise.all(Array.from({ length: 100 }, manifest));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    const seconds = Math.max(...refused.map(({ headers }) => Number(headers['retry-after'])));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    expect((await manifest()).status).toBe(200);
  });

  it('apply for each identity, and for all together', async () => {
    limit({ readsPerMinute: 1 });
    expect(await statuses(manifest, manifest)).toEqual([200, 429]);
    expect((await asAnother('/v2/team/app/manifests/v1')).status).toBe(200);
    limit({ readsPerMinute: null, registryReadsPerMinute: 1 });
    expect((await manifest()).status).toBe(200);
    expect((await asAnother('/v2/team/app/manifests/v1')).status).toBe(429);
  });

  it('count a list of referrers as a read, and refused requests not at all', async () => {
    limit({ referrersPerMinute: 1, readsPerMinute: 3 });
    expect(await statuses(referrers, referrers, referrers, manifest, manifest, manifest)).toEqual([
      200, 429, 429, 200, 200, 429,
    ]);
    limit({ registryReferrersPerMinute: 1, referrersPerMinute: null, readsPerMinute: null });
    expect(await statuses(referrers, referrers, manifest)).toEqual([200, 429, 200]);
  });

  it("don't limit writes and requests without a token", async () => {
    limit({ readsPerMinute: 1 });
    expect(await statuses(manifest, manifest)).toEqual([200, 429]);
    const scope = 'repository:team/app:pull,push';
    expect((await cloud.ask({ method: 'POST', path: '/v2/team/app/blobs/uploads/' }, scope)).status).toBe(202);
    expect((await cloud.ask({ method: 'GET', path: '/v2/' })).status).toBe(401);
  });

  it('apply to the token service', async () => {
    limit({ oauthPerMinute: 1 });
    const login = (): Promise<Answer> => cloud.ask({ method: 'POST', path: '/oauth2/exchange' });
    expect(await statuses(login, login)).toEqual([401, 429]);
  });
});
