/** From a selection to a saved plan, and the history of what was handed over. */
export { inspectArtifact, MAX_CONCURRENT_READS } from './inspect-artifact.ts';
export {
  blockedErrors,
  countNamed,
  countSelected,
  emitPlanned,
  plannedResults,
  planTransfer,
  type PreparedPlan,
} from './plan-transfer.ts';
export type { PlanContext } from './prepare.ts';
export { recordHistory } from './record-history.ts';
