import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPORT } from '../../src/transfer/documents/report-schema.ts';
import { PLAN } from '../../src/transfer/documents/schemas.ts';
import { connectRegistry, sbom, signature, signatureTag, taggedSignature } from '../sandbox/content/index.ts';
import type { Inputs, StepResult } from './runner.ts';
import { documentAt, openScene, outcomesOf, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

const sync = (repository: string, more: Inputs = {}): Promise<StepResult> =>
  scene.step({
    ...scene.both,
    artifacts: `${repository}:*`,
    incremental: 'target',
    'transfer-name': 'nightly',
    ...more,
  });

const runs = async (): Promise<number> =>
  (await scene.sandbox.transfers('source')).length + (await scene.sandbox.transfers('target')).length;

describe('repeated syncs, compared with the live target', () => {
  it('transfers everything once, and without new artifacts starts no run and reads no manifest', async () => {
    await scene.push('source', 'sync/quiet', { v1: await smallImage('q1'), v2: await smallImage('q2') });
    const first = await sync('sync/quiet');
    expect(first.outputs).toMatchObject({ status: 'succeeded', transferred: '2' });
    const before = await runs();
    await Promise.all([scene.sandbox.resetRequests('source'), scene.sandbox.resetRequests('target')]);
    const second = await sync('sync/quiet');
    const [source, target] = await Promise.all([scene.sandbox.requests('source'), scene.sandbox.requests('target')]);
    expect(second.outputs).toMatchObject({ status: 'nothing-to-do', changed: 'false', selected: '2', skipped: '2' });
    expect(second.summary).toContain('Nothing to do: 2 artifacts up to date');
    expect(await runs()).toBe(before);
    // Sign-in, a token for the repository, its listing: nothing else.
    expect(source.registry).toBe(3);
    expect(target.registry).toBe(3);
  });

  it('transfers a tag that moved, and nothing else', async () => {
    await scene.push('source', 'sync/moved', { stable: await smallImage('m1'), edge: await smallImage('m2') });
    await sync('sync/moved');
    await scene.push('source', 'sync/moved', { edge: await smallImage('m3') });
    const result = await sync('sync/moved');
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '1' });
    expect(outcomesOf(result)).toEqual({ 'sync/moved:edge': 'verified', 'sync/moved:stable': 'present' });
    const [why] = documentAt(PLAN, result.outputs['plan']).batches[0]?.artifacts.map((item) => item.why) ?? [];
    expect(why).toMatchObject({ reason: 'changed', line: 'line 1' });
    expect(why?.was).toMatch(/^sha256:/);
  });

  it('reports a tag that is gone from the source, and leaves it at the target', async () => {
    await scene.push('source', 'sync/gone', { keep: await smallImage('g1'), drop: await smallImage('g2') });
    await sync('sync/gone');
    const client = await connectRegistry(scene.clouds.source);
    await client.deleteTag('sync/gone', 'drop');
    client.close();
    const result = await sync('sync/gone');
    expect(result.outputs['status']).toBe('nothing-to-do');
    expect(documentAt(REPORT, result.outputs['report']).leftOut).toEqual([
      { reference: 'sync/gone:drop', why: 'deleted at the source; kept at the target' },
    ]);
  });

  it('transfers signatures and SBOMs that were attached after the transfer of their image', async () => {
    await scene.push('source', 'sync/signed', { v1: await smallImage('s1') });
    await sync('sync/signed');
    const client = await connectRegistry(scene.clouds.source);
    const signed = await client.attach('sync/signed', 'v1', (subject) => signature(subject, 'sync/signed:v1'));
    await client.attach('sync/signed', signed.digest, (subject) => sbom(subject, 'of the signature'));
    const tagged = await client.attach(
      'sync/signed',
      'v1',
      (subject) => taggedSignature(subject, 'sync/signed:v1'),
      signatureTag,
    );
    client.close();
    const without = await sync('sync/signed', { 'include-referrers': 'false' });
    expect(without.outputs['status']).toBe('nothing-to-do');
    const result = await sync('sync/signed');
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '3', skipped: '1' });
    const batches = documentAt(PLAN, result.outputs['plan']).batches;
    expect(batches).toHaveLength(1);
    expect(batches[0]?.artifacts.map(({ digest }) => digest)).toEqual(
      expect.arrayContaining([signed.digest, tagged.digest]),
    );
    expect((await sync('sync/signed')).outputs['status']).toBe('nothing-to-do');
  });
});

describe('receipts next to the blobs', () => {
  it('are found without an explicit path', async () => {
    await scene.push('source', 'receipts/api', { v1: await smallImage('r1') });
    await scene.step({ ...scene.both, artifacts: 'receipts/*:*' });
    await scene.push('source', 'receipts/api', { v2: await smallImage('r2') });
    const result = await scene.step({
      ...scene.both,
      mode: 'export',
      artifacts: 'receipts/*:*',
      incremental: 'receipt',
      'dry-run': 'true',
    });
    expect(outcomesOf(result)).toEqual({ 'receipts/api:v1': 'present', 'receipts/api:v2': 'planned' });
  });
});

describe('a history of what this side has handed over', () => {
  it('loses nothing if two workflows write it at once', async () => {
    await scene.push('source', 'history/one', { v1: await smallImage('h1') });
    await scene.push('source', 'history/two', { v1: await smallImage('h2') });
    const exported = (name: string): Promise<StepResult> => {
      const { mode: _, ...inputs } = scene.both;
      return scene.step({ ...inputs, mode: 'export', artifacts: `history/${name}:*`, incremental: 'history' });
    };
    const both = await Promise.all([exported('one'), exported('two')]);
    expect(both.map(({ outputs }) => outputs['transferred'])).toEqual(['1', '1']);
    const again = await Promise.all([exported('one'), exported('two')]);
    expect(again.map(({ outputs }) => outputs['status'])).toEqual(['nothing-to-do', 'nothing-to-do']);
  });
});
