import { describe, expect, it } from '@jest/globals';
import { connectSide } from '../../../src/azure/connect.ts';
import { systemClock } from '../../../src/transfer/ports/clock.ts';
import type { SideServices } from '../../../src/transfer/ports/side-services.ts';
import { pipelineOf } from '../transfer/ports/context.fixture.ts';

const connect = (cloud: string): SideServices =>
  connectSide(
    'source',
    {
      cloud,
      identity: { kind: 'secret', tenantId: 't', clientId: 'c', clientSecret: 's' },
      allowedHosts: [],
      sas: null,
    },
    { idToken: () => Promise.resolve(null), mask: () => undefined, clock: systemClock, log: () => undefined },
  );

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

  it('observes nothing in an unknown cloud', async () => {
    const inspector = connect('not a cloud').inspector(pipelineOf('export'));
    const unseen = { ok: false, problem: expect.stringContaining('not a cloud') };
    expect(await inspector.storageAccount('https://a.blob.core.windows.net/c')).toEqual(unseen);
    expect(await inspector.secret('https://v.vault.azure.net/secrets/s')).toEqual(unseen);
    expect(await inspector.mayStartRuns()).toEqual(unseen);
  });
});
