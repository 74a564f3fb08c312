/** The shards of a plan in transfer.yml: split, executed, and merged into one report and one manifest. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/transfer/documents/codec.ts';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { MANIFEST, PLAN } from '../../src/transfer/documents/schemas.ts';
import type { StepResult } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';
import { runScript, scriptOf, type ScriptResult } from './script.ts';

const SPLIT = scriptOf('transfer.yml', 'Split the plan into shards');
const CHECK = scriptOf('transfer.yml', 'Check that the plan to report is unchanged');
const MERGE = scriptOf('transfer.yml', 'Merge the results of the shards');
const REPORT_RESULT = scriptOf('transfer.yml', 'Report the result');
const VERDICT = scriptOf('transfer.yml', 'Fail if the transfer failed');

interface Shard {
  readonly shard: string;
  readonly name: string;
}

let scene: Scene;
let planned: StepResult;
let split: ScriptResult;
let shards: readonly Shard[];

const jobFolder = (name: string): string => join(scene.workspace, name);

/** Copies the documents of a step, as upload-artifact and download-artifact do. */
const copyDocuments = (result: StepResult, folder: string): void => {
  cpSync(dirname(result.outputs['report'] ?? ''), folder, { recursive: true });
};

/** Runs the steps of the job `report` in a folder with the downloaded artifacts. */
async function runReport(
  folder: string,
  RESULT: 'success' | 'failure' | 'skipped' = 'success',
): Promise<{ readonly reported: ScriptResult; readonly verdict: ScriptResult }> {
  const DIGEST = planned.outputs['plan-digest'] ?? '';
  const env = { SHARDS: split.outputs['shards'] ?? '', DOCUMENTS: split.outputs['documents'] ?? '', DIGEST, RESULT };
  expect(await checkPlan(folder, DIGEST)).toMatchObject({ exitCode: 0 });
  const merged = await runScript(MERGE, folder, env);
  expect(merged).toMatchObject({ exitCode: 0, log: '' });
  const reported = await runScript(REPORT_RESULT, folder, { ERRORS: 'https://example.org/errors.md' });
  expect(reported).toMatchObject({ exitCode: 0, log: '' });
  const verdict = await runScript(VERDICT, folder, { STATUS: reported.outputs['status'] ?? '', RESULT });
  return { reported, verdict };
}

const checkPlan = (folder: string, DIGEST: string): Promise<ScriptResult> =>
  runScript(CHECK, folder, { DIGEST, SELECTED: '5', SKIPPED: '1' });

const mergedReport = (folder: string) => documentAt(REPORT, join(folder, 'acr-transfer-merged', 'report.json'));
const manifestPath = (folder: string): string => join(folder, 'acr-transfer-merged', 'train.1.transfer.json');
const mergedManifest = (folder: string) =>
  readDocument(MANIFEST, readFileSync(manifestPath(folder), 'utf8'), manifestPath(folder));

const shardFolder = (folder: string, { name }: Shard): string =>
  join(folder, 'acr-transfer-shards', `${split.outputs['documents'] ?? ''}~${name}`);

beforeAll(async () => {
  scene = await openScene();
  await scene.push('source', 'shards/api', { there: await smallImage('there') });
  await scene.step({ ...scene.both, artifacts: 'shards/api:there' });
  for (const tag of ['a', 'b', 'c', 'd', 'e'])
    await scene.push('source', 'shards/api', { [tag]: await smallImage(tag) });
  planned = await scene.step({
    ...scene.both,
    'dry-run': 'true',
    incremental: 'target',
    artifacts: 'shards/api:*\n!shards/api:e',
    'max-artifacts-per-run': '1',
    'transfer-name': 'release/train.1',
  });
  split = await runScript(SPLIT, jobFolder('split'), {
    PLAN: planned.outputs['plan'] ?? '',
    MATRIX: planned.outputs['matrix'] ?? '',
    MAX_SHARDS: '3',
  });
  shards = JSON.parse(split.outputs['shards'] ?? '[]') as readonly Shard[];
  await runAllShards(jobFolder('whole'));
});

/** Runs every shard and stores its documents. */
async function runAllShards(folder: string): Promise<void> {
  copyDocuments(planned, join(folder, 'acr-transfer-plan'));
  const plan = join(folder, 'acr-transfer-plan', 'plan.json');
  for (const shard of shards) {
    const finished = await scene.step({ ...scene.both, plan, shard: shard.shard });
    expect(shownIds(finished)).toEqual([]);
    copyDocuments(finished, shardFolder(folder, shard));
  }
}

