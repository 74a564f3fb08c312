import type { TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import type { EventListener, Phase } from '../model/events.ts';
import type { Side } from '../model/side.ts';
import { errorsOf } from './check-results.ts';

/** Keeps what was found, and tells it as it is found. */
export interface CheckLog {
  /** Takes findings up; the failures among them that stand against going on. */
  readonly note: (findings: readonly CheckResult[]) => readonly TransferError[];
  readonly enter: (phase: Phase) => void;
  /** Takes up the container of a side, once it is known. */
  readonly opened: (side: Side, uri: string) => void;
  readonly findings: () => readonly CheckResult[];
  /** URIs of the containers that are known. */
  readonly containers: () => Readonly<Partial<Record<Side, string>>>;
}

/** Opens the journal of one transfer. */
export function createCheckLog(onEvent: EventListener): CheckLog {
  const kept: CheckResult[] = [];
  const containers: Partial<Record<Side, string>> = {};
  return {
    note: (findings) => {
      for (const finding of findings) onEvent({ kind: 'checked', finding });
      kept.push(...findings);
      return errorsOf(findings);
    },
    enter: (phase) => {
      onEvent({ kind: 'phase', phase });
    },
    opened: (side, uri) => {
      containers[side] = uri;
    },
    findings: () => kept,
    containers: () => containers,
  };
}
