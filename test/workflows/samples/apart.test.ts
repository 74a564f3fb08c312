import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { smallImage } from '../../e2e/scene.ts';
import { image } from '../../sandbox/content/index.ts';
import { someOf } from '../../some-of.ts';
import { CHOICE_TEXT } from '../../tier.ts';
import { conclusionsOf, failuresOf, jobOf, legsOf } from '../result.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

afterEach(async () => {
  await stage.close();
});

/** Both sides of an air gap. Directories are copied between them. */
async function openGap(lines: string) {
  stage = await openStage();
  const { folder } = stage;
  const place = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const near = { GAP_RUNNER: 'near', GAP_IN: place('near-in'), GAP_OUT: place('near-out') };
  const far = { GAP_RUNNER: 'far', GAP_IN: place('far-in'), GAP_OUT: place('far-out') };
  const copyFolder = (from: string, to: string): void => {
    cpSync(from, to, { recursive: true });
  };
  stage.commit('artifacts.txt', lines);
  const sent = async (limit = '4GB') => {
    const edit = (text: string): string => text.replaceAll('max-blob-size: 4GB', `max-blob-size: ${limit}`);
    const out = await stage.run('air-gap/near-side.yml', { event: 'schedule', vars: near }, edit);
    copyFolder(near.GAP_OUT, far.GAP_IN);
    return out;
  };
  const received = async () => {
    const back = await stage.run('air-gap/far-side.yml', { event: 'schedule', vars: far });
    copyFolder(far.GAP_OUT, near.GAP_IN);
    return back;
  };
  const receipts = () => readdirSync(near.GAP_IN).filter((name) => name.endsWith('.receipt.json'));
  /** As in the manifest of an export with a failed batch. */
  const missing = (reference: string): void => {
    for (const name of readdirSync(far.GAP_IN).filter((file) => file.endsWith('.transfer.json'))) {
      const manifest = JSON.parse(readFileSync(join(far.GAP_IN, name), 'utf8')) as object;
      writeFileSync(join(far.GAP_IN, name), JSON.stringify({ ...manifest, missing: [reference] }));
    }
  };
  return { scene: stage.scene, imported: stage.imported, sent, received, receipts, missing };
}

describe(
  `air-gap/ (${CHOICE_TEXT})`,
  someOf(1, (it) => {
    it('transfers media one way, receipts the other way, and the next time only what is new', async () => {
      const { scene, imported, sent, received, receipts } = await openGap('gap/*:*\n');
      const sync = async () => ({ out: await sent(), back: await received() });

      await scene.push('source', 'gap/api', { v1: await smallImage('gap 1') });
      const first = await sync();
      expect([first.out, first.back].flatMap(failuresOf)).toEqual([]);
      expect(jobOf(first.out, 'export').outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
      expect(legsOf(first.back, 'import')).toHaveLength(1);
      expect(receipts()).toHaveLength(1);

      const second = await sync();
      expect(jobOf(second.out, 'export').outputs).toMatchObject({ status: 'nothing-to-do', transferred: '0' });
      expect(conclusionsOf(second.out)).toMatchObject({ handoff: 'skipped' });
      expect(conclusionsOf(second.back)).toEqual({ find: 'success', import: 'skipped' });

      await scene.push('source', 'gap/api', { v2: await smallImage('gap 2') });
      const third = await sync();
      expect(jobOf(third.out, 'export').outputs).toMatchObject({ status: 'succeeded', transferred: '1', skipped: '1' });
      expect(await imported()).toEqual(['gap/api:v1', 'gap/api:v2']);
    });

    it('resumes a failed import', async () => {
      const { scene, sent, received, receipts } = await openGap('gap/*:*\n');
      await scene.push('source', 'gap/api', { v1: await smallImage('gap 1') });
      expect(failuresOf(await sent())).toEqual([]);

      await scene.sandbox.settings('target', { runs: { failLate: 'Failed to access storage.' } });
      expect(conclusionsOf(await received())).toEqual({ find: 'success', import: 'failure' });
      expect(receipts()).toHaveLength(1);

      await scene.sandbox.settings('target', { runs: { failLate: null } });
      expect(conclusionsOf(await received())).toEqual({ find: 'success', import: 'success' });
      expect(conclusionsOf(await received())).toEqual({ find: 'success', import: 'skipped' });
    });

    it('fails for artifacts that cannot be exported, and transfers the others, once', async () => {
      const { scene, imported, sent, received, missing } = await openGap('gap/*:*\n');
      const large = await image({ seed: 'gap large', layerBytes: [200_000] });
      await scene.push('source', 'gap/api', { v1: await smallImage('gap 1'), large });

      const out = await sent('100KB');
      expect(conclusionsOf(out)).toMatchObject({ export: 'failure', handoff: 'success' });
      missing('gap/api:large');
      expect(conclusionsOf(await received())).toEqual({ find: 'success', import: 'failure' });
      expect(await imported()).toEqual(['gap/api:v1']);
      expect(conclusionsOf(await received())).toEqual({ find: 'success', import: 'skipped' });

      const next = await sent('100KB');
      expect(conclusionsOf(next)).toMatchObject({ export: 'failure', handoff: 'skipped' });
    });
  }),
);

describe(
  `setting up (${CHOICE_TEXT})`,
  someOf(1, (it) => {
    it('setup.yml shows the changes of two empty clouds, and then makes them', async () => {
      stage = await openStage(true);
      const { scene } = stage;
      const { source, target } = scene.clouds;
      // Content for an export.
      await scene.push('source', 'team/base', { v1: await smallImage('base') });
      const vars = {
        EXPORT_PIPELINE: `${source.registry.id}/exportPipelines/nightly`,
        IMPORT_PIPELINE: `${target.registry.id}/importPipelines/nightly`,
      };
      const pipelines = async () => (await scene.sandbox.inventory('target')).pipelines;
      const shown = await stage.run('setup.yml', { vars });
      expect(shown.conclusion).toBe('success');
      expect(await pipelines()).toEqual([]);
      const done = await stage.run('setup.yml', { vars, inputs: { 'dry-run': false } });
      expect(conclusionsOf(done)).toEqual({
        setup: 'success',
        'setup / source': 'success',
        'setup / target': 'success',
      });
      expect(await pipelines()).toHaveLength(1);
    });

    it('rotate-sas.yml renews the SAS of both pipelines, and keeps them the next time', async () => {
      stage = await openStage();
      const { sandbox, clouds } = stage.scene;
      for (const side of ['source', 'target'] as const) {
        const { objectId } = clouds[side].client;
        const officer = { principalId: objectId, role: 'Key Vault Secrets Officer' } as const;
        await sandbox.setRoles(side, [...(await sandbox.roles(side)), officer]);
      }
      const sync = async () => {
        const run = await stage.run('rotate-sas.yml', {
          event: 'schedule',
          vars: {
            EXPORT_PIPELINE: clouds.source.pipelines.sasToken,
            IMPORT_PIPELINE: clouds.target.pipelines.sasToken,
          },
        });
        return [
          run.conclusion,
          ...['source', 'target'].map((side) => jobOf(run, `rotate / ${side}`).outputs['status']),
        ];
      };
      expect(await sync()).toEqual(['success', 'changed', 'changed']);
      expect(await sync()).toEqual(['success', 'unchanged', 'unchanged']);
    });
  }),
);
