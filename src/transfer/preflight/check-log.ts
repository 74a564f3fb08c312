/** Collects check results, and emits each as an event. */
import type { TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import type { EventListener, Phase } from '../model/events.ts';
import type { Side } from '../model/side.ts';
import { errorsOf } from './check-results.ts';

/** The check results of one transfer. */
export interface CheckLog {
  /** Records results. Returns the errors among them, which prevent the transfer. */
  readonly note: (results: readonly CheckResult[]) => readonly TransferError[];
  readonly enter: (phase: Phase) => void;
  /** Records the container of a side. */
  readonly opened: (side: Side, uri: string) => void;
  readonly results: () => readonly CheckResult[];
  /** URIs of the recorded containers. */
  readonly containers: () => Readonly<Partial<Record<Side, string>>>;
}

/** Creates the check log of one transfer. */
export function createCheckLog(onEvent: EventListener): CheckLog {
  const recorded: CheckResult[] = [];
  const containers: Partial<Record<Side, string>> = {};
  return {
    note: (results) => {
      for (const finding of results) onEvent({ kind: 'checked', finding });
      recorded.push(...results);
      return errorsOf(results);
    },
    enter: (phase) => {
      onEvent({ kind: 'phase', phase });
    },
    opened: (side, uri) => {
      containers[side] = uri;
    },
    results: () => recorded,
    containers: () => containers,
  };
}