afterAll(async () => {
  await scene.close();
});

describe('the shards of a plan', () => {
  it('are limited by max-shards, and have names for workflow artifacts', () => {
    expect(shards).toEqual([
      { shard: '1/3', name: '1-of-3' },
      { shard: '2/3', name: '2-of-3' },
      { shard: '3/3', name: '3-of-3' },
    ]);
    expect(split.outputs['documents']).toBe('acr-transfer-release-train.1');
  });

  it.each([
    ['0', ['1/1']],
    ['2.5', ['1/2', '2/2']],
  ])('are a whole number for max-shards %s', async (max, shards) => {
    const { plan: PLAN = '', matrix: MATRIX = '' } = planned.outputs;
    const { outputs } = await runScript(SPLIT, jobFolder('odd'), { PLAN, MATRIX, MAX_SHARDS: max });

    expect((JSON.parse(outputs['shards'] ?? '[]') as readonly Shard[]).map(({ shard }) => shard)).toEqual(shards);
  });

  it('end in one report and one manifest that can import everything', async () => {
    const folder = jobFolder('reported');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');

    const { reported, verdict } = await runReport(folder);

    expect(verdict.exitCode).toBe(0);
    expect(reported.outputs).toMatchObject({
      status: 'succeeded',
      changed: 'true',
      selected: '5',
      transferred: '4',
      skipped: '1',
      failed: '0',
    });
    expect(reported.summary).toContain('## ✅ 4 of 5 artifacts transferred, 1 up to date, 0 failed');
    expect(reported.summary).toMatch(/^\| 1\/3 \| ✅ succeeded \| 2 \| 0 \| 0 \| [\d.]+ KiB \| /m);
    const { artifacts, batches, leftOut, failures } = mergedReport(folder);
    expect(Object.fromEntries(artifacts.map(({ reference, outcome }) => [reference, outcome]))).toEqual({
      'shards/api:there': 'present',
      'shards/api:a': 'verified',
      'shards/api:b': 'verified',
      'shards/api:c': 'verified',
      'shards/api:d': 'verified',
    });
    expect(leftOut).toMatchObject([{ reference: 'shards/api:e' }]);
    expect(failures).toEqual([]);
    const manifest = mergedManifest(folder);
    expect(manifest.missing).toEqual([]);
    expect(manifest.batches.map(({ blob }) => blob.name).sort()).toEqual(batches.map(({ blob }) => blob).sort());
    expect(manifest.batches.map(({ blob }) => blob.name).sort()).toEqual(
      documentAt(PLAN, plan)
        .batches.map(({ blob }) => blob)
        .sort(),
    );
    const { 'import-pipeline': pipeline = '', ...rest } = scene.both;
    const target = Object.fromEntries(Object.entries(rest).filter(([input]) => input.startsWith('target-')));
    const imported = await scene.step({
      ...target,
      mode: 'import',
      'import-pipeline': pipeline,
      manifest: manifestPath(folder),
    });
    expect(shownIds(imported)).toEqual([]);
    expect(imported.outputs).toMatchObject({ selected: '4', failed: '0' });
  });

  it('A7: fail with the job that transferred, although their reports say otherwise', async () => {
    const folder = jobFolder('overwritten');
    cpSync(jobFolder('whole'), folder, { recursive: true });

    const { reported, verdict } = await runReport(folder, 'failure');

    expect(verdict.exitCode).toBe(1);
    expect(reported.outputs).toMatchObject({ status: 'partial' });
    expect(reported.summary).toContain('## ❌');
    // A forged status doesn't help either.
    expect((await runScript(VERDICT, folder, { STATUS: 'succeeded', RESULT: 'failure' })).exitCode).toBe(1);
  });

  it('A7: are merged only with documents and artifacts of their plan', async () => {
    const folder = jobFolder('foreign');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const [first, second] = shards as [Shard, Shard, Shard];
    const manifest = join(shardFolder(folder, first), `train.1.${first.name}.transfer.json`);
    const [batch] = readDocument(MANIFEST, readFileSync(manifest, 'utf8'), manifest).batches;
    const foreign = readFileSync(manifest, 'utf8').replaceAll(
      batch?.artifacts[0]?.digest ?? '?',
      `sha256:${'0'.repeat(64)}`,
    );
    writeFileSync(manifest, foreign);
    const other = join(shardFolder(folder, second), `train.1.${second.name}.transfer.json`);
    writeFileSync(other, readFileSync(other, 'utf8').replace(/"registry": ?"[^"]+"/, '"registry": "other.azurecr.io"'));

    await runReport(folder);

    const merged = mergedManifest(folder);
    expect(merged.batches.map(({ blob }) => blob.name)).not.toContain(batch?.blob.name);
    expect(merged.registry).toBe(documentAt(PLAN, planned.outputs['plan']).registry);
    expect(JSON.stringify(merged)).not.toContain('0'.repeat(64));
    expect(merged.missing.length).toBeGreaterThan(1);
  });

  it('A7: are not reported with another plan', async () => {
    const digest = planned.outputs['plan-digest'] ?? '';
    expect(digest).toMatch(/^sha256:[a-f0-9]{64}$/);
    for (const name of ['plan.json', 'report.json']) {
      const folder = jobFolder(`replaced-${name}`);
      cpSync(jobFolder('whole'), folder, { recursive: true });
      const path = join(folder, 'acr-transfer-plan', name);
      writeFileSync(
        path,
        readFileSync(path, 'utf8')
          .replace(digest, `sha256:${'0'.repeat(64)}`)
          .concat('\n'),
      );
      const checked = await checkPlan(folder, digest);
      expect(checked).toMatchObject({ exitCode: 1, outputs: { failed: '4' } });
      expect(checked.log).toContain('has replaced the documents of the plan');
    }
  });

  it('fail if one of them has no report, or only that of another plan', async () => {
    const folder = jobFolder('partial');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const [first, second] = shards as [Shard, Shard, Shard];
    rmSync(shardFolder(folder, first), { recursive: true });
    const stale = join(shardFolder(folder, second), 'report.json');
    const text = readFileSync(stale, 'utf8');
    writeFileSync(stale, text.replace(/"planDigest": ?"[^"]+"/, `"planDigest": "sha256:${'0'.repeat(64)}"`));

    const { reported, verdict } = await runReport(folder);

    expect(verdict.exitCode).toBe(1);
    expect(reported.outputs).toMatchObject({
      status: 'partial',
      selected: '5',
      transferred: '1',
      skipped: '1',
      failed: '3',
    });
    expect(reported.summary).toContain('| 1/3 | ❌ no report |');
    expect(reported.summary).toContain('| 2/3 | ❌ no report |');
    expect(reported.summary).toContain('Re-run failed jobs');
    expect(mergedManifest(folder).missing).toHaveLength(3);
    expect(mergedReport(folder).artifacts.filter(({ outcome }) => outcome === 'failed')).toHaveLength(3);
    // "Re-run failed jobs": those two alone, with the same plan.
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');
    for (const shard of [first, second]) {
      rmSync(shardFolder(folder, shard), { recursive: true, force: true });
      copyDocuments(await scene.step({ ...scene.both, plan, shard: shard.shard }), shardFolder(folder, shard));
    }
    const again = await runReport(folder);
    expect(again.verdict.exitCode).toBe(0);
    expect(again.reported.outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '4', failed: '0' });
    expect(mergedManifest(folder).missing).toEqual([]);
  });

  it('fail if none of them has a report, as after a rejected approval', async () => {
    const folder = jobFolder('refused');
    copyDocuments(planned, join(folder, 'acr-transfer-plan'));
    mkdirSync(join(folder, 'acr-transfer-shards'));

    const { reported, verdict } = await runReport(folder, 'skipped');

    expect(verdict.exitCode).toBe(1);
    expect(reported.outputs).toMatchObject({ status: 'failed', changed: 'false', transferred: '0', failed: '4' });
    expect(mergedManifest(folder).batches).toEqual([]);
  });

  it('show each error once, with its remedy', async () => {
    const folder = jobFolder('red');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const [first] = shards as [Shard];
    // A tag that has moved stops its shard before the first run.
    await scene.push('source', 'shards/api', { a: await smallImage('a2'), b: await smallImage('b2') });
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');
    for (const shard of shards) {
      const stopped = await scene.step({ ...scene.both, plan, shard: shard.shard });
      if (shard === first) expect(shownIds(stopped)).toEqual(['ACRT4010']);
      copyDocuments(stopped, shardFolder(folder, shard));
    }
    await scene.push('source', 'shards/api', { a: await smallImage('a'), b: await smallImage('b') });

    const { reported } = await runReport(folder, 'failure');

    expect(reported.outputs).toMatchObject({ status: 'partial' });
    expect(reported.summary).toContain('### [ACRT4010](https://example.org/errors.md#acrt4010)');
    expect(reported.summary).toContain('→ Create a new plan');
    expect(mergedReport(folder).failures.map(({ id }) => id)).toContain('ACRT4010');
  });
});
