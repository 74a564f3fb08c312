import { PRESENT, type BatchResult, type Outcome } from './carry.ts';
import type { Failure } from './failure.ts';
import type { Mode } from './request.ts';
import type { Provenance, ReportDocument } from './schemas.ts';

/** Everything that came of a transfer. Times in milliseconds since the epoch. */
export interface TransferResult {
  readonly mode: Mode;
  readonly transferName: string;
  /** Registry or container that it came from, and went to; null when the mode does not touch that side. */
  readonly from: string | null;
  readonly to: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Artifacts that were asked for. */
  readonly selected: number;
  readonly batches: readonly BatchResult[];
  /** What went wrong outside of batches. */
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  /** Paths of the documents that were written. */
  readonly paths: Readonly<Partial<Record<'plan' | 'manifest' | 'receipt', string | undefined>>>;
}

/** How many artifacts ended how. */
export type Counts = ReportDocument['counts'];

/** The verdict in one word. */
export type Status = ReportDocument['status'];

const ARRIVED: readonly Outcome[] = ['exported', 'handed-off', 'verified', 'unverified'];

/** Counts artifacts by what became of them. */
export function countOutcomes(result: TransferResult): Counts {
  const outcomes = result.batches.flatMap((batch) => batch.artifacts.map((artifact) => artifact.outcome));
  const transferred = outcomes.filter((outcome) => ARRIVED.includes(outcome)).length;
  const skipped = outcomes.filter((outcome) => PRESENT.includes(outcome)).length;
  const selected = Math.max(result.selected, outcomes.length);
  return { selected, transferred, skipped, failed: selected - transferred - skipped };
}

/** Every failure once, those of single artifacts last: the order in which a person should read them. */
export function allFailures(result: TransferResult): readonly Failure[] {
  const ofBatches = result.batches.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  const ofArtifacts = result.batches.flatMap(({ artifacts }) =>
    artifacts.flatMap(({ failure }) => (failure === null ? [] : [failure])),
  );
  const all = [...result.failures, ...ofBatches, ...ofArtifacts];
  return [...new Map(all.map((item) => [item.message, item])).values()];
}

/** Whether a batch has done anything but look. */
const hasMoved = ({ bytes, stages }: BatchResult): boolean =>
  bytes > 0 || stages.some(({ stage, outcome }) => stage === 'import' && outcome === 'done');

/** `succeeded` and `nothing-to-do` are green, `partial` and `failed` red. */
export function statusOf(result: TransferResult): Status {
  const { transferred, skipped, failed } = countOutcomes(result);
  const moved = transferred > 0 || result.batches.some(hasMoved);
  if (failed > 0 || allFailures(result).length > 0) return moved || skipped > 0 ? 'partial' : 'failed';
  return moved ? 'succeeded' : 'nothing-to-do';
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The report: the same facts as the job summary, for machines. */
export function reportDocument(result: TransferResult, provenance: Provenance | null): ReportDocument {
  return {
    kind: 'acr-transfer/report',
    version: 1,
    transferName: result.transferName,
    createdAt: iso(result.endedAt),
    mode: result.mode,
    status: statusOf(result),
    from: result.from,
    to: result.to,
    seconds: (result.endedAt - result.startedAt) / 1000,
    counts: countOutcomes(result),
    bytes: result.batches.reduce((sum, batch) => sum + batch.bytes, 0),
    provenance,
    batches: result.batches.map(({ batch, bytes, artifacts, stages }) => ({
      blob: batch.blob,
      bytes,
      artifacts: artifacts.length,
      stages: stages.map(({ stage, outcome, startedAt, endedAt }) => ({
        stage,
        outcome,
        startedAt: iso(startedAt),
        seconds: (endedAt - startedAt) / 1000,
      })),
    })),
    artifacts: result.batches.flatMap(({ batch, artifacts, failure }) =>
      artifacts.map((item) => ({
        reference: item.reference,
        digest: item.digest,
        size: item.size,
        outcome: item.outcome,
        failure: (item.failure ?? failure)?.facts.id ?? null,
        blob: batch.blob,
      })),
    ),
    failures: allFailures(result).map(({ facts }) => facts),
    warnings: [...result.warnings],
  };
}
