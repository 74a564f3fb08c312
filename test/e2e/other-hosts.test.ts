import type { IncomingHttpHeaders } from 'node:http';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Side } from '../sandbox/description.ts';
import type { FaultRule, Service } from '../sandbox/fault-rule.ts';
import { listen, type Listener } from '../sandbox/http.ts';
import { createAuthority } from '../sandbox/tls.ts';
import { openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;
let elsewhere: Listener;
/** Trusts the other host too. Otherwise, its certificate would prevent the requests. */
let trust: Readonly<Record<string, string>>;
/** Requests to the other host. */
let came: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];

beforeAll(async () => {
  scene = await openScene();
  const authority = await createAuthority('elsewhere, its CA');
  const bundle = join(scene.workspace, 'trusted.pem');
  writeFileSync(bundle, `${readFileSync(scene.clouds.caFile, 'utf8')}\n${authority.certificate}`);
  trust = { NODE_EXTRA_CA_CERTS: bundle };
  elsewhere = await listen(await authority.issueServer('elsewhere'), [], ({ url = '', headers }, response) => {
    came.push({ path: url, headers });
    response.end('{}');
    return Promise.resolve(true);
  });
});

afterAll(async () => {
  await elsewhere.close();
  await scene.close();
});

afterEach(async () => {
  came = [];
  for (const side of ['source', 'target'] as const) await scene.sandbox.clearFaults(side);
});

/** Responses that redirect a client, as a compromised service would send them. */
function ways(): readonly { name: string; side: Side; service: Service; rule: Omit<FaultRule, 'service' | 'times'> }[] {
  const away = (status: number): FaultRule['fault'] => ({
    kind: 'answer',
    status,
    headers: { location: `${elsewhere.origin}/away?x=1` },
  });
  const json = { 'content-type': 'application/json' };
  return [
    {
      name: 'a redirect of the control plane',
      side: 'source',
      service: 'arm',
      rule: { method: 'GET', path: 'Pipelines', fault: away(307) },
    },
    { name: 'a redirect of the sign-in', side: 'source', service: 'entra', rule: { path: '/token', fault: away(307) } },
    {
      name: 'a redirect of a manifest',
      side: 'source',
      service: 'registry',
      rule: { path: '/manifests/', fault: away(307) },
    },
    {
      name: 'a redirect of the token exchange',
      side: 'target',
      service: 'registry',
      rule: { path: '/oauth2/', fault: away(307) },
    },
    {
      name: 'a redirect of a blob',
      side: 'target',
      service: 'storage',
      rule: { agent: '^acr-transfer', fault: away(307) },
    },
    {
      name: 'a permanent redirect of a blob',
      side: 'source',
      service: 'storage',
      rule: { agent: '^acr-transfer', method: 'GET', fault: away(301) },
    },
    {
      name: 'the next page of a list',
      side: 'source',
      service: 'registry',
      rule: {
        path: '/_(?:tags|manifests)',
        fault: { kind: 'alter', set: { link: `<${elsewhere.origin}/next>; rel="next"` } },
      },
    },
    {
      name: 'a challenge that names another realm',
      side: 'target',
      service: 'registry',
      rule: {
        path: '/manifests/',
        fault: {
          kind: 'answer',
          status: 401,
          headers: { ...json, 'www-authenticate': `Bearer realm="${elsewhere.origin}/oauth2/token",service="x"` },
        },
      },
    },
    {
      name: 'a challenge of storage that names another authority',
      side: 'source',
      service: 'storage',
      rule: {
        agent: '^acr-transfer',
        fault: {
          kind: 'answer',
          status: 401,
          headers: {
            'www-authenticate': `Bearer authorization_uri="${elsewhere.origin}/common/oauth2/authorize" resource_id="https://storage.azure.com"`,
          },
        },
      },
    },
  ];
}

describe('a redirect to another host', () => {
  it('reaches a host that is up and trusted', async () => {
    const script = `await fetch(${JSON.stringify(`${elsewhere.origin}/control`)})`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, ...trust },
    });

    expect(came.map(({ path }) => path)).toEqual(['/control']);
  });

  it.each(
    [
      'control plane',
      'sign-in',
      'manifest',
      'token exchange',
      'blob',
      'permanent',
      'next page',
      'realm',
      'authority',
    ].map((name, index) => ({ name, index })),
  )('is not followed, nor is anything shown there ($name)', async ({ name, index }) => {
    const way = ways()[index];
    if (way === undefined) throw new Error(`no way ${name}`);
    const lines = await scene.push('source', `elsewhere/way-${index}`, { v1: await smallImage(`elsewhere ${index}`) });
    await scene.sandbox.addFault(way.side, { service: way.service, times: 10_000, ...way.rule });
    const result = await scene.step(
      { ...scene.both, artifacts: lines.join('\n').replace(/:v1$/, ':v*') },
      { env: trust },
    );

    expect(came).toEqual([]);
    expect(result.exitCode).toBe(1);
    expect(shownIds(result).length).toBeGreaterThan(0);
    expect(shownIds(result)).not.toContain('ACRT9001');
    expect(result.log).not.toMatch(/^\s+at .+:\d+:\d+/m);
  });
});
