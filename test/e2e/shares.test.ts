/** What transfer.yml makes of a plan's shares: dealt out, carried, and merged into one report and one manifest. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDocument } from '../../src/transfer/documents/codec.ts';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { MANIFEST, PLAN } from '../../src/transfer/documents/schemas.ts';
import type { StepResult } from './runner.ts';
import { documentAt, openScene, shownIds, smallImage, type Scene } from './scene.ts';
import { runScript, scriptOf, type ScriptResult } from './script.ts';

const DEAL = scriptOf('transfer.yml', 'Deal the plan out');
const MERGE = scriptOf('transfer.yml', 'Merge what the shares have told');
const TELL = scriptOf('transfer.yml', 'Tell what came of it');
const VERDICT = scriptOf('transfer.yml', 'Verdict');

interface Share {
  readonly shard: string;
  readonly name: string;
}

let scene: Scene;
let planned: StepResult;
let dealt: ScriptResult;
let shares: readonly Share[];

const jobFolder = (name: string): string => join(scene.workspace, name);

/** What upload-artifact takes of a step, and download-artifact lays down. */
const hand = (result: StepResult, folder: string): void => {
  cpSync(dirname(result.outputs['report'] ?? ''), folder, { recursive: true });
};

/** The job that reports, in a folder in which the artifacts lie as they were downloaded. */
async function report(folder: string): Promise<{ readonly told: ScriptResult; readonly verdict: ScriptResult }> {
  const env = { SHARES: dealt.outputs['shares'] ?? '', DOCUMENTS: dealt.outputs['documents'] ?? '' };
  const merged = await runScript(MERGE, folder, env);
  expect(merged).toMatchObject({ exitCode: 0, log: '' });
  const told = await runScript(TELL, folder, { ERRORS: 'https://example.org/errors.md' });
  expect(told).toMatchObject({ exitCode: 0, log: '' });
  return { told, verdict: await runScript(VERDICT, folder, { STATUS: told.outputs['status'] ?? '' }) };
}

const mergedReport = (folder: string) => documentAt(REPORT, join(folder, 'acr-transfer-merged', 'report.json'));
const manifestPath = (folder: string): string => join(folder, 'acr-transfer-merged', 'train.1.transfer.json');
const mergedManifest = (folder: string) =>
  readDocument(MANIFEST, readFileSync(manifestPath(folder), 'utf8'), manifestPath(folder));

const shareFolder = (folder: string, { name }: Share): string =>
  join(folder, 'acr-transfer-shares', `${dealt.outputs['documents'] ?? ''}~${name}`);

beforeAll(async () => {
  scene = await openScene();
  await scene.push('source', 'shares/api', { there: await smallImage('there') });
  await scene.step({ ...scene.both, artifacts: 'shares/api:there' });
  for (const tag of ['a', 'b', 'c', 'd', 'e'])
    await scene.push('source', 'shares/api', { [tag]: await smallImage(tag) });
  planned = await scene.step({
    ...scene.both,
    'dry-run': 'true',
    incremental: 'target',
    artifacts: 'shares/api:*\n!shares/api:e',
    'max-artifacts-per-run': '1',
    'transfer-name': 'release/train.1',
  });
  dealt = await runScript(DEAL, jobFolder('deal'), {
    PLAN: planned.outputs['plan'] ?? '',
    MATRIX: planned.outputs['matrix'] ?? '',
    MOST: '3',
  });
  shares = JSON.parse(dealt.outputs['shares'] ?? '[]') as readonly Share[];
  await carryAll(jobFolder('whole'));
});

/** Carries every share, and lays down what they leave. */
async function carryAll(folder: string): Promise<void> {
  hand(planned, join(folder, 'acr-transfer-plan'));
  const plan = join(folder, 'acr-transfer-plan', 'plan.json');
  for (const share of shares) {
    const carried = await scene.step({ ...scene.both, plan, shard: share.shard });
    expect(shownIds(carried)).toEqual([]);
    hand(carried, shareFolder(folder, share));
  }
}

afterAll(async () => {
  await scene.close();
});

