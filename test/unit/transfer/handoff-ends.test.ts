import { describe, expect, it } from '@jest/globals';
import type { HandoffLocation, TransferRequest } from '../../../src/transfer/model/request.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { image } from './ports/registry.fixture.ts';
import { apartRequests, healthyInspector, pipelineOf, twoClouds, type TwoClouds } from './ports/context.fixture.ts';

const LINES = ['team/api:v1'];
const EXPIRED = 'sv=2025-11-05&sr=c&sp=rwl&spr=https&se=2020-01-01T00:00:00Z&sig=c2ln';

async function exported(...weather: Parameters<typeof twoClouds>): Promise<TwoClouds> {
  const clouds = twoClouds(...weather);
  clouds.source.registry.push('team/api', image('api'), 'v1');
  await runTransfer(apartRequests(LINES).export, clouds.context);
  return clouds;
}

const handoff = (changes: { readonly sas?: string; readonly place?: HandoffLocation }): TransferRequest => {
  const { handoff: request } = apartRequests(LINES);
  if (request.mode !== 'handoff') throw new Error('it is no handoff');
  return {
    ...request,
    target: { ...request.target, sas: changes.sas ?? null },
    ...(changes.place !== undefined && { targetContainer: changes.place }),
  };
};

const ids = async (clouds: TwoClouds, request: TransferRequest): Promise<readonly string[]> =>
  (await runTransfer(request, clouds.context)).failures.map(({ facts }) => facts.id);

describe('a container of a handoff', () => {
  it('is refused with an expired SAS', async () => {
    const clouds = await exported();
    const place = { kind: 'pipeline', pipeline: pipelineOf('import') } as const;
    expect(await ids(clouds, handoff({ sas: EXPIRED, place }))).toEqual(['ACRT3029']);
    expect(clouds.target.container.blobs.size).toBe(0);
  });

  it('needs no SAS if it is a directory', async () => {
    const clouds = await exported();
    const result = await runTransfer(
      handoff({ sas: EXPIRED, place: { kind: 'directory', path: 'media' } }),
      clouds.context,
    );
    expect(result.failures).toEqual([]);
    expect(clouds.directories.get('media')?.blobs.size).toBeGreaterThan(0);
  });

  it.each([
    { side: 'target', expected: ['ACRT3034'] },
    { side: 'source', expected: [] },
  ] as const)('needs write permission only at the target: $side', async ({ side, expected }) => {
    const clouds = await exported();
    const readOnly = { read: true, write: false, delete: false };
    const inspector = () =>
      healthyInspector({ ownBlobPermissions: () => Promise.resolve({ ok: true, value: readOnly }) });
    const connect: TransferContext['connect'] = (asked, request) => {
      const services = clouds.context.connect(asked, request);
      return asked === side ? { ...services, inspector } : services;
    };
    const { failures } = await runTransfer(handoff({}), { ...clouds.context, connect });
    expect(failures.map(({ facts }) => facts.id)).toEqual(expected);
  });
});
