import type { CheckResult } from './check-result.ts';

/** The stages that a batch goes through. */
export type Stage = 'export' | 'handoff' | 'import' | 'verify';

/** How a stage ended: `skipped` when everything it would do was there already. */
export type StageOutcome = 'done' | 'skipped' | 'failed';

/** The parts of a transfer, one after another; batches go through their stages within the last. */
export type Phase = 'preflight' | 'plan' | 'transfer';

/** What happens during a transfer, for whoever shows it. */
export type TransferEvent =
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'checked'; readonly finding: CheckResult }
  | { readonly kind: 'planned'; readonly batches: number; readonly artifacts: number; readonly bytes: number }
  | { readonly kind: 'stage-started'; readonly batch: number; readonly stage: Stage; readonly detail: string }
  | { readonly kind: 'said'; readonly batch: number | null; readonly text: string }
  | { readonly kind: 'stage-progress'; readonly batch: number; readonly stage: Stage; readonly progress: Progress }
  | {
      readonly kind: 'stage-ended';
      readonly batch: number;
      readonly stage: Stage;
      readonly outcome: StageOutcome;
      readonly seconds: number;
    };

/** How far a stage is: pipeline runs tell a percentage (or nothing), copies tell bytes. */
export type Progress =
  | { readonly unit: 'percent'; readonly done: number | null }
  | {
      readonly unit: 'bytes';
      readonly done: number;
      readonly total: number;
      /** Of those done, bytes that an earlier attempt had brought. */
      readonly reused?: number;
    };

/** Hears what happens. Must not throw. */
export type EventListener = (event: TransferEvent) => void;
