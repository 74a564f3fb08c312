import { describe, expect, it } from '@jest/globals';
import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { TransferContext } from '../../../../src/transfer/ports/context.ts';
import type { SideServices } from '../../../../src/transfer/ports/side-services.ts';
import { checkSide, resolveContainer } from '../../../../src/transfer/preflight/check-side.ts';
import { fullRequest, OPEN, pipelineOf, twoClouds } from '../ports/context.fixture.ts';
import {
  check,
  DELETES,
  NO_PUBLIC,
  NOW,
  sideCheckOf,
  READS,
  refused,
  seen,
  services,
  problemsOf,
  unseen,
  type Changes,
} from './check-side.fixture.ts';

describe('a side', () => {
  it.each<{ name: string; kind?: 'export' | 'import'; changes: Changes; expected: string[] }>([
    { name: 'without problems', changes: {}, expected: [] },
    { name: 'with a SKU in lower case', changes: { registry: { sku: 'premium' } }, expected: [] },
    {
      name: 'B3: with an export pipeline that continues on errors',
      changes: { pipeline: { options: ['OverwriteBlobs', 'ContinueOnErrors'] } },
      expected: ['warning ACRT3056'],
    },
    {
      name: 'B3: with an import pipeline that continues on errors, without verification',
      kind: 'import',
      changes: { pipeline: { options: ['ContinueOnErrors'] } },
      expected: ['warning ACRT3056'],
    },
    {
      name: 'B3: with a pipeline that continues on errors, if the step verifies the artifacts',
      changes: { pipeline: { options: ['ContinueOnErrors'] }, verifies: true },
      expected: [],
    },
    { name: 'without a pipeline', changes: { pipeline: null }, expected: ['error ACRT3001'] },
    {
      name: 'with a pipeline that is being created',
      changes: { pipeline: { provisioningState: 'Creating' } },
      expected: ['error ACRT3003'],
    },
    { name: 'without a registry', changes: { registry: null }, expected: ['error ACRT3004'] },
    {
      name: 'with a registry that is not Premium',
      changes: { registry: { sku: 'Standard' } },
      expected: ['error ACRT3007'],
    },
    { name: 'that forbids exports', changes: { registry: { exportsAllowed: false } }, expected: ['error ACRT3008'] },
    {
      name: 'that forbids exports, as a target',
      kind: 'import',
      changes: { registry: { exportsAllowed: false } },
      expected: [],
    },
    {
      name: 'with several errors',
      changes: { pipeline: null, registry: { sku: 'Basic' } },
      expected: ['error ACRT3007', 'error ACRT3001'],
    },
    {
      name: 'with a closed registry',
      changes: { registry: { network: { ...NO_PUBLIC, trustedServices: false } } },
      expected: ['warning ACRT3015', 'warning ACRT3016'],
    },
    {
      name: 'with a registry that allows only selected networks',
      changes: { registry: { network: { ...OPEN, restricted: true } } },
      expected: ['warning ACRT3015'],
    },
    {
      name: 'with a closed registry that trusts the services of Azure',
      changes: { registry: { network: NO_PUBLIC } },
      expected: ['warning ACRT3015'],
    },
    {
      name: 'whose network rules are unknown',
      changes: { registry: { network: null } },
      expected: ['unknown registry-network'],
    },
    {
      name: 'whose pipeline has no identity',
      changes: { pipeline: { principalId: null } },
      expected: ['error ACRT3014'],
    },
    {
      name: 'whose trigger would import twice',
      kind: 'import',
      changes: { pipeline: { sourceTrigger: 'enabled' } },
      expected: ['warning ACRT3020'],
    },
    {
      name: 'whose trigger is off',
      kind: 'import',
      changes: { importBy: 'trigger', pipeline: { sourceTrigger: 'disabled' } },
      expected: ['error ACRT3021'],
    },
    {
      name: 'whose trigger is on',
      kind: 'import',
      changes: { importBy: 'trigger', pipeline: { sourceTrigger: 'enabled' } },
      expected: [],
    },
    {
      name: 'whose identity can only read, at the source',
      changes: { inspector: { blobPermissions: seen(READS) } },
      expected: ['error ACRT3026'],
    },
    {
      name: 'whose identity can only read, at the target',
      kind: 'import',
      changes: { inspector: { blobPermissions: seen(READS) } },
      expected: [],
    },
    {
      name: 'whose identity lacks delete for an import that deletes blobs',
      kind: 'import',
      changes: { pipeline: DELETES, inspector: { blobPermissions: seen(READS) } },
      expected: ['warning ACRT3019'],
    },
    {
      name: 'where nothing can be inspected',
      changes: {
        inspector: {
          blobPermissions: unseen,
          ownBlobPermissions: unseen,
          storageAccount: unseen,
          canStartRuns: unseen,
        },
      },
      expected: ['unknown role', 'unknown storage-network', 'unknown permissions', 'unknown permissions'],
    },
    {
      name: "where this workflow can't start runs",
      changes: { inspector: { canStartRuns: seen(false) } },
      expected: ['error ACRT3028'],
    },
    {
      name: "where a job that only plans can't start runs",
      changes: { plansOnly: true, inspector: { canStartRuns: seen(false), ownBlobPermissions: seen(READS) } },
      expected: [],
    },
    {
      name: 'whose identity can only read, for a job that only plans',
      changes: { plansOnly: true, inspector: { blobPermissions: seen(READS) } },
      expected: ['warning ACRT3026'],
    },
    {
      name: "where this workflow can't write blobs",
      changes: { inspector: { ownBlobPermissions: seen(READS) } },
      expected: ['error ACRT3034'],
    },
    {
      name: "where this workflow doesn't need to write blobs",
      kind: 'import',
      changes: { inspector: { ownBlobPermissions: seen(READS) } },
      expected: [],
    },
    {
      name: 'with a closed storage account that can be accessed',
      changes: { inspector: { storageAccount: seen({ name: 'a', resourceId: '/a', network: NO_PUBLIC }) } },
      expected: ['warning ACRT3022'],
    },
  ])('$name', async ({ kind = 'export', changes, expected }) => {
    expect(problemsOf(await check(kind, changes))).toEqual(expected);
  });

  it('names the principal of the pipeline and its missing role', async () => {
    const [error] = (await check('export', { inspector: { blobPermissions: seen(READS) } })).flatMap((result) =>
      'failure' in result ? [result.failure.facts] : [],
    );

    expect(`${error?.message}\n${error?.remedy}`).toContain('identity');
    expect(error?.remedy).toMatch(/--assignee(?:-object-id)? identity\b/);
    expect(error?.remedy).toContain('Storage Blob Data Contributor');
  });

  it('reports a firewall instead of a missing permission if the account is closed', async () => {
    const { source } = twoClouds();
    const container = { ...source.container, find: refused };
    const account = { storageAccount: seen({ name: 'a', resourceId: '/a', network: NO_PUBLIC }) };
    const open = await check('export', { services: { container: () => Promise.resolve(container) } });
    const closed = await check('export', {
      inspector: account,
      services: { container: () => Promise.resolve(container) },
    });

    expect([problemsOf(open), problemsOf(closed)]).toEqual([['error ACRT5004'], ['error ACRT3022']]);
  });

  it('reports a failed sign-in once', async () => {
    const signIn = (): Promise<never> =>
      Promise.reject(transferError('ACRT2003', { side: 'source', reason: 'no az login' }));
    const results = await check('export', { services: { pipeline: signIn, registryFacts: signIn } });

    expect(results.filter(({ check: name }) => name === 'sign-in')).toHaveLength(1);
  });

  it.each([
    {
      name: 'the container of the pipeline',
      place: { kind: 'pipeline', pipeline: pipelineOf('export') },
      uri: 'https://own/container',
    },
    {
      name: 'the given container',
      place: { kind: 'uri', uri: 'https://given/container' },
      uri: 'https://given/container',
    },
  ] as const)('opens the right container: $name', async ({ place, uri }) => {
    const of = services({});
    await checkSide({ ...sideCheckOf('export', {}), place }, of, NOW);

    expect(of.opened).toEqual([uri]);
  });
});

describe('resolveContainer', () => {
  const { source } = fullRequest(['a:1']);
  const contextOf = (of: SideServices): TransferContext => ({ ...twoClouds().context, connect: () => of });

  it('needs no pipeline if the container is given', async () => {
    const of = services({ pipeline: null });
    await resolveContainer('source', source, { kind: 'uri', uri: 'https://given/container' }, contextOf(of));

    expect(of.opened).toEqual(['https://given/container']);
  });

  it('reports a missing pipeline', async () => {
    const place = { kind: 'pipeline', pipeline: pipelineOf('import') } as const;
    const opening = resolveContainer('target', source, place, contextOf(services({ pipeline: null })));

    await expect(opening).rejects.toHaveProperty('facts.id', 'ACRT3001');
  });

  it("doesn't sign in for a directory", async () => {
    const { context, directories } = twoClouds();
    const connect = (): never => {
      throw new Error('signed in');
    };
    const opened = await resolveContainer(
      'target',
      source,
      { kind: 'directory', path: './m' },
      { ...context, connect },
    );

    expect(opened).toBe(directories.get('./m'));
  });
});
