/** Everything a transfer or a stage is given; local files; provenance. */
import type { EventListener, Progress } from '../model/events.ts';
import type { SideRequest } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import type { BlobContainer } from './blob-container.ts';
import type { Clock } from './clock.ts';
import type { Hasher } from './hasher.ts';
import type { SideServices } from './side-services.ts';

/** Where documents are kept on this runner. */
export interface LocalFiles {
  /** Null when there is no such file. */
  readonly read: (path: string) => Promise<string | null>;
  /** Files of the workspace that a pattern matches, in the order of their names. */
  readonly list: (pattern: string) => Promise<readonly string[]>;
  /** Writes into the transfer's own folder and returns the absolute path. */
  readonly write: (name: string, text: string) => Promise<string>;
}

/** The workflow run that writes the documents; null outside of one. */
export interface Provenance {
  readonly repository: string;
  readonly commit: string;
  readonly workflow: string;
  /** URL of the attempt. */
  readonly run: string;
  readonly actor: string;
}

/** What a stage's work is handed. */
export interface StageContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Something that a person should know, in a sentence. */
  readonly onNote: (text: string) => void;
}

/** The world that a transfer takes place in. */
export interface TransferContext {
  readonly connect: (side: Side, request: SideRequest) => SideServices;
  /** Opens a directory that serves as a container. */
  readonly directory: (path: string, side: Side) => BlobContainer;
  /** Starts what hashes; asked for once, by transfers that hand off. */
  readonly hashing: () => Hasher;
  readonly files: LocalFiles;
  readonly clock: Clock;
  readonly onEvent: EventListener;
  readonly provenance: Provenance | null;
  /** Aborts at the time limit (TimeoutError), or when the transfer is cancelled: no new work. */
  readonly signal: AbortSignal;
  /** Aborts a little later: what has not been written by then is not waited for. */
  readonly ending: AbortSignal;
}
