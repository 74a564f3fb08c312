import { describe, expect, it } from '@jest/globals';
import { pipelineId, SECRET } from './ports.fixture.ts';
import { openSetup, present, presentBySas, rotation, type SetupScene } from './run.fixture.ts';

const DAY = 86_400_000;

async function bySas(kind: 'export' | 'import' = 'export'): Promise<SetupScene> {
  const scene = openSetup();
  await scene.run(presentBySas(kind));
  scene.done();
  return scene;
}

/** Lets that much time pass. */
const wait = (scene: SetupScene, days: number): Promise<void> =>
  scene.clock.sleep((days * DAY) / 1000, new AbortController().signal);

describe('rotating', () => {
  it('does nothing while a third of the life is left', async () => {
    const scene = await bySas();
    await wait(scene, 4.6);
    expect(await scene.run(rotation())).toMatchObject({ status: 'unchanged', changes: [] });
    expect(scene.done()).toEqual([]);
  });

  it('renews with less than a third of its lifetime left', async () => {
    const scene = await bySas();
    await wait(scene, 4.8);
    const result = await scene.run(rotation());
    expect(result).toMatchObject({ status: 'changed', sasExpiresAt: scene.clock.now() + 7 * DAY });
    expect(result.changes[0]?.from).toContain('less than a third of its lifetime left');
    expect(scene.done()).toEqual(['make rawl', 'try', `store ${SECRET}`]);
  });

  it('renews an expired SAS', async () => {
    const scene = await bySas('import');
    await wait(scene, 8);
    const result = await scene.run(rotation('import'));
    expect(result.changes[0]?.from).toContain('expired at');
    expect(scene.done()).toEqual(['make rl', 'try', `store ${SECRET}`]);
  });

  it.each([
    { name: 'a secret that is disabled', change: { enabled: false }, from: 'it is disabled' },
    { name: 'something that is no SAS', change: { sas: 'a password' }, from: 'it holds no SAS' },
    { name: 'a SAS of a blob', change: { sas: 'sr=b&sp=rawl&spr=https&sig=x' }, from: 'it is not for a container' },
    { name: 'a SAS that lacks a right', change: { sas: 'sr=c&sp=rl&spr=https&sig=x' }, from: 'it lacks aw' },
    {
      name: 'a SAS of ours that gives too much',
      change: { sas: 'sr=c&sp=rawdl&spr=https&sig=x' },
      from: 'it has rawdl, more than needed',
    },
    { name: 'a SAS for plain HTTP', change: { sas: 'sr=c&sp=rawl&sig=x' }, from: 'it allows plain HTTP' },
    {
      name: 'a secret that ends before its SAS',
      change: { expiresAt: 0 },
      from: 'it expired at 1970-01-01T00:00:00.000Z',
    },
  ])('renews $name', async ({ change, from }) => {
    const scene = await bySas();
    const secret = scene.things.secrets.get(SECRET);
    if (secret === undefined) throw new Error('no secret');
    scene.things.secrets.set(SECRET, { ...secret, ...change });
    expect((await scene.run(rotation())).changes).toMatchObject([{ subject: 'sas', from, done: true }]);
  });

  it.each([
    { name: 'more rights than needed', sas: 'sr=c&sp=racwdl&spr=https&sig=x' },
    { name: 'a stored access policy', sas: 'sr=c&si=policy&spr=https&sig=x' },
  ])('keeps a foreign SAS with $name', async ({ sas }) => {
    const scene = await bySas();
    scene.things.secrets.set(SECRET, { sas, createdFor: null, enabled: true, startsAt: null, expiresAt: null });
    expect((await scene.run(rotation())).status).toBe('unchanged');
  });

  it('requires the permission to delete if the pipeline deletes', async () => {
    const scene = await bySas('import');
    const { resourceId } = pipelineId('import');
    const state = scene.things.pipelines.get(resourceId);
    if (state === undefined) throw new Error('no pipeline');
    scene.things.pipelines.set(resourceId, { ...state, options: ['DeleteSourceBlobOnSuccess'] });
    await scene.run(rotation('import'));
    expect(scene.done()).toContain('make rdl');
  });

  it('needs a pipeline that has a SAS', async () => {
    const scene = openSetup();
    expect((await scene.run(rotation())).failures.map(({ id }) => id)).toEqual(['ACRT3001']);
    await scene.run(present());
    expect((await scene.run(rotation())).failures.map(({ id }) => id)).toEqual(['ACRT3049']);
  });

  it('does not guess about a secret that it may not read', async () => {
    const scene = await bySas();
    scene.things.secretsSeen = false;
    expect((await scene.run(rotation())).failures.map(({ id }) => id)).toEqual(['ACRT3048']);
    expect(scene.done()).toEqual([]);
  });

  it('tries again while the rights of its signer spread', async () => {
    const scene = await bySas();
    await wait(scene, 6);
    scene.things.sasRefusals = 2;
    const slept = scene.clock.slept.length;
    expect(await scene.run(rotation())).toMatchObject({ status: 'changed', failures: [] });
    expect(scene.clock.slept.slice(slept)).toEqual([15, 15]);
    expect(scene.done()).toEqual(['make rawl', 'make rawl', 'make rawl', 'try', `store ${SECRET}`]);
  });

  it('fails after some minutes', async () => {
    const scene = await bySas();
    await wait(scene, 6);
    scene.things.sasRefusals = 100;
    expect((await scene.run(rotation())).failures.map(({ id }) => id)).toEqual(['ACRT3047']);
  });

  it('keeps the old SAS if no key is available', async () => {
    const scene = await bySas();
    const before = scene.things.secrets.get(SECRET);
    await wait(scene, 6);
    scene.things.refused.add('createSas');
    const result = await scene.run(rotation());
    expect(result).toMatchObject({ status: 'failed', failures: [{ id: 'ACRT3046' }], sasExpiresAt: before?.expiresAt });
    expect(scene.things.secrets.get(SECRET)).toBe(before);
  });
});
