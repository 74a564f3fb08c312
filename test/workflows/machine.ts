/** The machine of a job: folders, and the initial environment of every step. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { githubVariables } from './contexts.ts';
import { requestUrlOf } from '../sandbox/id-token-claims.ts';
import type { LegFacts } from './leg.ts';
import type { Run } from './run.ts';
import { textOf, type ValueObject } from './value.ts';

/** A machine. */
export interface Machine {
  readonly folder: string;
  readonly workspace: string;
  readonly temp: string;
  /** The `github` context, with the values of the machine. */
  readonly github: ValueObject;
  /** Repositories that actions/checkout has copied to it. */
  readonly checkedOut: Set<string>;
  /** The `runner` context. */
  readonly runner: ValueObject;
  readonly env: Readonly<Record<string, string>>;
}

/** The facts of a job that its machine needs. */
type JobFacts = Pick<LegFacts, 'permissions' | 'runsOn' | 'environment'>;

/** Only a job with the permission for id-tokens gets their URL. Their subject follows from its environment and ref. */
function idTokenVariables(
  { options, repository }: Run,
  github: ValueObject,
  { permissions, environment }: JobFacts,
): Record<string, string> {
  if (options.idToken === undefined || permissions['id-token'] !== 'write') return {};
  const [ref, event] = [textOf(github['ref'] ?? null), textOf(github['event_name'] ?? null)];
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: requestUrlOf(options.idToken.url, { repository, ref, event, environment }),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: options.idToken.token,
  };
}

/**
 * Sets up a machine.
 * @param github the `github` context of the job
 */
export function createMachine(run: Run, github: ValueObject, facts: JobFacts): Machine {
  const folder = run.machineFolder();
  const at = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const [workspace, temp, home, tools] = [at('workspace'), at('temp'), at('home'), at('tools')];
  const eventPath = join(temp, 'event.json');
  writeFileSync(eventPath, JSON.stringify(github['event'] ?? {}));
  const own = { ...github, workspace, event_path: eventPath };
  return {
    folder,
    workspace,
    temp,
    github: own,
    checkedOut: new Set(),
    runner: {
      name: 'local',
      os: 'Linux',
      arch: 'X64',
      temp,
      tool_cache: tools,
      debug: '',
      environment: 'github-hosted',
    },
    env: {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      HOME: home,
      GITHUB_EVENT_PATH: eventPath,
      RUNNER_NAME: 'local',
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: 'X64',
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: tools,
      RUNNER_ENVIRONMENT: 'github-hosted',
      ...githubVariables(own),
      ...idTokenVariables(run, github, facts),
      ...run.options.env,
      ...run.options.machines?.[facts.runsOn],
      PATH: [...(run.options.path ?? []), process.env['PATH'] ?? ''].join(delimiter),
    },
  };
}
