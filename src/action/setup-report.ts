import * as core from '@actions/core';
import type { FailureFacts } from '../transfer/failure.ts';
import type { SetupResult } from '../transfer/setup/result.ts';
import { print, showProblems } from './log.ts';
import { tolerant, writeSummary } from './report.ts';
import { ownFacts } from './setup-names.ts';
import { setupHeadline, setupSummary } from './setup-summary.ts';
import { failureSummary } from './summary.ts';

const isoTime = (time: number | null): string => (time === null ? '' : new Date(time).toISOString());

function setOutputs(result: SetupResult | null): void {
  const changes = result?.changes ?? [];
  const outputs = {
    status: result?.status ?? 'failed',
    changed: changes.some(({ done }) => done),
    changes: JSON.stringify(changes),
    'pipeline-id': result?.pipelineId ?? '',
    'principal-id': result?.principalId ?? '',
    'sas-expires': isoTime(result?.sasExpiresAt ?? null),
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Tells what came of a setup: outputs first, so that they are set whatever happens after. */
export async function reportSetup(given: SetupResult): Promise<void> {
  const result = { ...given, failures: given.failures.map(ownFacts) };
  setOutputs(result);
  await tolerant('job summary', () => writeSummary(setupSummary(result)));
  print(setupHeadline(result));
  showProblems({ failures: result.failures, doubts: [], warnings: result.warnings });
  if (result.status === 'failed') process.exitCode = 1;
}

/** Tells of a failure before anything was begun. */
export async function reportSetupFailure(given: FailureFacts): Promise<void> {
  const facts = ownFacts(given);
  setOutputs(null);
  await tolerant('job summary', () => writeSummary(failureSummary(facts)));
  showProblems({ failures: [facts], doubts: [], warnings: [] });
  process.exitCode = 1;
}
