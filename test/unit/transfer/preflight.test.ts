import { describe, expect, it } from '@jest/globals';
import { failure } from '../../../src/transfer/failure.ts';
import { distinct, openContainer, readySide } from '../../../src/transfer/preflight.ts';
import type { PipelineFacts, RegistryFacts, SideServices } from '../../../src/transfer/services.ts';
import type { World } from '../../../src/transfer/world.ts';
import { fullRequest, pipelineOf, twoClouds } from './world.ts';

const PIPELINE: PipelineFacts = { provisioningState: 'succeeded', containerUri: 'https://own/container' };
const REGISTRY: RegistryFacts = { loginServer: 'source.azurecr.io', sku: 'premium', exportsAllowed: true };

function services(changes: {
  readonly pipeline?: Partial<PipelineFacts> | null;
  readonly registry?: Partial<RegistryFacts> | null;
}): SideServices & { readonly opened: string[] } {
  const opened: string[] = [];
  const { source } = twoClouds();
  const { pipeline, registry } = changes;
  return {
    ...source.services,
    opened,
    pipeline: () => Promise.resolve(pipeline === null ? null : { ...PIPELINE, ...pipeline }),
    registryFacts: () => Promise.resolve(registry === null ? null : { ...REGISTRY, ...registry }),
    container: (uri) => {
      opened.push(uri);
      return source.services.container(uri);
    },
  };
}

const ids = async (kind: 'export' | 'import', of: SideServices): Promise<string[]> => {
  const id = pipelineOf(kind);
  const side = kind === 'export' ? 'source' : 'target';
  const result = await readySide(side, of, id, { kind: 'pipeline', pipeline: id });
  return result.ok ? [] : result.failures.map(({ facts }) => facts.id);
};

describe('readySide', () => {
  it.each([
    { name: 'everything is there, however it is spelt', changes: {}, expected: [] },
    { name: 'no pipeline', changes: { pipeline: null }, expected: ['ACRT3001'] },
    {
      name: 'a pipeline in the making',
      changes: { pipeline: { provisioningState: 'Creating' } },
      expected: ['ACRT3003'],
    },
    { name: 'no registry', changes: { registry: null }, expected: ['ACRT3004'] },
    { name: 'a cheaper registry', changes: { registry: { sku: 'Standard' } }, expected: ['ACRT3007'] },
    { name: 'exports forbidden', changes: { registry: { exportsAllowed: false } }, expected: ['ACRT3008'] },
    {
      name: 'several faults',
      changes: { pipeline: null, registry: { sku: 'Basic' } },
      expected: ['ACRT3001', 'ACRT3007'],
    },
  ])('$name', async ({ changes, expected }) => {
    expect(await ids('export', services(changes))).toEqual(expected);
  });

  it('does not mind at the target that exports are forbidden', async () => {
    expect(await ids('import', services({ registry: { exportsAllowed: false } }))).toEqual([]);
  });

  it.each([
    {
      name: 'the one of the pipeline',
      place: { kind: 'pipeline', pipeline: pipelineOf('export') },
      uri: PIPELINE.containerUri,
    },
    {
      name: 'the one that was given',
      place: { kind: 'uri', uri: 'https://given/container' },
      uri: 'https://given/container',
    },
  ] as const)('opens the right container: $name', async ({ place, uri }) => {
    const of = services({});
    await readySide('source', of, pipelineOf('export'), place);

    expect(of.opened).toEqual([uri]);
  });
});

describe('openContainer', () => {
  const { source } = fullRequest(['a:1']);
  const worldOf = (of: SideServices): World => ({ ...twoClouds().world, connect: () => of });

  it('needs no pipeline when the container was given', async () => {
    const of = services({ pipeline: null });
    await openContainer('source', source, { kind: 'uri', uri: 'https://given/container' }, worldOf(of));

    expect(of.opened).toEqual(['https://given/container']);
  });

  it('tells a missing pipeline', async () => {
    const place = { kind: 'pipeline', pipeline: pipelineOf('import') } as const;
    const opening = openContainer('target', source, place, worldOf(services({ pipeline: null })));

    await expect(opening).rejects.toHaveProperty('facts.id', 'ACRT3001');
  });

  it('signs in nowhere for a directory', async () => {
    const { world, directories } = twoClouds();
    const connect = (): never => {
      throw new Error('signed in');
    };
    const opened = await openContainer('target', source, { kind: 'directory', path: './m' }, { ...world, connect });

    expect(opened).toBe(directories.get('./m'));
  });
});

describe('distinct', () => {
  it('counts the same fault of several checks once', () => {
    const refused = (): { ok: false; failures: [ReturnType<typeof failure>] } => ({
      ok: false,
      failures: [failure('ACRT2003', { side: 'source', reason: 'no az login' })],
    });

    expect(distinct([refused(), { ok: true, value: 1 }, refused()])).toHaveLength(1);
  });
});
