/** From a selection to a saved plan, and the history of what was handed over. */
export { inspect, LOOKS_AT_A_TIME } from './inspect-artifact.ts';
export {
  announce,
  blockedFailures,
  countNamed,
  countSelected,
  plannedResults,
  planOutbound,
  type Outbound,
} from './plan-transfer.ts';
export type { Preparation } from './prepare.ts';
export { recordHandedOver, withEarlierBatches } from './record-history.ts';
