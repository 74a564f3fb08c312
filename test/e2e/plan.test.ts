import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { PLAN } from '../../src/transfer/documents/schemas.ts';
import { image } from '../sandbox/content/index.ts';
import { openScene, documentAt, outcomesOf, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

/** Keeps a step's plan where a later job finds it. */
function hand(path: string | undefined, name: string): string {
  copyFileSync(path ?? '', join(scene.workspace, name));
  return name;
}

const matrixOf = (text = '[]'): readonly { shard: string; batches: number; artifacts: number }[] =>
  JSON.parse(text) as { shard: string; batches: number; artifacts: number }[];

const dryRun = { 'dry-run': 'true' };

describe('a plan with an approval', () => {
  it('needs only read permissions, and writes nothing but the plan', async () => {
    await scene.push('source', 'plan/dry', { v1: await smallImage('d1'), v2: await smallImage('d2') });
    const before = await Promise.all([scene.blobs('source'), scene.blobs('target')]);
    const roles = await Promise.all([scene.sandbox.roles('source'), scene.sandbox.roles('target')]);
    const readOnly = async (side: 'source' | 'target'): Promise<void> => {
      const principalId = scene.clouds[side].client.objectId;
      const rights = ['Reader', 'AcrPull', 'Storage Blob Data Reader'] as const;
      await scene.sandbox.setRoles(
        side,
        rights.map((role) => ({ principalId, role })),
      );
    };
    await Promise.all([readOnly('source'), readOnly('target')]);
    const result = await scene.step({ ...scene.both, ...dryRun, artifacts: 'plan/dry:*\n!plan/dry:v2' });
    await Promise.all([scene.sandbox.setRoles('source', roles[0]), scene.sandbox.setRoles('target', roles[1])]);
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', changed: 'false', selected: '1', transferred: '0' });
    expect(await Promise.all([scene.blobs('source'), scene.blobs('target')])).toEqual(before);
    expect(await scene.sandbox.transfers('source')).toEqual([]);
    expect(result.summary).toContain('Plan: 1 artifact in 1 batch');
    const plan = documentAt(PLAN, result.outputs['plan']);
    expect(plan.leftOut).toMatchObject([
      { reference: 'plan/dry:v2', why: { reason: 'excluded', text: 'excluded by line 2' } },
    ]);
    expect(result.log).toContain('Parsed selection');
  });

  it('is executed in parallel shards, exactly as planned', async () => {
    const tags = Object.fromEntries(
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map(async (tag) => [tag, await smallImage(`share ${tag}`)] as const)),
    );
    await scene.push('source', 'plan/shards', tags);
    const planned = await scene.step({
      ...scene.both,
      ...dryRun,
      artifacts: 'plan/shards:*',
      'max-artifacts-per-run': '2',
    });
    const plan = hand(planned.outputs['plan'], 'shards.json');
    const matrix = matrixOf(planned.outputs['matrix']);
    expect(matrix.map(({ shard }) => shard)).toEqual(['1/3', '2/3', '3/3']);
    // Artifacts that are pushed after the approval aren't part of it.
    await scene.push('source', 'plan/shards', { f: await smallImage('too late') });
    const executed = await Promise.all(
      matrix.map(({ shard }) => scene.step({ ...scene.both, plan, shard }, { runId: '9000' })),
    );
    expect(executed.flatMap(shownIds)).toEqual([]);
    expect(executed.map(({ outputs }) => Number(outputs['transferred']))).toEqual(
      matrix.map(({ artifacts }) => artifacts),
    );
    const blobs = executed.flatMap(({ outputs }) => JSON.parse(outputs['blobs'] ?? '[]') as string[]);
    expect(blobs.sort()).toEqual([...(JSON.parse(planned.outputs['blobs'] ?? '[]') as string[])].sort());
    expect(new Set(executed.map(({ outputs }) => outputs['manifest']?.split('/').at(-1))).size).toBe(3);
    expect(Object.keys(Object.assign({}, ...executed.map(outcomesOf)) as object).sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((tag) => `plan/shards:${tag}`),
    );
  });

  it('stops if a tag has moved, and continues with the planned digests with on-drift', async () => {
    await scene.push('source', 'plan/drift', { stable: await smallImage('s'), moving: await smallImage('before') });
    const planned = await scene.step({ ...scene.both, ...dryRun, artifacts: 'plan/drift:*' });
    const plan = hand(planned.outputs['plan'], 'drift.json');
    const [first] = documentAt(PLAN, planned.outputs['plan']).batches[0]?.artifacts ?? [];
    await scene.push('source', 'plan/drift', { moving: await smallImage('after') });
    const stopped = await scene.step({ ...scene.both, plan });
    expect(shownIds(stopped)).toEqual(['ACRT4010']);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.log).toContain('plan/drift:moving');
    expect(stopped.log).not.toContain('plan/drift:stable\n');
    const executed = await scene.step({ ...scene.both, plan, 'on-drift': 'continue' });
    expect(first?.reference).toBe('plan/drift:moving');
    expect(outcomesOf(executed)).toEqual({
      [`plan/drift@${first?.digest ?? ''}`]: 'verified',
      'plan/drift:stable': 'verified',
    });
    expect(executed.log).toContain('::warning::plan/drift:moving moved to');
  });

  it('refuses a plan that was altered, and one of another pipeline', async () => {
    await scene.push('source', 'plan/altered', { v1: await smallImage('v1'), v2: await smallImage('v2') });
    const planned = await scene.step({ ...scene.both, ...dryRun, artifacts: 'plan/altered:v1' });
    const plan = hand(planned.outputs['plan'], 'altered.json');
    const text = readFileSync(join(scene.workspace, plan), 'utf8');
    writeFileSync(join(scene.workspace, plan), text.replaceAll('plan/altered:v1', 'plan/altered:v2'));
    expect(shownIds(await scene.step({ ...scene.both, plan }))).toEqual(['ACRT7005']);
    writeFileSync(join(scene.workspace, plan), text);
    const other = { 'export-pipeline': scene.clouds.source.pipelines.sasToken };
    expect(shownIds(await scene.step({ ...scene.both, ...other, plan }))).toEqual(['ACRT7005']);
  });
});

