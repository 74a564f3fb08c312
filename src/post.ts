/** The post step of the transfer action: reports which pipeline runs continue after an interrupted step, and how to resume. */
import { readRequest } from './action/inputs/index.ts';
import { runnerInputs, secretInputs } from './action/runner/inputs.ts';
import { mask, print, printProxy } from './action/runner/log.ts';
import { writeSummary } from './action/runner/outputs.ts';
import { readStepState, type RecordedRun } from './action/runner/state.ts';
import { readInterruptedRuns, type InterruptedRun } from './transfer/pipelines/interrupted-runs.ts';
import { systemClock } from './transfer/ports/clock.ts';

const READ_TIMEOUT_SECONDS = 20;

async function readRuns(runs: readonly RecordedRun[]): Promise<readonly InterruptedRun[]> {
  const [{ connectSide }, { environmentProxy }, { jobIdToken }] = await Promise.all([
    import('./azure/connect.ts'),
    import('./azure/http/index.ts'),
    import('./action/runner/id-token.ts'),
  ]);
  printProxy(environmentProxy());
  return readInterruptedRuns(
    runs,
    readRequest(runnerInputs),
    (side, { request }) => connectSide(side, request, { idToken: jobIdToken, mask, clock: systemClock, log: print }),
    AbortSignal.timeout(READ_TIMEOUT_SECONDS * 1000),
  );
}

async function main(): Promise<void> {
  const stepState = readStepState();
  if (stepState === null || stepState.complete) return;
  secretInputs().forEach(mask);
  const unfinished = stepState.runs.filter(({ outcome }) => outcome !== 'done' && outcome !== 'skipped');
  const runs = unfinished.length === 0 ? [] : await readRuns(unfinished);
  const { interruptedLines, interruptedSummary } = await import('./action/report/index.ts');
  for (const line of interruptedLines(runs)) print(line);
  await writeSummary(interruptedSummary(runs));
}

await main().catch((error: unknown) => {
  // The step has reported its own error. An error of the post step must not hide it.
  print(`! The state of the pipeline runs could not be read: ${(error as Error).message}`);
});
process.stdout.write('', () => process.exit());
