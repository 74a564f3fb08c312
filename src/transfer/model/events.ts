import type { CheckResult } from './check-result.ts';

/** The stages that a batch goes through. `check` hashes the blob before an import that follows no handoff of this step. */
export type Stage = 'export' | 'handoff' | 'check' | 'import' | 'verify';

/** Outcome of a stage: `skipped` if its result already existed. */
export type StageOutcome = 'done' | 'skipped' | 'failed';

/** Phases of a transfer, in order. Batches run through their stages in the last phase. */
export type Phase = 'preflight' | 'plan' | 'transfer';

/** Events of a transfer, for live output. */
export type TransferEvent =
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'checked'; readonly finding: CheckResult }
  | { readonly kind: 'planned'; readonly batches: number; readonly artifacts: number; readonly bytes: number }
  | { readonly kind: 'stage-started'; readonly batch: number; readonly stage: Stage; readonly detail: string }
  | { readonly kind: 'message'; readonly batch: number | null; readonly text: string }
  | { readonly kind: 'stage-progress'; readonly batch: number; readonly stage: Stage; readonly progress: Progress }
  | {
      readonly kind: 'stage-ended';
      readonly batch: number;
      readonly stage: Stage;
      readonly outcome: StageOutcome;
      readonly seconds: number;
    };

/** Progress of a stage: pipeline runs report a percentage or null, copies report bytes, and so do checks of blobs. */
export type Progress =
  | { readonly unit: 'hashed bytes'; readonly done: number; readonly total: number }
  | { readonly unit: 'percent'; readonly done: number | null }
  | {
      readonly unit: 'bytes';
      readonly done: number;
      readonly total: number;
      /** Bytes of `done` that an earlier attempt copied. */
      readonly reused?: number;
    };

/** Receives events. Must not throw. */
export type EventListener = (event: TransferEvent) => void;
