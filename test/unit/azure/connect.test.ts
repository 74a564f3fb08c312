import { describe, expect, it } from '@jest/globals';
import { connectSide } from '../../../src/azure/connect.ts';
import { systemClock } from '../../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../../src/transfer/ports/side-services.ts';
import { pipelineOf } from '../transfer/ports/context.fixture.ts';

const connect = (cloud: string): SideServices =>
  connectSide(
    'source',
    { cloud, identity: { kind: 'secret', tenantId: 't', clientId: 'c', clientSecret: 's' }, sas: null },
    { idToken: () => Promise.resolve(null), mask: () => undefined, clock: systemClock },
  );

describe('a side', () => {
  it('knows the portal of its cloud', async () => {
    expect(await connect('azurecloud').portal()).toBe('https://portal.azure.com');
  });

  it('has no portal where the cloud is not known, and fails for nobody who asks', async () => {
    expect(await connect('not a cloud').portal()).toBeNull();
  });

  it('has one inspector for all who look at a pipeline', () => {
    const side = connect('azurecloud');
    expect(side.inspector(pipelineOf('export'))).toBe(side.inspector(pipelineOf('export')));
    expect(side.inspector(pipelineOf('import'))).not.toBe(side.inspector(pipelineOf('export')));
  });

  it('looks and sees nothing where the cloud is not known', async () => {
    const inspector = connect('not a cloud').inspector(pipelineOf('export'));
    const unseen = { kind: 'unseen', why: expect.stringContaining('not a cloud') };
    expect(await inspector.storageAccount('https://a.blob.core.windows.net/c')).toEqual(unseen);
    expect(await inspector.secret('https://v.vault.azure.net/secrets/s')).toEqual(unseen);
    expect(await inspector.mayStartRuns()).toEqual(unseen);
  });
});
