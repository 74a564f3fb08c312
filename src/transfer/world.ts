import type { EventListener } from './events.ts';
import type { DocumentFiles } from './intake.ts';
import type { TransferResult } from './report.ts';
import type { SideRequest } from './request.ts';
import type { Provenance } from './schemas.ts';
import type { Hashing } from './hashing.ts';
import type { Clock, Side, SideServices } from './services.ts';
import type { BlobContainer } from './storage.ts';
import type { Failure } from './failure.ts';

/** The world that a transfer takes place in. */
export interface World {
  readonly connect: (side: Side, request: SideRequest) => SideServices;
  /** Opens a directory that serves as a container. */
  readonly directory: (path: string, side: Side) => BlobContainer;
  /** Starts what hashes; asked for once, by transfers that hand off. */
  readonly hashing: () => Hashing;
  readonly files: DocumentFiles;
  readonly clock: Clock;
  readonly onEvent: EventListener;
  readonly provenance: Provenance | null;
  /** Aborts at the time limit (TimeoutError), or when the transfer is cancelled: no new work. */
  readonly signal: AbortSignal;
  /** Aborts a little later: what has not been written by then is not waited for. */
  readonly ending: AbortSignal;
}

/** What a mode comes to; the rest of the result is the same for all. */
export interface ModeResult extends Omit<
  TransferResult,
  'mode' | 'transferName' | 'startedAt' | 'endedAt' | 'checks' | 'sides' | 'swept'
> {
  /** Where a plan or a transfer manifest that was given brings its own. */
  readonly transferName?: string;
}

/** A transfer that ended before any batch began. */
export const stoppedEarly = (failures: readonly Failure[], facts: Partial<ModeResult> = {}): ModeResult => ({
  from: null,
  to: null,
  selected: 0,
  planned: null,
  dryRun: false,
  batches: [],
  warnings: [],
  paths: {},
  ...facts,
  failures,
});
