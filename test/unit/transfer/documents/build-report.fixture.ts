/** Results of transfers. */
import { transferError, type TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { Plan, PlannedArtifact, PlannedBatch, Skipped } from '../../../../src/transfer/model/plan.ts';
import type {
  ArtifactResult,
  ArtifactStatus,
  BatchResult,
  HandoffFacts,
  TransferResult,
} from '../../../../src/transfer/model/result.ts';
import { digestOf } from '../ports/registry.fixture.ts';

/** Start of every transfer, milliseconds since the epoch. */
export const START = Date.UTC(2026, 0, 1);
/** An error of a run. */
export const broken = (run = 'export1'): TransferError => transferError('ACRT4001', { run, reason: 'broken' });

/** The result of an artifact. */
export const artifact = (outcome: ArtifactStatus, why: TransferError | null = null): ArtifactResult => ({
  reference: 'team/api:v1',
  digest: digestOf('api'),
  size: 1110,
  outcome,
  failure: why,
});

/** The result of a batch with these artifact statuses. */
export const batch = (outcomes: readonly ArtifactStatus[], changes: Partial<BatchResult> = {}): BatchResult => ({
  batch: { index: 1, blob: 'nightly-1.tar', artifacts: [], bytes: 0 },
  stages: [{ stage: 'export', outcome: 'done', startedAt: START, endedAt: START + 1500 }],
  artifacts: outcomes.map((outcome) => artifact(outcome)),
  blob: null,
  bytes: 0,
  handoff: null,
  failure: null,
  ...changes,
});

/** The result of a transfer with these batches. */
export const result = (batches: readonly BatchResult[], changes: Partial<TransferResult> = {}): TransferResult => ({
  mode: 'full',
  transferName: 'nightly',
  from: 'source.azurecr.io',
  to: 'target.azurecr.us',
  startedAt: START,
  endedAt: START + 10_000,
  selected: 0,
  batches,
  failures: [],
  warnings: [],
  checks: [],
  planned: null,
  dryRun: false,
  paths: {},
  ...changes,
});

function reasonOf(kind: Skipped['reason']['kind']): Skipped['reason'] {
  switch (kind) {
    case 'excluded':
      return { kind, by: 'line 2' };
    case 'blocked':
      return { kind, failure: broken('none') };
    default:
      return { kind };
  }
}

const skipped = (kind: Skipped['reason']['kind'], index: number): Skipped => ({
  reference: { kind: 'tag', repository: 'team/web', tag: `v${index}` },
  digest: digestOf(`web ${index}`),
  mediaType: null,
  size: null,
  where: 'line 1',
  reason: reasonOf(kind),
});

/** A result with a plan that skips artifacts. Blocked artifacts are errors of the result too. */
export function planning(
  batches: readonly BatchResult[],
  kinds: readonly Skipped['reason']['kind'][] = [],
  changes: Partial<TransferResult> = {},
): TransferResult {
  const items = kinds.map(skipped);
  const artifacts: PlannedArtifact[] = [
    {
      reference: { kind: 'tag', repository: 'team/api', tag: 'v1' },
      digest: digestOf('api'),
      mediaType: 'x',
      size: 1110,
      children: [],
      subject: null,
      where: 'line 1',
      reason: { kind: 'changed', was: digestOf('before') },
    },
  ];
  const planned: PlannedBatch = { index: 1, blob: 'nightly-1.tar', artifacts, bytes: 20 };
  const plan: Plan = { batches: [planned], skipped: items, bytes: { planned: 20, naive: 30, least: 10 } };
  return result(batches, {
    selected: batches.length + items.filter(({ reason }) => !['excluded', 'deleted'].includes(reason.kind)).length,
    failures: items.flatMap(({ reason }) => (reason.kind === 'blocked' ? [reason.failure] : [])),
    planned: { plan, incremental: 'target' },
    ...changes,
  });
}

/** The same for a dry run. */
export const dryRun = (
  batches: readonly BatchResult[],
  kinds: readonly Skipped['reason']['kind'][] = [],
): TransferResult => planning(batches, kinds, { dryRun: true });

/** Facts of a handoff. */
export const facts = (bytes: number, reused = 0, method: HandoffFacts['method'] = 'server'): HandoffFacts => ({
  method,
  bytes,
  reused,
  seconds: 2,
});
