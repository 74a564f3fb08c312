import { setImmediate as turn } from 'node:timers/promises';
import type {
  PipelineRun,
  PipelineRuns,
  RunArchive,
  RunFacts,
  RunRequest,
  RunState,
  SucceededState,
} from '../../../../src/transfer/ports/pipelines.ts';

/** The final state of a run. */
export type Engine = (order: RunRequest) => RunState;

/** The pipeline runs of a pipeline, in memory. */
export interface MemoryRuns extends PipelineRuns {
  /** Every order that was given, in order. */
  readonly started: readonly { readonly name: string; readonly order: RunRequest; readonly again: boolean }[];
  /** Adds a run of another client. */
  readonly add: (run: PipelineRun) => void;
  /** The stored runs. A test can add runs of other clients. */
  readonly archive: RunArchive & { readonly kept: RunFacts[] };
  /** The largest number of runs that were under way together. */
  readonly mostAtATime: () => number;
}

const RUNNING: RunState = { kind: 'running', percentage: 20 };

/** A run at one moment. */
export const runAt = (
  name: string,
  state: RunState,
  blob: string | null = null,
  startedAt: number | null = null,
): PipelineRun => ({
  name,
  blob,
  state,
  retryAfterSeconds: null,
  correlationId: 'run-correlation',
  startedAt,
});

/** A run that has brought nothing in particular. */
export const SUCCEEDED: SucceededState = { kind: 'succeeded', importedArtifacts: [] };

/**
 * Creates the runs of a pipeline. Like the service, it repeats an identical request only if the request asks for it.
 * @param engine does the work when a run ends
 * @param looks at a run before it ends
 */
export function memoryRuns(engine: Engine, looks = 2): MemoryRuns {
  const runs = new Map<string, { run: PipelineRun; order: RunRequest | null; left: number }>();
  const started: { name: string; order: RunRequest; again: boolean }[] = [];
  let most = 0;
  const kept: RunFacts[] = [];
  return {
    archive: {
      kept,
      list: () => turn([...kept]),
      remove: async (name) => {
        await turn();
        kept.splice(
          kept.findIndex((run) => run.name === name),
          1,
        );
      },
    },
    started,
    mostAtATime: () => most,
    add: (run) => {
      runs.set(run.name, { run, order: null, left: looks });
    },
    find: async (name) => {
      await turn();
      const kept = runs.get(name);
      if (kept === undefined) return null;
      kept.left -= 1;
      if (kept.left <= 0 && kept.order !== null && kept.run.state.kind === 'running') {
        kept.run = { ...kept.run, state: engine(kept.order) };
      }
      return kept.run;
    },
    start: async (name, order, again) => {
      started.push({ name, order, again });
      await turn();
      const kept = runs.get(name);
      if (kept !== undefined && !again) return kept.run;
      const run = runAt(name, looks === 0 ? engine(order) : RUNNING, order.blob);
      runs.set(name, { run, order, left: looks });
      most = Math.max(most, [...runs.values()].filter((item) => item.run.state.kind === 'running').length);
      return run;
    },
    list: () => turn([...runs.values()].map(({ run }) => run)),
  };
}
