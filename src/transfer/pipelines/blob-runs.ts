/** The runs of a blob: finds runs that the source trigger started, and the import of a blob that was deleted since. */
import type { Batch } from '../model/artifact.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineRun, PipelineRuns } from '../ports/pipelines.ts';

/** Only runs that the source trigger starts have an underscore in their name. Users can't name a run so (service spec). */
const TRIGGER_SEPARATOR = '_';

const isTriggered = ({ name }: PipelineRun): boolean => name.includes(TRIGGER_SEPARATOR);

const tryDecode = (uri: string): string => {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
};

/** Whether a run is about a blob. A run describes its blob by name or by URI. */
const isRunOf = ({ blob: location }: PipelineRun, blob: string, { uri }: BlobContainer): boolean =>
  location !== null && (location === blob || tryDecode(location) === `${uri}/${blob}`);

/** The run that started last. Of runs without a start time, the last in the list. */
const newest = (runs: readonly PipelineRun[]): PipelineRun | null =>
  runs.reduce<PipelineRun | null>(
    (found, run) => (found === null || (run.startedAt ?? 0) >= (found.startedAt ?? 0) ? run : found),
    null,
  );

/**
 * Lists the runs of a pipeline for all batches together. A list has every run of the registry, so a list for each batch would
 * multiply the requests.
 */
export interface RunListing {
  /** A list that is at most two seconds old. */
  readonly recent: () => Promise<readonly PipelineRun[]>;
  /** The next list after a wait. Callers that wait at the same time share it. Rejects with the reason of the signal. */
  readonly next: (seconds: number, signal: AbortSignal) => Promise<readonly PipelineRun[]>;
}

interface Listed {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly runs: Promise<readonly PipelineRun[]>;
}

const MAX_AGE_SECONDS = 2;

/** Creates the listing of a pipeline's runs. */
export function createRunListing(runs: Pick<PipelineRuns, 'list'>, clock: Clock): RunListing {
  let last: Listed | null = null;
  let waiting: Listed | null = null;
  const list = (): Promise<readonly PipelineRun[]> => {
    const listed = { at: clock.now(), runs: runs.list() };
    // A failed list isn't kept. The caller handles the error.
    listed.runs.catch(() => {
      if (last === listed) last = null;
    });
    last = listed;
    return listed.runs;
  };
  return {
    recent: () => (last !== null && clock.now() - last.at <= MAX_AGE_SECONDS * 1000 ? last.runs : list()),
    next: (seconds, signal) => {
      const at = clock.now() + seconds * 1000;
      if (waiting !== null && waiting.at <= at) return waiting.runs;
      const own: Listed = { at, runs: clock.sleep(seconds, signal).then(list) };
      const clear = (): void => {
        if (waiting === own) waiting = null;
      };
      own.runs.then(clear, clear);
      waiting = own;
      return own.runs;
    },
  };
}

/** The clocks of two services can differ by this much. */
const MAX_CLOCK_SKEW_MILLISECONDS = 60_000;

/**
 * Finds the run that the source trigger started for a blob; null if there is none yet. A run that started before the blob
 * was written was for an older blob of the same name. If the blob doesn't exist, the newest run counts, because it might
 * have deleted the blob.
 */
export async function triggeredRun(
  listed: readonly PipelineRun[],
  container: BlobContainer,
  { blob }: Batch,
): Promise<PipelineRun | null> {
  const run = newest(listed.filter((item) => isTriggered(item) && isRunOf(item, blob, container)));
  if (run === null || run.startedAt === null) return run;
  const writtenAt = (await container.find(blob))?.modifiedAt ?? 0;
  return run.startedAt + MAX_CLOCK_SKEW_MILLISECONDS >= writtenAt ? run : null;
}

/** Finds the newest run that has imported a blob, started by the action or the source trigger; null if there is none. */
export const succeededRun = (
  listed: readonly PipelineRun[],
  container: BlobContainer,
  { blob }: Batch,
): PipelineRun | null =>
  newest(listed.filter((run) => run.state.kind === 'succeeded' && isRunOf(run, blob, container)));
