/** Options of a run, and the state that its jobs share. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import type { ArtifactStore } from './artifacts.ts';
import type { Held, Turns } from './concurrency.ts';
import type { GivenInputs } from './inputs.ts';
import type { Masks } from './masks.ts';
import type { Workflow } from './model.ts';
import type { Permissions } from './permissions.ts';
import type { JobResult, RunResult } from './result.ts';
import type { StandIn } from './stand-ins/stand-in.ts';
import type { ValueObject } from './value.ts';

/** Variables or secrets by name. */
export type Named = Readonly<Record<string, string>>;

/** A job that waits for its environment. */
export interface Gate {
  readonly environment: string;
  /** Id of the job, as in its result. */
  readonly job: string;
}

/** Options of a run. */
export interface RunOptions {
  /** A folder of this run, or of several runs that share artifacts. */
  readonly folder: string;
  /** The event. Absent: `workflow_dispatch`. */
  readonly event?: string;
  /** `github.event`. */
  readonly payload?: ValueObject;
  /** Inputs of a `workflow_dispatch`. */
  readonly inputs?: GivenInputs;
  readonly vars?: Named;
  readonly secrets?: Named;
  /** Variables and secrets of environments. */
  readonly environments?: Readonly<Record<string, { readonly vars?: Named; readonly secrets?: Named }>>;
  /** `owner/name` of the repository of the run. Absent: `contoso/shop`. */
  readonly repository?: string;
  /** Absent: `refs/heads/main`. */
  readonly ref?: string;
  readonly runId?: string;
  readonly attempt?: number;
  /** Results of an earlier attempt. Its succeeded jobs aren't run again, unless they need a job that is. */
  readonly previous?: RunResult;
  /** Default permissions of tokens. Absent: the restricted default. */
  readonly defaultPermissions?: Permissions;
  /** Texts of additional workflow files, by `owner/name/path`. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** A folder that actions/checkout copies to the workspace. Absent: nothing is copied. */
  readonly checkout?: string;
  /** The environment of every runner. */
  readonly env?: Named;
  /** Additional variables of some runners, by a label of `runs-on`. */
  readonly machines?: Readonly<Record<string, Named>>;
  /** Folders with programs for steps, before those of this machine: an emulated `gh` or `az`. */
  readonly path?: readonly string[];
  /** The id-token service of a sandbox. Jobs with `id-token: write` can reach it, and get tokens with their own subject. */
  readonly idToken?: { readonly url: string; readonly token: string };
  /**
   * Replaces the clouds that a workflow names: the ARM endpoint of a sandbox by the name of a cloud. If both sides are in one cloud, also by
   * an input (`target-cloud: azurecloud`).
   */
  readonly clouds?: Named;
  /** Whether a job can enter its environment. Absent: each job can. */
  readonly approve?: (gate: Gate) => boolean | Promise<boolean>;
  /** Pushes an image for docker/build-push-action with these tags, `registry/repository:tag`. Resolves to its digest. */
  readonly push?: (tags: readonly string[]) => Promise<string>;
  /** Emulations of more actions, or replacements, by `owner/name`. */
  readonly actions?: Readonly<Record<string, StandIn>>;
  /** Maximum number of jobs at a time. Absent: 4. */
  readonly runners?: number;
  /** Cancels the run, as a user would. */
  readonly cancelled?: AbortSignal;
  /** Is called with every line of every log. */
  readonly onLine?: (line: string, job: string) => void;
}

/** The state that the jobs of a run share. */
export interface Run {
  readonly options: RunOptions;
  readonly repository: string;
  readonly runId: string;
  readonly attempt: number;
  /** The `github` context without the values of a job. */
  readonly github: ValueObject;
  readonly masks: Masks;
  readonly artifacts: ArtifactStore;
  /** Runners. A job with steps needs one. */
  readonly runners: LimitFunction;
  readonly turns: Turns;
  /** Creates a folder for the machine of a job. */
  readonly machineFolder: () => string;
}

/** A leg that calls a workflow. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly matrix: ValueObject | null;
}

/** A workflow in a run: the started one, or one that it calls. */
export interface Frame {
  readonly run: Run;
  readonly workflow: Workflow;
  readonly inputs: ValueObject;
  readonly secrets: Named;
  /** Maximum permissions of its jobs. */
  readonly allowed: Permissions;
  /** The legs that have called it, outermost first. */
  readonly callers: readonly Caller[];
  readonly held: Held;
  /** Results of an earlier attempt, by key. Empty if everything runs. */
  readonly earlier: ReadonlyMap<string, JobResult>;
  readonly cancelled: AbortSignal;
}

/** Ids of called jobs include those of their callers, as on GitHub. */
export const fullId = ({ callers }: Frame, id: string): string =>
  [...callers.map((caller) => caller.id), id].join(' / ');

/** Names of called jobs include those of their callers too. */
export const fullName = ({ callers }: Frame, name: string): string =>
  [...callers.slice(-1).map((caller) => caller.name), name].join(' / ');

/** The key of a leg, see `JobResult`. */
export const keyOf = ({ callers }: Frame, id: string, matrix: ValueObject | null): string =>
  JSON.stringify([...callers.map((caller) => [caller.id, caller.matrix]), [id, matrix]]);

/** Enough for concurrent tests on two processors. */
const RUNNERS = 4;

/** The limit of jobs at a time. */
export const createRunners = (count = RUNNERS): LimitFunction => pLimit(count);

/** Numbers the machines of a run, so that every job has its own folder. */
export function machineFolders(folder: string): () => string {
  let machines = 0;
  return () => {
    machines += 1;
    const own = join(folder, `machine-${machines}`);
    mkdirSync(own, { recursive: true });
    return own;
  };
}
