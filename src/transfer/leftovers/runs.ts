/** Pipeline runs that transfers have left behind: the service keeps them until somebody removes them. */

/** A pipeline run, as far as it matters for removing it. */
export interface RunFacts {
  readonly name: string;
  readonly pipelineId: string;
  readonly ended: boolean;
  /** Milliseconds since the epoch; null when the service does not say. */
  readonly startedAt: number | null;
}

/** The names that this action gives to runs; nobody else's have this form. */
const OURS = /^(?:(?:export|import)[\da-f]{32}|trial[\da-f]{20})$/;

/**
 * Runs of a pipeline that this action has started, and that have ended.
 * @param before only those that started before, milliseconds since the epoch; null: all of them
 */
export const endedRuns = (runs: readonly RunFacts[], pipelineId: string, before: number | null): readonly RunFacts[] =>
  runs.filter(
    (run) =>
      run.ended &&
      OURS.test(run.name) &&
      run.pipelineId.toLowerCase() === pipelineId.toLowerCase() &&
      // How old a run is that does not say when it started, nobody knows.
      (before === null || (run.startedAt !== null && run.startedAt < before)),
  );

/** The runs of a registry, to be removed. */
export interface RunArchive {
  /** All of them, of every pipeline. */
  readonly list: () => Promise<readonly RunFacts[]>;
  /** Removes a run that has ended; the artifacts that it moved stay. */
  readonly remove: (name: string) => Promise<void>;
}
