import { runStep } from '../../e2e/runner.ts';
import type { Copy } from './copy-task.ts';
import { withoutSas } from './spend.ts';

/** The built action as a step, with one of its handoff methods. */
export const ours =
  (method: 'stream' | 'server'): Copy =>
  async ({ workload, source, target, sas, caFile, folder }) => {
    const { exitCode, log, outputs, peakRss } = await runStep(
      {
        mode: 'handoff',
        blobs: workload.blobs.map(({ name }) => name).join('\n'),
        'source-container': source,
        'target-container': target,
        'source-sas': sas,
        'target-sas': sas,
        'handoff-method': method,
      },
      { folder, env: { NODE_EXTRA_CA_CERTS: caFile } },
    );
    if (exitCode !== 0 || outputs['status'] !== 'succeeded') throw new Error(withoutSas(log).slice(-2000));
    return peakRss;
  };
