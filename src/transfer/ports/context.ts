/** Context of a transfer and of a stage; local files; provenance. */
import type { EventListener, Progress } from '../model/events.ts';
import type { SideRequest } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import type { BlobContainer } from './blob-container.ts';
import type { Clock } from './clock.ts';
import type { Hasher } from './hasher.ts';
import type { SideServices } from './side-services.ts';

/** Local files of the runner, for documents. */
export interface LocalFiles {
  /** Null if the file doesn't exist. */
  readonly read: (path: string) => Promise<string | null>;
  /** Files of the workspace that match a pattern, sorted by name. */
  readonly list: (pattern: string) => Promise<readonly string[]>;
  /** Writes to the folder of the transfer. Returns the absolute path. */
  readonly write: (name: string, text: string) => Promise<string>;
}

/** The workflow run that writes the documents. */
export interface Provenance {
  readonly repository: string;
  readonly commit: string;
  readonly workflow: string;
  /** URL of the attempt. */
  readonly run: string;
  readonly actor: string;
}

/** Context of a stage. */
export interface StageContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Records the pipeline run of the stage, as soon as it is known. */
  readonly onRun: (name: string) => void;
  /** Reports a note for the log, in one sentence. */
  readonly onNote: (text: string) => void;
}

/** Context of a transfer: services, files, clock, events, and signals. */
export interface TransferContext {
  readonly connect: (side: Side, request: SideRequest) => SideServices;
  /** Opens a directory as a container. */
  readonly directory: (path: string, side: Side) => BlobContainer;
  /** Starts the hasher. Called once, by transfers that read blobs. */
  readonly hashing: () => Hasher;
  readonly files: LocalFiles;
  readonly clock: Clock;
  readonly onEvent: EventListener;
  /** Null outside of a workflow run. */
  readonly provenance: Provenance | null;
  /** Aborts at the time limit (TimeoutError), or when the transfer is canceled. No new work starts after that. */
  readonly signal: AbortSignal;
  /** Aborts a few seconds later. Documents that aren't written by then are abandoned. */
  readonly ending: AbortSignal;
}
