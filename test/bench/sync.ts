import { readFileSync } from 'node:fs';
import { runStep, sandboxEnvironment, sideInputs, type StepResult } from '../e2e/runner.ts';
import type { SandboxHandle } from '../sandbox/client.ts';
import { connectRegistry, image } from '../sandbox/content/index.ts';
import { inSandbox, round } from './measure.ts';
import { manyImages } from './registry-content.ts';

const REPOSITORIES = 50;
const TAGS = 20;
const NEWS = { repository: 'team/service-007', tag: 'v2.0.0' };

interface SyncRun {
  readonly seconds: number;
  readonly result: StepResult;
  readonly sourceRequests: number;
  readonly targetRequests: number;
}

async function runSync(sandbox: SandboxHandle, folder: string): Promise<SyncRun> {
  const { description } = sandbox;
  await Promise.all([sandbox.resetRequests('source'), sandbox.resetRequests('target')]);
  const since = performance.now();
  const result = await runStep(
    {
      mode: 'full',
      artifacts: 'team/*:*',
      incremental: 'target',
      'transfer-name': 'nightly',
      ...sideInputs('source', description),
      ...sideInputs('target', description),
    },
    { folder, env: sandboxEnvironment(description) },
  );
  const seconds = (performance.now() - since) / 1000;
  const [source, target] = await Promise.all([sandbox.requests('source'), sandbox.requests('target')]);
  return { seconds, result, sourceRequests: source.registry, targetRequests: target.registry };
}

const outcomesOf = ({ outputs }: StepResult): readonly string[] => {
  const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    artifacts: readonly { reference: string; outcome: string }[];
  };
  return report.artifacts.filter(({ outcome }) => outcome === 'verified').map(({ reference }) => reference);
};

/** A sync of 1,000 artifacts with nothing new, and one with a single new artifact. */
export const benchSync = () =>
  inSandbox({}, async (sandbox, folder) => {
    const entries = manyImages(REPOSITORIES, TAGS);
    await Promise.all([sandbox.putManifests('source', entries), sandbox.putManifests('target', entries)]);
    const quiet = await runSync(sandbox, folder);
    const client = await connectRegistry(sandbox.description.source);
    await client.push(NEWS.repository, await image({ seed: 'news' }), NEWS.tag);
    client.close();
    const news = await runSync(sandbox, folder);
    // One listing for each repository, which is one page each here, and one page of the catalog at the source.
    const pages = REPOSITORIES;
    return {
      artifacts: entries.length,
      status: quiet.result.outputs['status'] ?? '',
      seconds: round(quiet.seconds),
      sourceRequests: quiet.sourceRequests,
      sourceBudget: 2 * REPOSITORIES + pages + 1,
      targetRequests: quiet.targetRequests,
      targetBudget: 2 * REPOSITORIES + pages,
      peakRssMb: round(quiet.result.peakRss / 1_000_000, 1),
      newsStatus: news.result.outputs['status'] ?? '',
      newsTransferred: Number(news.result.outputs['transferred']),
      newsArtifacts: outcomesOf(news.result).join(' '),
      newsExpected: `${NEWS.repository}:${NEWS.tag}`,
      newsSeconds: round(news.seconds),
    };
  });

/** Figures of the bench. */
export type SyncFigures = Awaited<ReturnType<typeof benchSync>>;
