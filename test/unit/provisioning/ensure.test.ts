import { describe, expect, it } from '@jest/globals';
import { CONTAINER, CONTAINER_ID, pipelineId, SECRET, USER_IDENTITY, USER_PRINCIPAL } from './ports.fixture.ts';
import { openSetup, present, presentBySas } from './run.fixture.ts';

const CONTRIBUTOR = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
const READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

describe('setting up with a managed identity', () => {
  it('makes the container, the pipeline and its role, and nothing the second time', async () => {
    const scene = openSetup();
    scene.things.containers.clear();
    const first = await scene.run(present());
    expect(first).toMatchObject({ status: 'changed', failures: [] });
    expect(first.changes.map(({ subject, done }) => [subject, done])).toEqual([
      ['container', true],
      ['pipeline', true],
      ['role', true],
    ]);
    expect(scene.done()).toEqual([`create ${CONTAINER}`, 'put exportOne', `assign ${first.principalId ?? ''}`]);
    expect(scene.things.assignments).toMatchObject([{ roleId: CONTRIBUTOR, scope: CONTAINER_ID }]);

    const second = await scene.run(present());
    expect(second).toMatchObject({ status: 'unchanged', changes: [], principalId: first.principalId });
    expect(scene.done()).toEqual([]);
  });

  it.each([
    { name: 'an import', options: [], role: READER },
    { name: 'an import that deletes', options: ['DeleteSourceBlobOnSuccess'], role: CONTRIBUTOR },
  ])('gives $name the role that it needs', async ({ options, role }) => {
    const scene = openSetup();
    const request = present('import');
    await scene.run({ ...request, desired: { ...request.desired, options } });
    expect(scene.things.assignments.map(({ roleId }) => roleId)).toEqual([role]);
  });

  it('requires more permissions if the pipeline deletes', async () => {
    const scene = openSetup();
    const request = present('import');
    await scene.run(request);
    const after = await scene.run({
      ...request,
      desired: { ...request.desired, options: ['DeleteSourceBlobOnSuccess'] },
    });
    expect(after.changes).toMatchObject([
      { subject: 'pipeline', what: 'options', from: 'none', to: 'DeleteSourceBlobOnSuccess' },
      { subject: 'role' },
    ]);
    expect(scene.things.assignments.map(({ roleId }) => roleId)).toEqual([READER, CONTRIBUTOR]);
  });

  it('resolves a user-assigned identity before the pipeline exists', async () => {
    const scene = openSetup();
    const request = present();
    const desired = { ...request.desired, identity: { kind: 'user', resourceId: USER_IDENTITY } } as const;
    const planned = await scene.run({ ...request, desired, dryRun: true });
    expect(planned).toMatchObject({ status: 'planned', principalId: USER_PRINCIPAL });
    expect(planned.changes.map(({ done }) => done)).toEqual([false, false]);
    expect(planned.changes.find(({ subject }) => subject === 'role')).toMatchObject({ to: USER_PRINCIPAL });
    expect(scene.done()).toEqual([]);
    expect(await scene.run({ ...request, desired })).toMatchObject({ status: 'changed', principalId: USER_PRINCIPAL });
  });

  it('names the missing identity', async () => {
    const scene = openSetup();
    const request = present();
    const desired = { ...request.desired, identity: { kind: 'user', resourceId: `${USER_IDENTITY}2` } } as const;
    expect(await scene.run({ ...request, desired })).toMatchObject({
      status: 'failed',
      failures: [{ id: 'ACRT3044' }],
    });
  });

  it('accepts its own assignment as sufficient without permission to list roles', async () => {
    const scene = openSetup();
    await scene.run(present());
    scene.things.rolesSeen = false;
    scene.done();
    expect((await scene.run(present())).status).toBe('unchanged');
  });

  it.each([
    { name: 'another role', change: { roleId: READER } },
    { name: 'the role of another principal', change: { principalId: 'other-principal' } },
  ])('does not treat $name as its own without permission to list roles', async ({ change }) => {
    const scene = openSetup();
    await scene.run(present());
    scene.things.rolesSeen = false;
    const [assigned] = scene.things.assignments.splice(0);
    if (assigned === undefined) throw new Error('no role');
    scene.things.assignments.push({ ...assigned, ...change });
    expect((await scene.run(present())).changes.map(({ subject }) => subject)).toEqual(['role']);
  });

  it('does the rest, and reports the missing steps, without permission to assign roles', async () => {
    const scene = openSetup();
    scene.things.refused.add('assign');
    const result = await scene.run(present());
    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT3042' }] });
    expect(result.failures[0]?.remedy).toContain('az role assignment create');
    expect(result.failures[0]?.remedy).toContain('Microsoft.Authorization/roleAssignments@');
    expect(result.changes.map(({ subject, done }) => [subject, done])).toEqual([
      ['pipeline', true],
      ['role', false],
    ]);
    scene.things.refused.clear();
    expect(await scene.run(present())).toMatchObject({ status: 'changed', changes: [{ subject: 'role', done: true }] });
  });

  it('does nothing further when the pipeline cannot be made', async () => {
    const scene = openSetup();
    scene.things.refused.add('putPipeline');
    const result = await scene.run(present());
    expect(result.failures.map(({ id }) => id)).toEqual(['ACRT3002']);
    expect(result.changes.map(({ done }) => done)).toEqual([false, false]);
    expect(scene.done()).toEqual([]);
  });

  it.each([
    { name: 'a registry that is not there', facts: null, id: 'ACRT3004' },
    { name: 'a registry that is not Premium', facts: { sku: 'Standard' }, id: 'ACRT3007' },
    { name: 'a registry that forbids exports', facts: { exportsAllowed: false }, id: 'ACRT3008' },
  ])('refuses $name before anything is changed', async ({ facts, id }) => {
    const scene = openSetup();
    const { registry } = scene.things;
    scene.things.registry = facts === null || registry === null ? null : { ...registry, ...facts };
    expect((await scene.run(present())).failures.map((item) => item.id)).toEqual([id]);
    expect(scene.done()).toEqual([]);
  });

  it('tries the pipeline after a change, unless only the container was missing', async () => {
    const scene = openSetup();
    await scene.run(present('import'));
    expect(scene.runs.started).toHaveLength(1);
    scene.things.containers.clear();
    const after = await scene.run(present('import'));
    expect(after).toMatchObject({ status: 'changed', changes: [{ subject: 'container', done: true }] });
    expect(scene.runs.started).toHaveLength(1);
  });

  it('completes a pipeline whose provisioning failed', async () => {
    const scene = openSetup();
    await scene.run(present());
    const { resourceId } = pipelineId('export');
    const state = scene.things.pipelines.get(resourceId);
    if (state === undefined) throw new Error('no pipeline');
    scene.things.pipelines.set(resourceId, { ...state, provisioningState: 'Failed' });
    const result = await scene.run(present());
    expect(result.changes).toMatchObject([{ what: 'provisioning state', from: 'Failed', to: 'Succeeded' }]);
  });
});

