import { describe, expect, it } from '@jest/globals';
import { connectSide } from '../../../src/azure/connect.ts';
import { openConnection } from '../../../src/azure/connection.ts';
import type { ConnectOptions } from '../../../src/azure/identity/credential.ts';
import type { SideRequest } from '../../../src/transfer/model/request.ts';
import { systemClock } from '../../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../../src/transfer/ports/side-services.ts';
import { pipelineOf } from '../transfer/ports/context.fixture.ts';

const SIDE: SideRequest = {
  cloud: 'azurecloud',
  identity: { kind: 'secret', tenantId: 't', clientId: 'c', clientSecret: 's' },
  allowedHosts: [],
  sas: null,
};
const OPTIONS: ConnectOptions = {
  idToken: () => Promise.resolve(null),
  mask: () => undefined,
  clock: systemClock,
  log: () => undefined,
};

const connect = (cloud: string): SideServices => connectSide('source', { ...SIDE, cloud }, OPTIONS);

describe('connectSide', () => {
  it('returns the portal of the cloud', async () => {
    expect(await connect('azurecloud').portal()).toBe('https://portal.azure.com');
  });

  it('returns no portal for an unknown cloud, without an error', async () => {
    expect(await connect('not a cloud').portal()).toBeNull();
  });

  it('creates one inspector per pipeline', () => {
    const side = connect('azurecloud');
    expect(side.inspector(pipelineOf('export'))).toBe(side.inspector(pipelineOf('export')));
    expect(side.inspector(pipelineOf('import'))).not.toBe(side.inspector(pipelineOf('export')));
  });

  it('creates one client for each registry and container, so that its requests share one throttle', async () => {
    const side = connect('azurecloud');
    const container = 'https://a.blob.core.windows.net/c';
    expect(await side.registry('one.azurecr.io')).toBe(await side.registry('one.azurecr.io'));
    expect(await side.registry('other.azurecr.io')).not.toBe(await side.registry('one.azurecr.io'));
    expect(await side.container(container)).toBe(await side.container(container));
    expect(await side.container(`${container}2`)).not.toBe(await side.container(container));
  });

  it('checks the host of a container with a SAS in a known cloud, and in another one only if the cloud is in use', async () => {
    const container = 'https://storage.local.example/c';
    const withSas = (cloud: string): SideServices => connectSide('source', { ...SIDE, cloud, sas: 'sig=x' }, OPTIONS);
    await expect(withSas('azurecloud').container(container)).rejects.toHaveProperty('facts.id', 'ACRT2017');
    expect((await withSas('https://127.0.0.1:1').container(container)).uri).toBe(container);
  });

  it('observes nothing in an unknown cloud', async () => {
    const inspector = connect('not a cloud').inspector(pipelineOf('export'));
    const unseen = { ok: false, problem: expect.stringContaining('not a cloud') };
    expect(await inspector.storageAccount('https://a.blob.core.windows.net/c')).toEqual(unseen);
    expect(await inspector.secret('https://v.vault.azure.net/secrets/s')).toEqual(unseen);
    expect(await inspector.canStartRuns()).toEqual(unseen);
  });
});

describe('openConnection', () => {
  it('connects ARM once for each subscription', async () => {
    const connection = openConnection('source', SIDE, OPTIONS);
    expect(connection.usesArm()).toBe(false);
    expect(await connection.arm('one')).toBe(await connection.arm('one'));
    expect(await connection.arm('other')).not.toBe(await connection.arm('one'));
    expect(connection.usesArm()).toBe(true);
  });

  it('signs in again after an error', async () => {
    const connection = openConnection('source', { ...SIDE, cloud: 'not a cloud' }, OPTIONS);
    await expect(connection.signIn()).rejects.toThrow('not a cloud');
    await expect(connection.signIn()).rejects.toThrow('not a cloud');
    expect(connection.identity()).toBeNull();
  });
});
