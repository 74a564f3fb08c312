/** The post part of the transfer action: after a step that was ended in the middle it says what goes on, and how to go on. */
import { readRequest } from './action/inputs/index.ts';
import { runnerInputs, secretInputs } from './action/runner/inputs.ts';
import { mask, print } from './action/runner/log.ts';
import { writeSummary } from './action/runner/outputs.ts';
import { readStepState, type RecordedRun } from './action/runner/state.ts';
import { readInterruptedRuns, type InterruptedRun } from './transfer/pipelines/interrupted-runs.ts';
import { systemClock } from './transfer/ports/clock.ts';

const LOOK_SECONDS = 20;

async function readRuns(runs: readonly RecordedRun[]): Promise<readonly InterruptedRun[]> {
  const [{ connectSide }, { jobIdToken }] = await Promise.all([
    import('./azure/connect.ts'),
    import('./action/runner/id-token.ts'),
  ]);
  return readInterruptedRuns(
    runs,
    readRequest(runnerInputs),
    (side, { request }) => connectSide(side, request, { idToken: jobIdToken, mask, clock: systemClock }),
    AbortSignal.timeout(LOOK_SECONDS * 1000),
  );
}

async function main(): Promise<void> {
  const journal = readStepState();
  if (journal === null || journal.complete) return;
  secretInputs().forEach(mask);
  const open = journal.runs.filter(({ outcome }) => outcome !== 'done' && outcome !== 'skipped');
  const runs = open.length === 0 ? [] : await readRuns(open);
  const { interruptedLines, interruptedSummary } = await import('./action/report/index.ts');
  for (const line of interruptedLines(runs)) print(line);
  await writeSummary(interruptedSummary(runs));
}

await main().catch((error: unknown) => {
  // The step has told what went wrong; this part must not hide it behind another failure.
  print(`! What goes on in Azure could not be told: ${(error as Error).message}`);
});
process.stdout.write('', () => process.exit());