describe('setting up with a SAS', () => {
  it.each(['roles', 'policies'] as const)('opens the secret by %s and stores a SAS', async (authorization) => {
    const scene = openSetup();
    scene.things.authorization = authorization;
    const result = await scene.run(presentBySas('import'));
    expect(result).toMatchObject({ status: 'changed', failures: [] });
    expect(result.changes.map(({ subject }) => subject)).toEqual(['pipeline', 'secret-access', 'sas']);
    expect(scene.done().filter((what) => !what.startsWith('remove run'))).toEqual([
      'put importOne',
      `${authorization === 'roles' ? 'assign' : 'allow'} ${result.principalId ?? ''}`,
      'make rl',
      'try',
      `store ${SECRET}`,
    ]);
    expect(result.sasExpiresAt).toBe(scene.clock.now() + 7 * 86_400_000);
    expect(await scene.run(presentBySas('import'))).toMatchObject({ status: 'unchanged', changes: [] });
  });

  it('stores nothing that storage does not accept', async () => {
    const scene = openSetup();
    scene.things.refused.add('testSas');
    const result = await scene.run(presentBySas());
    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT3047' }] });
    expect(scene.things.secrets.size).toBe(0);
  });

  it('keeps a good SAS for a pipeline that has to be made again', async () => {
    const scene = openSetup();
    await scene.run(presentBySas());
    scene.things.pipelines.clear();
    const result = await scene.run(presentBySas());
    expect(result.changes.map(({ subject }) => subject)).not.toContain('sas');
  });

  it.each([
    { refusals: 9, status: 'changed', waits: 9 },
    { refusals: 10, status: 'failed', waits: 9 },
  ])(
    'tries a SAS ten times while its signer might be unknown to storage ($refusals)',
    async ({ refusals, status, waits }) => {
      const scene = openSetup();
      scene.things.sasRefusals = refusals;
      expect(await scene.run(presentBySas())).toMatchObject({ status });
      expect(scene.clock.slept.filter((seconds) => seconds === 15)).toHaveLength(waits);
    },
  );

  it('makes a new SAS for another container', async () => {
    const scene = openSetup();
    await scene.run(presentBySas());
    const request = presentBySas();
    const elsewhere = { ...request, desired: { ...request.desired, containerUri: `${CONTAINER}2` } };
    const result = await scene.run(elsewhere);
    expect(result.changes.map(({ subject }) => subject)).toContain('sas');
  });

  it('does the rest when the vault may not be opened', async () => {
    const scene = openSetup();
    scene.things.authorization = 'policies';
    scene.things.refused.add('allowSecrets');
    const result = await scene.run(presentBySas());
    expect(result.failures[0]).toMatchObject({ id: 'ACRT3043' });
    expect(result.failures[0]?.remedy).toContain('az keyvault set-policy');
    expect(result.changes.map(({ subject, done }) => [subject, done])).toEqual([
      ['pipeline', true],
      ['secret-access', false],
      ['sas', true],
    ]);
  });
});
