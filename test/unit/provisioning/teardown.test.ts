import { describe, expect, it } from '@jest/globals';
import type { EnsureRequest } from '../../../src/provisioning/request.ts';
import { writeDocument } from '../../../src/transfer/documents/codec.ts';
import { runName } from '../../../src/transfer/model/artifact.ts';
import { MANIFEST_DOCUMENT } from '../transfer/documents/documents.fixture.ts';
import { md5Of } from '../transfer/ports/blob-container.fixture.ts';
import { CONTAINER_ID, pipelineId, SECRET, USER_IDENTITY } from './ports.fixture.ts';
import { absence, openSetup, present, presentBySas, type SetupScene } from './run.fixture.ts';

const named = (request: EnsureRequest, name: string): EnsureRequest => ({
  ...request,
  pipeline: pipelineId(request.pipeline.kind, name),
});

const byUser = (request: EnsureRequest): EnsureRequest => ({
  ...request,
  desired: { ...request.desired, identity: { kind: 'user', resourceId: USER_IDENTITY } },
});

async function after(...requests: readonly EnsureRequest[]): Promise<SetupScene> {
  const scene = openSetup();
  for (const request of requests) await scene.run(request);
  scene.done();
  return scene;
}

describe('tearing down', () => {
  it('finds nothing to do without resources', async () => {
    expect(await openSetup().run(absence())).toMatchObject({ status: 'unchanged', changes: [] });
  });

  it('shows the list, and changes nothing in a dry run', async () => {
    const scene = await after(present());
    const result = await scene.run(absence('export', { dryRun: true }));
    expect(result.status).toBe('planned');
    expect(result.changes.map(({ subject, to }) => [subject, to])).toEqual([
      ['role', null],
      ['pipeline', null],
    ]);
    expect(scene.done()).toEqual([]);
  });

  it.each([
    { name: 'an identity', request: present() },
    { name: 'a user-assigned identity', request: byUser(present()) },
    { name: 'a SAS', request: presentBySas() },
  ])('leaves nothing of a pipeline with $name but the container', async ({ request }) => {
    const scene = await after(request);
    expect(await scene.run(absence())).toMatchObject({ status: 'changed', failures: [] });
    expect(scene.things.pipelines.size).toBe(0);
    expect(scene.things.assignments).toEqual([]);
    expect(scene.things.secrets.size).toBe(0);
    expect(scene.things.containers.size).toBe(1);
    expect(scene.done().at(-1)).toBe('remove exportOne');
  });

  it('removes the permissions of an access policy', async () => {
    const scene = openSetup();
    scene.things.authorization = 'policies';
    await scene.run(presentBySas());
    await scene.run(absence());
    expect(scene.things.readers.size).toBe(0);
  });

  it('keeps what another pipeline with the same identity needs', async () => {
    const scene = await after(byUser(present()), named(byUser(present()), 'exportTwo'));
    expect((await scene.run(absence())).changes.map(({ subject }) => subject)).toEqual(['pipeline']);
    expect(scene.things.assignments).toHaveLength(1);
  });

  it('takes what only this pipeline needs of an identity that another pipeline has too', async () => {
    const scene = await after(byUser(present()), named(byUser(present()), 'exportTwo'));
    const other = pipelineId('export', 'exportTwo').resourceId;
    const state = scene.things.pipelines.get(other);
    if (state === undefined) throw new Error('no pipeline');
    scene.things.pipelines.set(other, { ...state, containerUri: `${state.containerUri}2` });
    expect((await scene.run(absence())).changes.map(({ subject }) => subject)).toEqual(['role', 'pipeline']);
    expect(scene.things.assignments).toEqual([]);
  });

  it('removes the role of an identity if another pipeline uses the container with its own identity', async () => {
    const scene = await after(byUser(present()), named(present(), 'exportTwo'));
    await scene.run(absence());
    expect(scene.things.assignments.map(({ principalId }) => principalId)).toEqual([expect.stringMatching(/^system-/)]);
  });

  it('leaves the roles of other identities', async () => {
    const scene = await after(present(), named(present(), 'exportTwo'));
    const [, other] = scene.things.assignments;
    await scene.run(absence());
    expect(scene.things.assignments).toEqual([other]);
  });

  it('leaves roles that setup never assigns', async () => {
    const scene = await after(present());
    const [assigned] = scene.things.assignments;
    if (assigned === undefined) throw new Error('no role');
    const owner = { ...assigned, id: `${assigned.id}-owner`, roleId: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' };
    scene.things.assignments.push(owner);
    await scene.run(absence());
    expect(scene.things.assignments).toEqual([owner]);
  });

  it('removes every role of an identity that is deleted with its pipeline', async () => {
    const scene = await after(present());
    const [assigned] = scene.things.assignments.splice(0);
    if (assigned === undefined) throw new Error('no role');
    scene.things.assignments.push({ ...assigned, name: '00000000-0000-0000-0000-000000000001' });
    await scene.run(absence());
    expect(scene.things.assignments).toEqual([]);
  });

  it("keeps roles that setup didn't assign, if the identity still exists", async () => {
    const scene = await after(byUser(present()));
    const [assigned] = scene.things.assignments.splice(0);
    if (assigned === undefined) throw new Error('no role');
    scene.things.assignments.push({ ...assigned, name: '00000000-0000-0000-0000-000000000001' });
    await scene.run(absence());
    expect(scene.things.assignments).toHaveLength(1);
  });

  it('removes its own secret while another pipeline has one of its own', async () => {
    const other = presentBySas();
    const elsewhere = `${SECRET}-two`;
    const scene = await after(
      presentBySas(),
      named({ ...other, desired: { ...other.desired, access: { kind: 'sas', secretUri: elsewhere } } }, 'exportTwo'),
    );
    await scene.run(absence());
    expect([...scene.things.secrets.keys()]).toEqual([elsewhere]);
  });

  it('leaves roles that no setup gives', async () => {
    const scene = await after(present());
    const [assigned] = scene.things.assignments;
    if (assigned === undefined) throw new Error('no role');
    const foreign = { ...assigned, id: `${assigned.id}-foreign`, roleId: '00000000-0000-0000-0000-000000000002' };
    const other = { ...assigned, id: `${assigned.id}-other`, principalId: 'other-principal' };
    scene.things.assignments.push(foreign, other);
    await scene.run(absence());
    expect(scene.things.assignments).toEqual([foreign, other]);
  });

  it("keeps a secret that setup didn't create", async () => {
    const scene = await after(presentBySas());
    const secret = scene.things.secrets.get(SECRET);
    if (secret === undefined) throw new Error('no secret');
    scene.things.secrets.set(SECRET, { ...secret, createdFor: null });
    await scene.run(absence());
    expect(scene.things.secrets.has(SECRET)).toBe(true);
  });

  it('leaves a secret that was created for another pipeline', async () => {
    const scene = await after(presentBySas());
    const secret = scene.things.secrets.get(SECRET);
    if (secret === undefined) throw new Error('no secret');
    const createdFor = pipelineId('export', 'exportTwo').resourceId.toLowerCase();
    scene.things.secrets.set(SECRET, { ...secret, createdFor });
    const { changes } = await scene.run(absence());
    expect(changes.map(({ subject }) => subject)).toEqual(['secret-access', 'pipeline']);
    expect(scene.things.secrets.has(SECRET)).toBe(true);
  });

  it('leaves a secret that may not be looked at', async () => {
    const scene = await after(presentBySas());
    scene.things.secretsSeen = false;
    expect(await scene.run(absence())).toMatchObject({ status: 'changed', failures: [] });
    expect(scene.things.secrets.has(SECRET)).toBe(true);
  });

  it('removes a secret that was created for this pipeline, with its ID in any case', async () => {
    const scene = await after(presentBySas());
    const { resourceId } = pipelineId('export');
    const state = scene.things.pipelines.get(resourceId);
    if (state === undefined) throw new Error('no pipeline');
    scene.things.pipelines.set(resourceId, { ...state, resourceId: resourceId.toUpperCase() });
    await scene.run(absence());
    expect(scene.things.secrets.size).toBe(0);
  });

  describe.each(['roles', 'policies'] as const)('in a vault with %s', (authorization) => {
    /** Two pipelines with one identity that read this secret and another one. */
    const shared = async (otherSecret: string): Promise<SetupScene> => {
      const scene = openSetup();
      scene.things.authorization = authorization;
      await scene.run(byUser(presentBySas()));
      await scene.run(named(byUser(presentBySas()), 'exportTwo'));
      const other = pipelineId('export', 'exportTwo').resourceId;
      const state = scene.things.pipelines.get(other);
      if (state === undefined) throw new Error('no pipeline');
      scene.things.pipelines.set(other, { ...state, access: { kind: 'sas', secretUri: otherSecret } });
      return scene;
    };
    const access = ({ things }: SetupScene): number => things.assignments.length + things.readers.size;

    it.each([SECRET, SECRET.toUpperCase().replace('HTTPS', 'https')])(
      'leaves a secret that another pipeline uses, and the right to read it: %s',
      async (secretUri) => {
        const scene = await shared(secretUri);
        const { changes } = await scene.run(absence());
        expect(changes.map(({ subject }) => subject)).toEqual(['pipeline']);
        expect([scene.things.secrets.has(SECRET), access(scene)]).toEqual([true, 1]);
      },
    );

    it('removes the secret when the other pipeline uses another one in the same vault', async () => {
      const scene = await shared(`${SECRET}2`);
      await scene.run(absence());
      // An access policy is for all secrets of the vault, a role for one of them.
      expect([scene.things.secrets.has(SECRET), access(scene)]).toEqual([false, authorization === 'roles' ? 0 : 1]);
    });

    it('removes secret and right when the other pipeline uses another vault', async () => {
      const scene = await shared(SECRET.replace('vault.', 'other.'));
      await scene.run(absence());
      expect([scene.things.secrets.has(SECRET), access(scene)]).toEqual([false, 0]);
    });
  });

  it('changes no access policy of an identity that cannot read the secret', async () => {
    const scene = openSetup();
    scene.things.authorization = 'policies';
    await scene.run(presentBySas());
    scene.things.readers.clear();
    expect((await scene.run(absence())).changes.map(({ subject }) => subject)).toEqual(['secret', 'pipeline']);
  });

  it('removes runs of its own that have ended', async () => {
    const scene = await after(present());
    const { resourceId } = pipelineId('export');
    const ours = runName('export', resourceId, 'a.tar');
    const other = runName('export', resourceId, 'b.tar');
    scene.things.runs.push(
      { name: ours, pipelineId: resourceId.toUpperCase(), ended: true, startedAt: 1 },
      { name: other, pipelineId: resourceId, ended: false, startedAt: 1 },
      { name: 'nightly', pipelineId: resourceId, ended: true, startedAt: 1 },
      { name: runName('export', 'elsewhere', 'a.tar'), pipelineId: `${resourceId}2`, ended: true, startedAt: 1 },
    );
    await scene.run(absence());
    expect(scene.done().filter((what) => what.startsWith('remove run'))).toEqual([`remove run ${ours}`]);
  });

  it('removes transfer blobs only on request', async () => {
    const scene = await after(present());
    const bytes = Buffer.from('layers');
    const [batch] = MANIFEST_DOCUMENT.batches;
    if (batch === undefined) throw new Error('no batch');
    const name = `${MANIFEST_DOCUMENT.transferName}-0123456789abcdef.tar`;
    const blob = { ...batch.blob, name, size: bytes.length, md5: md5Of(bytes) };
    const manifest = { ...MANIFEST_DOCUMENT, batches: [{ ...batch, blob }] };
    scene.container.put(name, bytes);
    scene.container.put(`${manifest.transferName}.transfer.json`, Buffer.from(writeDocument(manifest)));
    scene.container.put(`${manifest.transferName}.receipt.json`, Buffer.from('{}'));
    scene.container.put('foreign/blob.tar', bytes);
    const kept = await scene.run(absence('export', { dryRun: true }));
    expect(kept.changes.map(({ subject }) => subject)).not.toContain('blobs');
    const before = [...scene.container.blobs.keys()];
    await scene.run(absence());
    expect([...scene.container.blobs.keys()]).toEqual(before);
    await scene.run(present());
    const result = await scene.run(absence('export', { deleteBlobs: true }));
    expect(result.changes.filter(({ subject }) => subject === 'blobs')).toMatchObject([
      { what: manifest.transferName, to: null, done: true },
      { what: 'receipts and histories', to: null, done: true },
    ]);
    expect([...scene.container.blobs.keys()]).toEqual(['foreign/blob.tar']);
  });

  it('leaves a blob that was written since the list was made', async () => {
    const scene = await after(present());
    scene.container.put('a.receipt.json', Buffer.from('{}'));
    scene.onDifference = () => {
      scene.container.put('a.receipt.json', Buffer.from('{"newer":true}'));
    };
    await scene.run(absence('export', { deleteBlobs: true }));
    expect(scene.container.text('a.receipt.json')).toBe('{"newer":true}');
  });

  it('continues if something cannot be removed, and finds it again later', async () => {
    const scene = await after(present());
    scene.things.refused.add('unassign');
    const result = await scene.run(absence());
    expect(result.status).toBe('failed');
    expect(result.changes.map(({ subject, done }) => [subject, done])).toEqual([
      ['role', false],
      ['pipeline', false],
    ]);
    scene.things.refused.clear();
    expect(await scene.run(absence())).toMatchObject({ status: 'changed' });
    expect(scene.things.assignments.filter(({ scope }) => scope === CONTAINER_ID)).toEqual([]);
  });
});
