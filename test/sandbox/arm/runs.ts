import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RunFailure } from '../contracts.ts';
import type { RunOrder, RunOutcome, TransferEngine } from '../contracts.ts';
import type { CloudSettings } from '../description.ts';
import { accessOf } from './pipelines.ts';
import { withTag } from './run-request.ts';
import type { RunTask } from './run-request.ts';
import { timestamp } from './system-data.ts';
import type { TransferLog } from './transfer-log.ts';

/** A run. */
export interface Run {
  readonly name: string;
  readonly id: string;
  readonly task: RunTask;
  /** `pipelineruns-GUID`, the last part of its operation status. */
  readonly operation: string;
  readonly startTime: string;
  /** Time at which the source trigger started it. */
  readonly triggeredAt: string | undefined;
  /** Its current state. */
  readonly state: () => RunState;
}

/** The states of a run. */
export type RunState =
  | { readonly kind: 'Creating'; readonly percentage: number }
  | { readonly kind: 'Succeeded'; readonly finishTime: string; readonly outcome: RunOutcome }
  | { readonly kind: 'Failed'; readonly finishTime: string; readonly message: string };

/** The runs of one registry. */
export interface RunStore {
  /** Starts a run. It replaces a run of the same name. */
  readonly start: (name: string, task: RunTask, triggered?: boolean) => Run;
  readonly get: (name: string) => Run | undefined;
  readonly remove: (name: string) => boolean;
  /** Oldest first. A repeated run counts as new. */
  readonly list: () => readonly Run[];
  /** Drops the runs in progress. */
  readonly close: () => void;
}

/** Everything that runs need. */
export interface RunStoreParts {
  readonly engine: TransferEngine;
  readonly transfers: TransferLog;
  readonly settings: () => CloudSettings['runs'];
  /** Resource ID of the registry. */
  readonly registryId: string;
}

const failed = (message: string): RunState => ({ kind: 'Failed', finishTime: timestamp(), message });

/** Percentage by the count of the engine, delayed if the run must take longer. Never 100 before the end. */
function percentage(ofEngine: number, startedAt: number, seconds: number): number {
  const ofTime = seconds === 0 ? 100 : ((Date.now() - startedAt) / (seconds * 1000)) * 100;
  return Math.floor(Math.min(ofEngine, ofTime, 99));
}

/** The k-th run takes the k-th value, and the last value repeats. A new list starts again at its first value. */
function durations(settings: () => CloudSettings['runs']): () => number {
  let list: readonly number[] = [];
  let started = 0;
  return () => {
    const { seconds } = settings();
    if (seconds !== list) [list, started] = [seconds, 0];
    const value = list[Math.min(started, list.length - 1)] ?? 0;
    started += 1;
    return value;
  };
}

/** The operation of a run name. */
interface Assignment {
  readonly name: string;
  readonly task: RunTask;
  readonly bySourceTrigger: boolean;
}

function orderOf({ pipeline, blobName, request }: RunTask, progress: RunOrder['progress']): RunOrder {
  return {
    kind: pipeline.kind === 'exportPipelines' ? 'export' : 'import',
    containerUri: pipeline.container.uri,
    access: accessOf(pipeline),
    options: pipeline.options ?? [],
    blobName,
    artifacts: (request.request.artifacts ?? []).map(withTag),
    progress,
  };
}

/** Waits for the work and for the duration of the run. */
async function lasting(work: Promise<RunOutcome>, seconds: number, signal: AbortSignal): Promise<RunOutcome> {
  const [result] = await Promise.allSettled([work, pause(seconds * 1000, undefined, { signal })]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** The state of a run: unfinished until its work has ended. */
function stateBy(work: Promise<RunOutcome>, unfinished: () => RunState): Run['state'] {
  let end: RunState | undefined;
  work.then(
    (outcome) => {
      end = { kind: 'Succeeded', finishTime: timestamp(), outcome };
    },
    (error: unknown) => {
      end = failed(error instanceof Error ? error.message : String(error));
    },
  );
  return () => end ?? unfinished();
}

/** Creates an empty store. */
export function createRunStore({ engine, transfers, settings, registryId }: RunStoreParts): RunStore {
  const runs = new Map<string, Run>();
  const closing = new AbortController();
  const nextDuration = durations(settings);
  const key = (name: string): string => name.toLowerCase();

  const begin = ({ name, task, bySourceTrigger }: Assignment, progress: RunOrder['progress']): Promise<RunOutcome> => {
    const order = orderOf(task, progress);
    const { kind, blobName: blob, artifacts } = order;
    return transfers.follow({ kind, run: name, blob, artifacts, bySourceTrigger }, engine.run(order));
  };

  const execute = (assignment: Assignment): Run['state'] => {
    const { failAtOnce, failLate } = settings();
    if (failAtOnce !== null) {
      const state = failed(failAtOnce);
      return () => state;
    }
    const [seconds, startedAt] = [nextDuration(), Date.now()];
    let ofEngine = 0;
    const progress = (value: number): void => {
      ofEngine = value;
    };
    const work = failLate === null ? begin(assignment, progress) : Promise.reject(new RunFailure(failLate));
    return stateBy(lasting(work, seconds, closing.signal), () => ({
      kind: 'Creating',
      percentage: percentage(ofEngine, startedAt, seconds),
    }));
  };

  return {
    start: (name, task, triggered = false) => {
      const now = timestamp();
      const run: Run = {
        name,
        id: `${registryId}/pipelineRuns/${name}`,
        task,
        operation: `pipelineruns-${randomUUID()}`,
        startTime: now,
        triggeredAt: triggered ? now : undefined,
        state: execute({ name, task, bySourceTrigger: triggered }),
      };
      runs.delete(key(name));
      runs.set(key(name), run);
      return run;
    },
    get: (name) => runs.get(key(name)),
    remove: (name) => runs.delete(key(name)),
    list: () => [...runs.values()],
    close: () => {
      closing.abort();
      runs.clear();
    },
  };
}
