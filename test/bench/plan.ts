import { runStep, sandboxEnvironment, sideInputs } from '../e2e/runner.ts';
import { inSandbox, round } from './measure.ts';
import { manyImages } from './registry-content.ts';

const REPOSITORIES = 100;
const TAGS = 100;

/** Plans 10,000 artifacts without a cache, under the limits of a Premium registry, which the sandbox enforces. */
export const benchPlan = () =>
  inSandbox({}, async (sandbox, folder) => {
    const { description } = sandbox;
    const entries = manyImages(REPOSITORIES, TAGS);
    await sandbox.putManifests('source', entries);
    await sandbox.resetRequests('source');
    const { rateLimits } = (await sandbox.settings('source')).registry;
    const since = performance.now();
    const { outputs, peakRss } = await runStep(
      { mode: 'export', 'dry-run': 'true', artifacts: 'team/*:*', ...sideInputs('source', description) },
      { folder, env: sandboxEnvironment(description) },
    );
    const seconds = (performance.now() - since) / 1000;
    const requests = await sandbox.requests('source');
    return {
      status: outputs['status'] ?? '',
      artifacts: Number(outputs['selected']),
      batches: (JSON.parse(outputs['blobs'] ?? '[]') as unknown[]).length,
      seconds: round(seconds, 1),
      peakRssMb: round(peakRss / 1_000_000, 1),
      registryRequests: requests.registry,
      armRequests: requests.arm,
      readsPerMinuteAllowed: rateLimits.readsPerMinute ?? 0,
    };
  });

/** Figures of the bench. */
export type PlanFigures = Awaited<ReturnType<typeof benchPlan>>;
