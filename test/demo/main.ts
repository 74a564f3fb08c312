/**
 * `npm run demo`: the main job on two local clouds. The built action runs as on a runner: first in one step, then export,
 * handoff and import as three processes that share only files and storage.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStep, sandboxEnvironment, sideInputs, type Inputs, type StepResult } from '../e2e/runner.ts';
import { spawnSandbox } from '../sandbox/client.ts';
import type { SandboxDescription } from '../sandbox/description.ts';
import { digestsAt } from './check.ts';
import { pushReleases, type Released } from './content.ts';
import { heading, showLine, showTable } from './screen.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, '.demo');
const ARTIFACTS_PER_RUN = '5';

const lines = (artifacts: readonly Released[]): string => artifacts.map(({ line }) => line).join('\n');

type Step = (name: string, inputs: Inputs) => Promise<StepResult>;

const stepRunner =
  (sandbox: SandboxDescription): Step =>
  async (name, inputs) => {
    heading(`uses: acr-transfer · mode: ${inputs['mode'] ?? ''}`);
    const folder = join(FOLDER, 'steps', name);
    const result = await runStep(inputs, {
      folder,
      env: sandboxEnvironment(sandbox),
      runId: name === 'full' ? '1001' : '1002',
      onLine: showLine,
    });
    console.log(`  exit status ${result.exitCode ?? 'none'}, status: ${result.outputs['status'] ?? 'none'}`);
    return result;
  };

/** The transfer in one step. */
const runFull = (sandbox: SandboxDescription, artifacts: readonly Released[], step: Step): Promise<StepResult> =>
  step('full', {
    mode: 'full',
    artifacts: lines(artifacts),
    'max-artifacts-per-run': ARTIFACTS_PER_RUN,
    ...sideInputs('source', sandbox),
    ...sideInputs('target', sandbox),
  });

/** Three steps, as on three runners: only blobs and the transfer manifest are transferred. */
async function runApart(
  sandbox: SandboxDescription,
  artifacts: readonly Released[],
  step: Step,
): Promise<readonly StepResult[]> {
  const source = sideInputs('source', sandbox, 'secret', 'sasToken');
  const target = sideInputs('target', sandbox, 'oidc', 'sasToken');
  const exported = await step('export', { mode: 'export', artifacts: lines(artifacts), ...source });
  const handedOff = await step('handoff', {
    mode: 'handoff',
    'source-container': sandbox.source.storage.containerUri,
    'target-container': sandbox.target.storage.containerUri,
    'source-sas': sandbox.source.storage.containerSas,
    'target-sas': sandbox.target.storage.containerSas,
  });
  const imported = await step('import', { mode: 'import', ...target });
  return [exported, handedOff, imported];
}

/** Writes the summary and the outputs. */
function keepDocuments(full: StepResult, steps: readonly StepResult[]): void {
  writeFileSync(join(FOLDER, 'summary.md'), [full, ...steps].map(({ summary }) => summary).join('\n'));
  for (const name of ['report', 'plan', 'receipt'] as const) {
    const path = full.outputs[name] ?? '';
    if (existsSync(path)) copyFileSync(path, join(FOLDER, `${name}.json`));
  }
}

async function demo(sandbox: SandboxDescription, since: number): Promise<void> {
  heading('A build pushes two releases to the source registry');
  const { first, next } = await pushReleases(sandbox.source);
  console.log(`  ${first.length + next.length} artifacts in ${sandbox.source.registry.loginServer}`);

  const step = stepRunner(sandbox);
  const full = await runFull(sandbox, first, step);
  const apart = await runApart(sandbox, next, step);
  keepDocuments(full, apart);

  heading('What the target registry has now, asked by another client');
  const released = [...first, ...next];
  const found = await digestsAt(sandbox.target, released);
  showTable(released, found);

  const there = released.filter(({ digest }, index) => found[index] === digest).length;
  const verified = [full, ...apart.slice(-1)].reduce((sum, { outputs }) => sum + Number(outputs['transferred']), 0);
  const seconds = Math.round((performance.now() - since) / 1000);
  console.log(`\ndemo: transferred ${there} of ${released.length}, verified ${verified}, in ${seconds} s`);
  const green = [full, ...apart].every(({ exitCode }) => exitCode === 0);
  if (!green || there < released.length || verified < released.length) process.exitCode = 1;
}

// An explicit exit, so that a running step is stopped too. The sandbox ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const since = performance.now();
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
heading('Two clouds that do not trust each other');
// Runs take as long as the machine needs, and are polled every second.
const sandbox = await spawnSandbox({ settings: { runs: { seconds: [0], retryAfterSeconds: 1 } } });
try {
  for (const side of ['source', 'target'] as const) {
    const { arm, registry, storage } = sandbox.description[side];
    console.log(`  ${side}: ARM ${arm} · registry ${registry.loginServer} · storage ${storage.endpoint}`);
  }
  await demo(sandbox.description, since);
} finally {
  await sandbox.stop();
}
