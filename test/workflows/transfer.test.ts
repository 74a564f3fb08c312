import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openScene, smallImage, type Scene } from '../e2e/scene.ts';
import { openBench, type Bench } from './fixture.ts';
import { conclusionsOf, failuresOf, jobOf, legsOf } from './result.ts';
import type { RunOptions } from './run.ts';
import { sandboxOptions, signInVariables } from './sandbox.ts';

let bench: Bench;

beforeAll(() => {
  bench = openBench();
});

afterAll(() => {
  bench.close();
});

/** A plan, its shares side by side, and one count of all of them. */
const SHARES = `
name: Shares
on:
  workflow_dispatch:
    inputs:
      artifacts: { type: string, required: true }
permissions: {}
env:
  EXPORT_PIPELINE: \${{ vars.EXPORT_PIPELINE }}
  IMPORT_PIPELINE: \${{ vars.IMPORT_PIPELINE }}
jobs:
  plan:
    runs-on: ubuntu-latest
    permissions: { id-token: write }
    outputs:
      matrix: \${{ steps.plan.outputs.matrix }}
    steps:
      - id: plan
        uses: acr-transfer/acr-transfer@v1
        with: &sides
          mode: full
          dry-run: true
          artifacts: \${{ inputs.artifacts }}
          max-artifacts-per-run: 1
          export-pipeline: \${{ env.EXPORT_PIPELINE }}
          import-pipeline: \${{ env.IMPORT_PIPELINE }}
          source-tenant-id: \${{ vars.SOURCE_TENANT_ID }}
          source-client-id: \${{ vars.SOURCE_CLIENT_ID }}
          target-cloud: azureusgovernment
          target-tenant-id: \${{ vars.TARGET_TENANT_ID }}
          target-client-id: \${{ vars.TARGET_CLIENT_ID }}
      - uses: actions/upload-artifact@v7
        with: { name: plan, path: '\${{ steps.plan.outputs.plan }}' }
  transfer:
    needs: plan
    if: needs.plan.outputs.matrix != '[]'
    runs-on: ubuntu-latest
    permissions: { id-token: write }
    strategy:
      matrix: { include: '\${{ fromJSON(needs.plan.outputs.matrix) }}' }
    outputs:
      status: \${{ steps.transfer.outputs.status }}
    steps:
      - uses: actions/download-artifact@v8
        with: { name: plan }
      - id: transfer
        uses: acr-transfer/acr-transfer@v1
        with:
          mode: full
          plan: plan.json
          shard: \${{ matrix.shard }}
          export-pipeline: \${{ env.EXPORT_PIPELINE }}
          import-pipeline: \${{ env.IMPORT_PIPELINE }}
          source-tenant-id: \${{ vars.SOURCE_TENANT_ID }}
          source-client-id: \${{ vars.SOURCE_CLIENT_ID }}
          target-cloud: azureusgovernment
          target-tenant-id: \${{ vars.TARGET_TENANT_ID }}
          target-client-id: \${{ vars.TARGET_CLIENT_ID }}
      - if: \${{ !cancelled() && steps.transfer.outputs.report != '' }}
        env:
          REPORT: \${{ steps.transfer.outputs.report }}
        run: cp "$REPORT" "report-\${{ strategy.job-index }}.json"
      - if: \${{ !cancelled() }}
        uses: actions/upload-artifact@v7
        with: { name: 'report-\${{ strategy.job-index }}', path: 'report-*.json' }
  report:
    needs: transfer
    if: \${{ !cancelled() && needs.transfer.result != 'skipped' }}
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with: { pattern: report-*, merge-multiple: true, path: reports }
      - run: echo "$(ls | wc -l) reports" >> "$GITHUB_STEP_SUMMARY"
        working-directory: reports
`;

describe('a workflow of plan, shares and report', () => {
  let scene: Scene;
  let options: Partial<RunOptions>;

  beforeAll(async () => {
    scene = await openScene();
    const { source, target } = scene.clouds;
    const artifacts = await scene.push('source', 'team/shares', {
      a: await smallImage('share a'),
      b: await smallImage('share b'),
    });
    options = {
      ...sandboxOptions(scene.clouds),
      inputs: { artifacts: artifacts.join('\n') },
      vars: {
        ...signInVariables(scene.clouds),
        EXPORT_PIPELINE: source.pipelines.managedIdentity,
        IMPORT_PIPELINE: target.pipelines.managedIdentity,
      },
    };
  });

  afterAll(async () => {
    await scene.close();
  });

  it('is red, and says which permission is missing, when its jobs cannot have id-tokens', async () => {
    const run = await bench.run(SHARES.replaceAll('{ id-token: write }', '{}'), options);
    expect(conclusionsOf(run)).toEqual({ plan: 'failure', transfer: 'skipped', report: 'skipped' });
    expect(jobOf(run, 'plan').log).toContain('id-token: write');
    expect(await scene.sandbox.transfers('source')).toEqual([]);
  });

  it('carries everything over, from the built action', async () => {
    const run = await bench.run(SHARES, options);
    expect(failuresOf(run)).toEqual([]);
    expect(conclusionsOf(run)).toEqual({ plan: 'success', transfer: 'success, success', report: 'success' });
    expect(legsOf(run, 'transfer').map(({ outputs }) => outputs)).toEqual([
      { status: 'succeeded' },
      { status: 'succeeded' },
    ]);
    expect(jobOf(run, 'plan').summary).toContain('Plan: 2 artifacts in 2 batches');
    expect(jobOf(run, 'report').summary).toBe('2 reports\n');
    const imports = await scene.sandbox.transfers('target');
    expect(imports.flatMap(({ artifacts }) => artifacts)).toHaveLength(2);
  });

  it('is red in the share that failed, and the report comes all the same', async () => {
    await scene.sandbox.settings('source', { runs: { failLate: 'Failed to access storage.' } });
    const artifacts = await scene.push('source', 'team/failing', { v1: await smallImage('failing') });
    const run = await bench.run(SHARES, { ...options, inputs: { artifacts: artifacts.join('\n') } });
    await scene.sandbox.settings('source', { runs: { failLate: null } });
    expect(run.conclusion).toBe('failure');
    expect(conclusionsOf(run)).toEqual({ plan: 'success', transfer: 'failure', report: 'success' });
    expect(jobOf(run, 'report').summary).toBe('1 reports\n');
  });
});