describe('a registry without permission to list repositories', () => {
  it('plans lines that name their repositories, and names the missing role for the others', async () => {
    await scene.push('source', 'abac/api', { v1: await smallImage('abac') });
    await scene.sandbox.settings('source', { registry: { roleAssignmentMode: 'AbacRepositoryPermissions' } });
    const named = await scene.step({ ...scene.both, ...dryRun, artifacts: 'abac/api:v*' });
    const globbed = await scene.step({ ...scene.both, ...dryRun, artifacts: 'abac/api:v1\nabac/*:*' });
    await scene.sandbox.settings('source', { registry: { roleAssignmentMode: 'LegacyRegistryPermissions' } });
    expect(named.outputs).toMatchObject({ status: 'succeeded', selected: '1' });
    expect(shownIds(globbed)).toEqual(['ACRT3010']);
    expect(globbed.log).toContain('line 2: abac/*:*');
    expect(globbed.log).toContain('Container Registry Repository Catalog Lister');
  });
});

describe('limits of blobs and runs', () => {
  it('transfers 130 artifacts and their referrers in batches of at most 50, subject and referrer together', async () => {
    const tags = Array.from({ length: 130 }, (_, index) => `v${index}`);
    await scene.push(
      'source',
      'many/api',
      Object.fromEntries(await Promise.all(tags.map(async (tag) => [tag, await smallImage(tag)] as const))),
    );
    await scene.sign('source', 'many/api', tags.slice(0, 20));
    const result = await scene.step({ ...scene.both, artifacts: 'many/api:*' });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '150' });
    const { batches } = documentAt(PLAN, result.outputs['plan']);
    expect(batches.map(({ artifacts }) => artifacts.length).every((count) => count <= 50)).toBe(true);
    for (const { artifacts } of batches) {
      const digests = new Set(artifacts.map(({ digest }) => digest));
      for (const { subject } of artifacts) if (subject !== null) expect(digests).toContain(subject);
    }
    expect(documentAt(REPORT, result.outputs['report']).counts.failed).toBe(0);
  });

  it('forms smaller blobs with a size limit, and excludes only artifacts over it', async () => {
    const sizes = { small: 1, other: 1, large: 6 };
    const images = await Promise.all(
      Object.entries(sizes).map(
        async ([tag, size]) => [tag, await image({ seed: tag, layerBytes: [size * 1_000_000] })] as const,
      ),
    );
    await scene.push('source', 'limit/api', Object.fromEntries(images));
    const result = await scene.step({ ...scene.both, artifacts: 'limit/api:*', 'max-blob-size': '2MB' });
    expect(shownIds(result)).toEqual(['ACRT3013']);
    expect(result.outputs).toMatchObject({ status: 'partial', selected: '3', transferred: '2', failed: '1' });
    expect(documentAt(PLAN, result.outputs['plan']).batches).toHaveLength(2);
  });
});