describe('the shares of a plan', () => {
  it('are no more than asked for, and named so that an artifact can be', () => {
    expect(shares).toEqual([
      { shard: '1/3', name: '1-of-3' },
      { shard: '2/3', name: '2-of-3' },
      { shard: '3/3', name: '3-of-3' },
    ]);
    expect(dealt.outputs['documents']).toBe('acr-transfer-release-train.1');
  });

  it.each([
    ['0', ['1/1']],
    ['2.5', ['1/2', '2/2']],
  ])('are whole ones when somebody asks for %s', async (most, shards) => {
    const { plan: PLAN = '', matrix: MATRIX = '' } = planned.outputs;
    const { outputs } = await runScript(DEAL, jobFolder('odd'), { PLAN, MATRIX, MOST: most });

    expect((JSON.parse(outputs['shares'] ?? '[]') as readonly Share[]).map(({ shard }) => shard)).toEqual(shards);
  });

  it('end in one report and one manifest, by which everything can be imported', async () => {
    const folder = jobFolder('reported');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');

    const { told, verdict } = await report(folder);

    expect(verdict.exitCode).toBe(0);
    expect(told.outputs).toMatchObject({
      status: 'succeeded',
      changed: 'true',
      selected: '5',
      transferred: '4',
      skipped: '1',
      failed: '0',
    });
    expect(told.summary).toContain('## ✅ 4 of 5 artifacts transferred, 1 there already, 0 failed');
    expect(told.summary).toMatch(/^\| 1\/3 \| ✅ succeeded \| 2 \| 0 \| 0 \| [\d.]+ KiB \| /m);
    const { artifacts, batches, leftOut, failures } = mergedReport(folder);
    expect(Object.fromEntries(artifacts.map(({ reference, outcome }) => [reference, outcome]))).toEqual({
      'shares/api:there': 'present',
      'shares/api:a': 'verified',
      'shares/api:b': 'verified',
      'shares/api:c': 'verified',
      'shares/api:d': 'verified',
    });
    expect(leftOut).toMatchObject([{ reference: 'shares/api:e' }]);
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

  it('are red together when one has left nothing, or only what an older attempt has told', async () => {
    const folder = jobFolder('partial');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const [first, second] = shares as [Share, Share, Share];
    rmSync(shareFolder(folder, first), { recursive: true });
    const stale = join(shareFolder(folder, second), 'report.json');
    const text = readFileSync(stale, 'utf8');
    writeFileSync(stale, text.replace(/"createdAt": ?"[^"]+"/, '"createdAt": "2020-01-01T00:00:00.000Z"'));

    const { told, verdict } = await report(folder);

    expect(verdict.exitCode).toBe(1);
    expect(told.outputs).toMatchObject({
      status: 'partial',
      selected: '5',
      transferred: '1',
      skipped: '1',
      failed: '3',
    });
    expect(told.summary).toContain('| 1/3 | ❌ no report |');
    expect(told.summary).toContain('| 2/3 | ❌ no report |');
    expect(told.summary).toContain('Re-run failed jobs');
    expect(mergedManifest(folder).missing).toHaveLength(3);
    expect(mergedReport(folder).artifacts.filter(({ outcome }) => outcome === 'failed')).toHaveLength(3);
    // "Re-run failed jobs": those two alone, with the same plan.
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');
    for (const share of [first, second]) {
      rmSync(shareFolder(folder, share), { recursive: true, force: true });
      hand(await scene.step({ ...scene.both, plan, shard: share.shard }), shareFolder(folder, share));
    }
    const again = await report(folder);
    expect(again.verdict.exitCode).toBe(0);
    expect(again.told.outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '4', failed: '0' });
    expect(mergedManifest(folder).missing).toEqual([]);
  });

  it('have failed when none of them has told anything, as after an approval that was refused', async () => {
    const folder = jobFolder('refused');
    hand(planned, join(folder, 'acr-transfer-plan'));
    mkdirSync(join(folder, 'acr-transfer-shares'));

    const { told, verdict } = await report(folder);

    expect(verdict.exitCode).toBe(1);
    expect(told.outputs).toMatchObject({ status: 'failed', changed: 'false', transferred: '0', failed: '4' });
    expect(mergedManifest(folder).batches).toEqual([]);
  });

  it('show what went wrong, each problem once and with what to do', async () => {
    const folder = jobFolder('red');
    cpSync(jobFolder('whole'), folder, { recursive: true });
    const [first] = shares as [Share];
    // A tag that has moved stops its share before anything is started.
    await scene.push('source', 'shares/api', { a: await smallImage('a2'), b: await smallImage('b2') });
    const plan = join(folder, 'acr-transfer-plan', 'plan.json');
    for (const share of shares) {
      const stopped = await scene.step({ ...scene.both, plan, shard: share.shard });
      if (share === first) expect(shownIds(stopped)).toEqual(['ACRT4010']);
      hand(stopped, shareFolder(folder, share));
    }
    await scene.push('source', 'shares/api', { a: await smallImage('a'), b: await smallImage('b') });

    const { told } = await report(folder);

    expect(told.outputs).toMatchObject({ status: 'partial' });
    expect(told.summary).toContain('### [ACRT4010](https://example.org/errors.md#acrt4010)');
    expect(told.summary).toContain('→ Plan again');
    expect(mergedReport(folder).failures.map(({ id }) => id)).toContain('ACRT4010');
  });
});
