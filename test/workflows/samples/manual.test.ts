import { appendFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { smallImage } from '../../e2e/scene.ts';
import { someOf } from '../../some-of.ts';
import { CHOICE_TEXT } from '../../tier.ts';
import { conclusionsOf, failuresOf, jobOf, legsOf } from '../result.ts';
import type { Gate } from '../run.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

/** The environment for signing in has no reviewers. The other one has. */
const reviewed =
  (review: (gate: Gate) => boolean) =>
  (gate: Gate): boolean =>
    gate.environment === 'azure' || review(gate);

/** Each artifact in its own shard, in sequence. */
const oneByOne = (text: string): string =>
  text.replace('      environment: transfer\n', '$&      max-artifacts-per-run: 1\n      max-parallel-shards: 1\n');

describe(
  `manual.yml (${CHOICE_TEXT})`,
  someOf(2, (it) => {
    it('transfers nothing that was not approved', async () => {
      const artifacts = await stage.push('manual/api', 'v1');
      const gates: Gate[] = [];
      const approve = (answer: boolean) =>
        reviewed((gate) => {
          gates.push(gate);
          return answer;
        });
      const before = (await stage.scene.sandbox.transfers('target')).length;
      const rejected = await stage.run('manual.yml', { inputs: { artifacts }, approve: approve(false) });
      expect(conclusionsOf(rejected)).toMatchObject({
        'transfer / plan': 'success',
        'transfer / approve': 'failure',
        'transfer / transfer': 'skipped',
      });
      expect(rejected.conclusion).toBe('failure');
      expect(await stage.imported(before)).toEqual([]);

      const approved = await stage.run('manual.yml', { inputs: { artifacts }, approve: approve(true) });
      expect(failuresOf(approved)).toEqual([]);
      expect(gates).toEqual([
        { environment: 'transfer', job: 'transfer / approve' },
        { environment: 'transfer', job: 'transfer / approve' },
      ]);
      expect(jobOf(approved, 'transfer').outputs).toMatchObject({ status: 'succeeded', transferred: '1', failed: '0' });
      expect(await stage.imported(before)).toEqual(['manual/api:v1']);
    });

    it('needs no approval if nothing is new', async () => {
      const approve = reviewed(() => {
        throw new Error('no approval is expected');
      });
      const artifacts = await stage.push('manual/there', 'v1');
      await stage.scene.push('target', 'manual/there', { v1: await smallImage('manual/there:v1') });
      const run = await stage.run('manual.yml', { inputs: { artifacts }, approve });
      expect(run.conclusion).toBe('success');
      expect(jobOf(run, 'transfer').outputs).toMatchObject({ status: 'nothing-to-do', transferred: '0', skipped: '1' });
    });

    it('completes after a re-run of only the failed shard, without another plan, approval or transfer', async () => {
      const artifacts = [await stage.push('manual/again', 'v1'), await stage.push('manual/again', 'v2')].join('\n');
      const before = (await stage.scene.sandbox.transfers('target')).length;
      const { settings } = stage.scene.sandbox;
      const gates: string[] = [];
      const options = {
        inputs: { artifacts },
        runId: '6000',
        approve: async ({ job }: Gate) => {
          gates.push(job);
          const isSecondShare = gates.filter((each) => each === 'transfer / transfer').length === 2;
          if (isSecondShare) await settings('source', { runs: { failLate: 'Failed to access storage.' } });
          return true;
        },
      };
      const first = await stage.run('manual.yml', options, oneByOne);
      await settings('source', { runs: { failLate: null } });
      expect(legsOf(first, 'transfer / transfer').map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
      expect(jobOf(first, 'transfer').outputs).toMatchObject({ status: 'partial', transferred: '1', failed: '1' });

      const asked = gates.length;
      const second = await stage.run('manual.yml', { ...options, attempt: 2, previous: first }, oneByOne);
      expect(failuresOf(second)).toEqual([]);
      expect(gates.slice(asked)).toEqual(['transfer / transfer']);
      expect(jobOf(second, 'transfer / plan')).toBe(jobOf(first, 'transfer / plan'));
      expect(legsOf(second, 'transfer / transfer')[0]).toBe(legsOf(first, 'transfer / transfer')[0]);
      expect(jobOf(second, 'transfer').outputs).toMatchObject({ status: 'succeeded', transferred: '2', failed: '0' });
      expect([...(await stage.imported(before))].sort()).toEqual(['manual/again:v1', 'manual/again:v2']);
    });

    it('transfers nothing if another job replaces the plan during the approval', async () => {
      const artifacts = await stage.push('manual/replaced', 'v1');
      const before = (await stage.scene.sandbox.transfers('source')).length;
      const run = await stage.run('manual.yml', {
        inputs: { artifacts },
        runId: '6001',
        approve: reviewed(() => {
          const [plan = ''] = globSync('artifacts/6001/files/*~plan/plan.json', { cwd: stage.folder });
          appendFileSync(join(stage.folder, plan), '\n');
          return true;
        }),
      });
      expect(conclusionsOf(run)).toMatchObject({ 'transfer / approve': 'success', 'transfer / transfer': 'failure' });
      expect(jobOf(run, 'transfer / transfer').log).toContain('has replaced plan.json');
      expect(jobOf(run, 'transfer').outputs).toMatchObject({ status: 'failed', transferred: '0', failed: '1' });
      expect(await stage.scene.sandbox.transfers('source')).toHaveLength(before);
    });
  }),
);
