import { describe, expect, it } from '@jest/globals';
import { runName } from '../../../../src/transfer/artifact.ts';
import { writeDocument } from '../../../../src/transfer/document.ts';
import { MANIFEST_DOCUMENT } from '../documents.fixture.ts';
import { md5Of } from '../container.ts';
import { CONTAINER_ID, pipelineId, SECRET, USER_IDENTITY } from './estate.ts';
import { absence, openSetup, present, presentBySas, type SetupScene } from './scene.ts';
import type { PresentRequest } from '../../../../src/transfer/setup/request.ts';

const named = (request: PresentRequest, name: string): PresentRequest => ({
  ...request,
  pipeline: pipelineId(request.pipeline.kind, name),
});

const byUser = (request: PresentRequest): PresentRequest => ({
  ...request,
  wish: { ...request.wish, identity: { kind: 'user', resourceId: USER_IDENTITY } },
});

async function after(...requests: readonly PresentRequest[]): Promise<SetupScene> {
  const scene = openSetup();
  for (const request of requests) await scene.run(request);
  scene.done();
  return scene;
}

describe('tearing down', () => {
  it('finds nothing to do where there is nothing', async () => {
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

  it('takes back what an access policy gave', async () => {
    const scene = openSetup();
    scene.things.authorization = 'policies';
    await scene.run(presentBySas());
    await scene.run(absence());
    expect(scene.things.readers.size).toBe(0);
  });

  it('leaves what another pipeline with the same identity needs', async () => {
    const scene = await after(byUser(present()), named(byUser(present()), 'exportTwo'));
    expect((await scene.run(absence())).changes.map(({ subject }) => subject)).toEqual(['pipeline']);
    expect(scene.things.assignments).toHaveLength(1);
  });

  it('leaves roles that somebody else has given to an identity that lives on', async () => {
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
      named({ ...other, wish: { ...other.wish, access: { kind: 'sas', secretUri: elsewhere } } }, 'exportTwo'),
    );
    await scene.run(absence());
    expect([...scene.things.secrets.keys()]).toEqual([elsewhere]);
  });

  it('leaves a secret that somebody else has made', async () => {
    const scene = await after(presentBySas());
    const secret = scene.things.secrets.get(SECRET);
    if (secret === undefined) throw new Error('no secret');
    scene.things.secrets.set(SECRET, { ...secret, madeFor: null });
    await scene.run(absence());
    expect(scene.things.secrets.has(SECRET)).toBe(true);
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

  it('removes transfer blobs only when it is told to', async () => {
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
    scene.container.put('somebody/else.tar', bytes);
    const kept = await scene.run(absence('export', { dryRun: true }));
    expect(kept.changes.map(({ subject }) => subject)).not.toContain('blobs');
    const result = await scene.run(absence('export', { deleteBlobs: true }));
    expect(result.changes.filter(({ subject }) => subject === 'blobs')).toMatchObject([
      { what: manifest.transferName, to: null, done: true },
      { what: 'receipts and histories', to: null, done: true },
    ]);
    expect([...scene.container.blobs.keys()]).toEqual(['somebody/else.tar']);
  });

  it('goes on with the rest when something cannot be removed, and finds it again', async () => {
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
