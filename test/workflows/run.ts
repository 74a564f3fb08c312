/** What a run is started with, and what its jobs share. */
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

/** Everything around the workflow file. */
export interface RunOptions {
  /** A folder of this run, or of several runs in a row that hand artifacts to each other. */
  readonly folder: string;
  /** What has happened; `workflow_dispatch` when absent. */
  readonly event?: string;
  /** `github.event`. */
  readonly payload?: ValueObject;
  /** Of a `workflow_dispatch`. */
  readonly inputs?: GivenInputs;
  readonly vars?: Named;
  readonly secrets?: Named;
  /** Variables and secrets of environments. */
  readonly environments?: Readonly<Record<string, { readonly vars?: Named; readonly secrets?: Named }>>;
  /** `owner/name` of the repository that the run belongs to; `contoso/shop` when absent. */
  readonly repository?: string;
  /** `refs/heads/main` when absent. */
  readonly ref?: string;
  readonly runId?: string;
  readonly attempt?: number;
  /** What an earlier attempt has come to: the jobs that went well in it are not run again, unless they need one that is. */
  readonly previous?: RunResult;
  /** What a token has where no workflow says anything; the restricted default when absent. */
  readonly defaultPermissions?: Permissions;
  /** Texts of workflow files beside those of this repository, by `owner/name/path`. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** A folder that actions/checkout copies into the workspace; nothing when absent. */
  readonly checkout?: string;
  /** What every runner has in its environment. */
  readonly env?: Named;
  /** What single runners have beside it, by the label that `runs-on` names. */
  readonly machines?: Readonly<Record<string, Named>>;
  /** Folders with the programs that steps start, ahead of those of this machine: a `gh` or an `az` that is played. */
  readonly path?: readonly string[];
  /** The id-token service of a sandbox: jobs with `id-token: write` can reach it, and get tokens whose subject is that of the job. */
  readonly idToken?: { readonly url: string; readonly token: string };
  /**
   * Replaces the clouds that a workflow names: the ARM endpoint of a sandbox by the name of a cloud. If both sides are in one cloud, also by
   * an input (`target-cloud: azurecloud`).
   */
  readonly clouds?: Named;
  /** Whether a job may enter its environment; every job may when absent. */
  readonly approve?: (gate: Gate) => boolean | Promise<boolean>;
  /** Pushes what docker/build-push-action would: an image under these tags, `registry/repository:tag`; resolves to its digest. */
  readonly push?: (tags: readonly string[]) => Promise<string>;
  /** Stand-ins for more actions, by `owner/name`, or instead of the known ones. */
  readonly actions?: Readonly<Record<string, StandIn>>;
  /** Jobs at a time; 4 when absent. */
  readonly runners?: number;
  /** Cancels the run, as a user does. */
  readonly cancelled?: AbortSignal;
  /** Hears every line of every log as it comes. */
  readonly onLine?: (line: string, job: string) => void;
}

/** What the jobs of a run share. */
export interface Run {
  readonly options: RunOptions;
  readonly repository: string;
  readonly runId: string;
  readonly attempt: number;
  /** The `github` context, but for what differs from job to job. */
  readonly github: ValueObject;
  readonly masks: Masks;
  readonly artifacts: ArtifactStore;
  /** Runners: a job with steps takes one. */
  readonly runners: LimitFunction;
  readonly turns: Turns;
  /** A new folder for the machine of a job. */
  readonly machineFolder: () => string;
}

/** A leg that calls a workflow. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly matrix: ValueObject | null;
}

/** A workflow within a run: the one that was started, or one that it calls. */
export interface Frame {
  readonly run: Run;
  readonly workflow: Workflow;
  readonly inputs: ValueObject;
  readonly secrets: Named;
  /** What its jobs may have at most. */
  readonly allowed: Permissions;
  /** The legs that have called it, the outermost first. */
  readonly callers: readonly Caller[];
  readonly held: Held;
  /** What an earlier attempt has come to, by key; empty when everything is to run. */
  readonly earlier: ReadonlyMap<string, JobResult>;
  readonly cancelled: AbortSignal;
}

/** Ids of called jobs include those of their callers, as on GitHub. */
export const fullId = ({ callers }: Frame, id: string): string =>
  [...callers.map((caller) => caller.id), id].join(' / ');

/** Names of called jobs likewise. */
export const fullName = ({ callers }: Frame, name: string): string =>
  [...callers.slice(-1).map((caller) => caller.name), name].join(' / ');

/** The key of a leg, see `JobResult`. */
export const keyOf = ({ callers }: Frame, id: string, matrix: ValueObject | null): string =>
  JSON.stringify([...callers.map((caller) => [caller.id, caller.matrix]), [id, matrix]]);

/** Enough for what tests run side by side, without starving two processors. */
const RUNNERS = 4;

/** The limit of jobs at a time. */
export const createRunners = (count = RUNNERS): LimitFunction => pLimit(count);

/** Numbers the machines of a run, so that every job has a folder of its own. */
export function machineFolders(folder: string): () => string {
  let machines = 0;
  return () => {
    machines += 1;
    const own = join(folder, `machine-${machines}`);
    mkdirSync(own, { recursive: true });
    return own;
  };
}
