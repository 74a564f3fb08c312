/** Issue 19, A10: no credential goes to a host that doesn't belong to the cloud, regardless of its source. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listen, type Listener } from '../sandbox/http.ts';
import { createAuthority } from '../sandbox/tls.ts';
import type { Inputs, StepResult } from './runner.ts';
import { openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;
let elsewhere: Listener;
/** The action trusts the certificate of the other host, so the certificate doesn't prevent requests to it. */
let env: Readonly<Record<string, string>>;
let received: string[] = [];
let artifacts: string;

beforeAll(async () => {
  scene = await openScene();
  const authority = await createAuthority('elsewhere, its CA');
  const bundle = join(scene.workspace, 'trusted.pem');
  writeFileSync(bundle, `${readFileSync(scene.clouds.caFile, 'utf8')}\n${authority.certificate}`);
  env = { NODE_EXTRA_CA_CERTS: bundle };
  elsewhere = await listen(await authority.issueServer('elsewhere'), [], ({ url = '' }, response) => {
    received.push(url);
    response.writeHead(401).end('{}');
    return Promise.resolve(true);
  });
  artifacts = (await scene.push('source', 'team/foreign', { v1: await smallImage('foreign') })).join('\n');
});

afterAll(async () => {
  await elsewhere.close();
  await scene.close();
});

afterEach(async () => {
  received = [];
  for (const side of ['source', 'target'] as const) await scene.sandbox.clearFaults(side);
});

const hostOf = (url: string): string => new URL(url).host;

/** Replaces this host by another one in ARM's responses. */
const rename = (side: 'source' | 'target', path: string, from: string): Promise<unknown> =>
  scene.sandbox.addFault(side, {
    service: 'arm',
    method: 'GET',
    path,
    times: 10_000,
    fault: { kind: 'alter', replace: { from, to: hostOf(elsewhere.origin) } },
  });

const full = (more: Inputs = {}): Promise<StepResult> => scene.step({ ...scene.both, artifacts, ...more }, { env });

function expectRefused(result: StepResult, words: string): void {
  expect(received).toEqual([]);
  expect([...new Set(shownIds(result))]).toEqual(['ACRT2017']);
  expect(result.log).toContain(words);
}

describe('A10: a host outside of the cloud gets no credential', () => {
  it('if the pipeline names it as its container', async () => {
    await rename('source', '/exportPipelines/', hostOf(scene.clouds.source.storage.endpoint));
    expectRefused(await full(), `The storage host ${hostOf(elsewhere.origin)} of the source side`);
  });

  it('if the pipeline names it as its container, and the step has a SAS', async () => {
    await rename('target', '/importPipelines/', hostOf(scene.clouds.target.storage.endpoint));
    const result = await full({ 'target-sas': scene.clouds.target.storage.containerSas });
    expectRefused(result, `The storage host ${hostOf(elsewhere.origin)} of the target side`);
  });

  it('if the registry names it as its login server', async () => {
    await rename('source', '/registries/[^/]+[?]', scene.clouds.source.registry.loginServer);
    expectRefused(await full(), `The registry host ${hostOf(elsewhere.origin)} of the source side`);
  });

  it('if an input names it in a known cloud', async () => {
    const { tenantId, client } = scene.clouds.source;
    const named = await scene.step(
      {
        mode: 'handoff',
        'source-container': `${elsewhere.origin}/account/transfer`,
        'source-tenant-id': tenantId,
        'source-client-id': client.clientId,
        'source-client-secret': client.clientSecret,
        'target-container': './media',
      },
      { env },
    );
    expectRefused(named, "doesn't belong to the cloud azurecloud, whose hosts end with blob.core.windows.net");
    expect(named.log).toContain(`source-allowed-hosts: ${hostOf(elsewhere.origin)}`);
  });
});

describe('A10: an allowed host', () => {
  it('is used in each cloud', async () => {
    await rename('source', '/exportPipelines/', hostOf(scene.clouds.source.storage.endpoint));
    const result = await full({
      'source-allowed-hosts': `blobs.contoso.com, ${hostOf(elsewhere.origin)}`,
      'source-sas': scene.clouds.source.storage.containerSas,
    });
    expect(received.length).toBeGreaterThan(0);
    expect(shownIds(result)).not.toContain('ACRT2017');
  });
});
