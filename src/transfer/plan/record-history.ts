/** Records what was handed over in the history. */
import { ok, toResult, type Result } from '../errors/index.ts';
import { formatReference } from '../model/reference.ts';
import type { ArtifactStatus, BatchResult } from '../model/result.ts';
import { withDeadline } from '../resilience/deadline.ts';
import { addToHistory, type HistoryEntry } from './baseline/history.ts';
import type { PreparedPlan } from './plan-transfer.ts';
import { registryPairOf, type PlanContext } from './prepare.ts';

/** Outcomes that count as handed over: the artifact was exported, and this step saw no failure after that. */
const HANDED_OVER: readonly ArtifactStatus[] = ['exported', 'verified', 'unverified', 'present', 'present-unverified'];

function entriesOf({ batch, artifacts }: BatchResult, at: string, transferName: string): readonly HistoryEntry[] {
  const handedOver = new Set(
    artifacts.flatMap(({ reference, outcome }) => (HANDED_OVER.includes(outcome) ? [reference] : [])),
  );
  return batch.artifacts
    .filter(({ reference }) => handedOver.has(formatReference(reference)))
    .map(({ reference, digest, children }) => ({
      reference: formatReference(reference),
      digest,
      children: [...children],
      at,
      transferName,
    }));
}

/** Adds what was handed over to the history. Does nothing with another baseline. */
export function recordHistory(
  results: readonly BatchResult[],
  { incremental, documentName }: PreparedPlan,
  planContext: PlanContext,
): Promise<Result<void>> {
  const { clock, ending } = planContext.context;
  const now = new Date(clock.now()).toISOString();
  const entries = results.flatMap((result) => entriesOf(result, now, documentName));
  if (incremental !== 'history') return Promise.resolve(ok(undefined));
  return toResult(() =>
    withDeadline(ending, () =>
      addToHistory(planContext.source.container, registryPairOf(planContext), entries, { clock, signal: ending }),
    ),
  );
}
