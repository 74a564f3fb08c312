import type { BatchResult } from '../carry.ts';
import type { ReportDocument } from '../report-schema.ts';
import type { HandoffFacts } from './facts.ts';

type Interval = Pick<BatchResult['stages'][number], 'startedAt' | 'endedAt'>;

/** Milliseconds that are in at least one of the intervals. */
function covered(intervals: readonly Interval[]): number {
  let sum = 0;
  let until = -Infinity;
  for (const { startedAt, endedAt } of intervals.toSorted((a, b) => a.startedAt - b.startedAt)) {
    sum += Math.max(0, endedAt - Math.max(startedAt, until));
    until = Math.max(until, endedAt);
  }
  return sum;
}

const handedOff = (batches: readonly BatchResult[]): readonly HandoffFacts[] =>
  batches.flatMap(({ handoff }) => (handoff === null ? [] : [handoff]));

/**
 * What all handoffs of a transfer come to; null when there was none. Several go on at a time, and exports lie between them:
 * the seconds are those in which at least one blob was on its way.
 */
export function handoffTotals(batches: readonly BatchResult[]): ReportDocument['handoff'] {
  const facts = handedOff(batches);
  if (facts.length === 0) return null;
  const stages = batches
    .filter(({ handoff }) => handoff !== null)
    .flatMap((batch) => batch.stages.filter(({ stage }) => stage === 'handoff'));
  return {
    blobs: facts.length,
    methods: [...new Set(facts.map(({ method }) => method))].sort(),
    bytes: facts.reduce((sum, { bytes }) => sum + bytes, 0),
    reused: facts.reduce((sum, { reused }) => sum + reused, 0),
    seconds: covered(stages) / 1000,
  };
}
