/** Issue 20, D2: an outage, a broken connection and the page of a proxy are never reported as a wrong identity or a missing permission. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultRule, Service } from '../sandbox/fault-rule.ts';
import { FAST } from './errors/case.ts';
import { someOf } from '../some-of.ts';
import { few } from '../tier.ts';
import { freePort } from './proxy.ts';
import { sideInputs } from './runner.ts';
import { openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;
let artifacts: string;

beforeAll(async () => {
  scene = await openScene();
  artifacts = (await scene.push('source', 'team/outage', { v1: await smallImage('outage') })).join('\n');
});

afterAll(async () => {
  await scene.close();
});

afterEach(async () => {
  await scene.sandbox.clearFaults('source');
});

/** Every request to these services fails. */
const SERVICES: readonly { service: Service; agent?: string; path?: string }[] = [
  { service: 'entra' },
  { service: 'arm' },
  { service: 'arm', path: '/registries/' },
  { service: 'registry' },
  { service: 'storage', agent: '^acr-transfer' },
];

const page = (status: number): FaultRule['fault'] => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html><html><head><title>Access\n blocked by Contoso</title></head><body>${'x'.repeat(100)}</body></html>`,
});

const OUTAGES: readonly { name: string; fault: FaultRule['fault']; id: string }[] = [
  { name: 'resets the connection', fault: { kind: 'reset' }, id: 'ACRT2005' },
  { name: 'is behind a proxy that answers 403', fault: page(403), id: 'ACRT2018' },
  { name: 'is behind a proxy that answers 502', fault: page(502), id: 'ACRT2018' },
  { name: 'is behind a proxy that wants a sign-in', fault: { kind: 'answer', status: 407 }, id: 'ACRT2018' },
  { name: 'is not available', fault: { kind: 'answer', status: 503 }, id: 'ACRT2019' },
];

const CASES = SERVICES.flatMap(({ service, ...only }) =>
  OUTAGES.map(({ name, fault, id }) => ({
    ...{ name, service, only, fault },
    // A server error of storage names the blob.
    id: service === 'storage' && id === 'ACRT2019' ? 'ACRT5005' : id,
    title: `${service}${only.path ?? ''}`,
  })),
);

/** Remedies for a wrong identity, tenant or cloud, and for a missing permission. */
const WRONG_ADVICE =
  /az role assignment|AcrPull|Storage Blob Data|-tenant-id|-client-id|federated credential|verify: false/;

/** Number of cases in the gate, another selection each day. */
const IN_THE_GATE = 8;

describe(
  'D2: a service that',
  someOf(IN_THE_GATE, (it) => {
    for (const { name, service, only, fault, id, title } of CASES) {
      it(`${name} is reported as such: ${title}`, async () => {
        await scene.sandbox.addFault('source', { service, times: 100_000, fault, ...only });
        const result = await scene.step({ mode: 'export', artifacts, ...scene.inputsOf('source') }, { env: FAST });
        expect([...new Set(shownIds(result))]).toEqual([id]);
        const errors = [...result.log.matchAll(/^::error .*$/gm)].map(([line]) => line).join('\n');
        expect(errors).not.toMatch(WRONG_ADVICE);
        expect(result.summary).not.toMatch(WRONG_ADVICE);
      });
    }
  }),
);

const errorsOf = (log: string): string =>
  [...log.matchAll(/^::(?:error|warning) .*$/gm)].map(([line]) => line).join('\n');

describe('D2: a vault that', () => {
  it.each(few(OUTAGES, 2))('$name is no wrong identity and no missing permission', async ({ fault }) => {
    await scene.sandbox.addFault('source', { service: 'vault', times: 100_000, fault });
    const inputs = { mode: 'doctor', artifacts, ...sideInputs('source', scene.clouds, 'oidc', 'sasToken') };
    const result = await scene.step(inputs, { env: FAST });
    expect(await scene.sandbox.faultsStruck('source')).toBeGreaterThan(0);
    expect(errorsOf(result.log)).not.toMatch(WRONG_ADVICE);
    expect(result.summary).not.toMatch(WRONG_ADVICE);
    expect(result.exitCode).toBe(0);
  });
});

describe('D2: the endpoint of managed identities that', () => {
  // Connections to it are expected to fail where it doesn't exist, so a broken connection is reported in the library's words.
  it.each(
    few(
      OUTAGES.filter(({ fault }) => fault.kind === 'answer'),
      2,
    ),
  )('$name is reported as such', async ({ fault, id }) => {
    await scene.sandbox.addFault('source', { service: 'entra', path: '/msi/', times: 100_000, fault });
    const { endpoint, header } = scene.clouds.source.managedIdentity;
    const inputs = { mode: 'export', artifacts, ...sideInputs('source', scene.clouds, 'managed-identity') };
    const env = { ...FAST, IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header };
    const result = await scene.step(inputs, { env });
    expect([...new Set(shownIds(result))]).toEqual([id]);
    expect(errorsOf(result.log)).toContain(new URL(endpoint).host);
    expect(errorsOf(result.log)).not.toMatch(WRONG_ADVICE);
  });
});

describe("D2: GitHub's id-token service", () => {
  it('is reported as unavailable if it refuses connections', async () => {
    const env = {
      ...FAST,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://127.0.0.1:${await freePort()}/idtoken?api-version=2.0`,
    };
    const result = await scene.step({ mode: 'export', artifacts, ...scene.inputsOf('source') }, { env });
    expect([...new Set(shownIds(result))]).toEqual(['ACRT2019']);
    expect(errorsOf(result.log)).toContain('ECONNREFUSED');
    expect(errorsOf(result.log)).not.toMatch(WRONG_ADVICE);
  });
});
