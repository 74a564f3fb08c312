/** Runs the built action as a runner does: a process of its own, inputs and files by environment, nothing else shared. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { load } from 'js-yaml';
import type { SandboxDescription } from '../sandbox/description.ts';
import { findLeaks, textsBelow, withoutMasks } from './leaks.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface ActionDefinition {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly main: string; readonly post?: string };
}

/** The folders of our actions. */
export type OwnAction = '.' | 'setup';

const read = (folder: OwnAction): ActionDefinition =>
  load(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as ActionDefinition;

/** Each action.yml as a runner reads it. */
const DEFINITIONS: Readonly<Record<OwnAction, ActionDefinition>> = { '.': read('.'), setup: read('setup') };

/** That of the transfer action. */
export const definition = DEFINITIONS['.'];

/** Inputs of a step, as under `with:`. */
export type Inputs = Readonly<Record<string, string>>;

/** How a step is run. */
export interface StepOptions {
  /** Which of our actions it uses; the transfer action when absent. */
  readonly action?: OwnAction;
  /** A folder of this step's own: its temporary folder and workspace. */
  readonly folder: string;
  /** Where the job's files are; the step's own folder when it needs none. */
  readonly workspace?: string;
  /** Added to the environment of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** Number of the workflow run, from which the transfer name follows. */
  readonly runId?: string;
  /** Hears every line of the log as it comes. */
  readonly onLine?: (line: string) => void;
  /** Told the memory of the process several times a second. */
  readonly onMemory?: (memory: ResidentSet) => void;
  /** Ends the step at once, as a runner that is lost does. */
  readonly killed?: AbortSignal;
  /** Tells the step to end, as a runner does with a job that is cancelled. */
  readonly cancelled?: { readonly by: 'SIGINT' | 'SIGTERM'; readonly at: AbortSignal };
  /** What must not be found in anything that the step writes; asked for when it has ended. */
  readonly secrets?: () => Promise<readonly string[]>;
}

/** What came of a step. */
export interface StepResult {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Largest resident set of the process, bytes. */
  readonly peakRss: number;
  /** Runs the post part of the same step. */
  readonly post: () => Promise<StepResult>;
}

/** GITHUB_OUTPUT: `name<<delimiter`, lines, `delimiter`. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm)) outputs[name] = value;
  return outputs;
}

const inputEnvironment = (inputs: Inputs, action: OwnAction): Record<string, string> => {
  const defaults = Object.entries(DEFINITIONS[action].inputs).map(([name, input]) => [name, input.default ?? '']);
  const given = { ...Object.fromEntries(defaults), ...inputs } as Record<string, string>;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
};

/** Files that a step writes to, by name. */
const FILES = ['output', 'summary.md', 'state'];

/** The environment that a runner gives a step. */
export function stepEnvironment(
  inputs: Inputs,
  { folder, workspace, env, runId, action = '.' }: StepOptions,
): Record<string, string> {
  for (const file of FILES) writeFileSync(join(folder, file), '');
  mkdirSync(join(folder, 'temp'), { recursive: true });
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_STATE: join(folder, 'state'),
    // ACTIONS_STEP_DEBUG: what it adds to the log must hold no secret either.
    RUNNER_DEBUG: '1',
    GITHUB_WORKSPACE: workspace ?? folder,
    RUNNER_TEMP: join(folder, 'temp'),
    GITHUB_REPOSITORY: 'contoso/shop',
    GITHUB_RUN_ID: runId ?? '4711',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: '5f1c6a1e7d0b4c2f9a8e3d7b6c5a4f3e2d1c0b9a',
    GITHUB_WORKFLOW: 'release',
    GITHUB_ACTOR: 'octocat',
    GITHUB_SERVER_URL: 'https://github.com',
    ...inputEnvironment(inputs, action),
    ...env,
  };
}

/** Memory of a process, bytes. */
export interface ResidentSet {
  readonly now: number;
  readonly peak: number;
}

/** Reads the memory of a process while it lives; null where the platform does not tell. */
function residentSet(pid: number | undefined): ResidentSet | null {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    const bytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? '0') * 1024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return null;
  }
}

const RSS_SAMPLE_MILLISECONDS = 200;

/**
 * A runner kills a canceled step after 10 s (actions/runner). Here it gets a minute, because a busy machine is slower: `show -- kill`
 * measures how long a step takes to end.
 */
const KILL_AFTER_MILLISECONDS = 60_000;

async function cancel(child: ChildProcess, by: NodeJS.Signals, ended: AbortSignal): Promise<void> {
  child.kill(by);
  await wait(KILL_AFTER_MILLISECONDS, undefined, { signal: ended }).catch(() => undefined);
  if (!ended.aborted) child.kill('SIGKILL');
}

/** Throws when a secret stands anywhere in what a step has left. */
async function checkLeaks(log: string, { folder, secrets }: StepOptions): Promise<void> {
  if (secrets === undefined) return;
  const leaks = findLeaks({ log: withoutMasks(log), ...textsBelow(folder) }, await secrets());
  if (leaks.length > 0) throw new Error(`secrets were leaked: ${leaks.join(', ')}`);
}

/** Runs one step of the action, from the committed bundle. */
export async function runStep(inputs: Inputs, options: StepOptions): Promise<StepResult> {
  mkdirSync(options.folder, { recursive: true });
  return runPart(inputs, options, 'main', {});
}

async function runPart(
  inputs: Inputs,
  options: StepOptions,
  part: 'main' | 'post',
  state: Readonly<Record<string, string>>,
): Promise<StepResult> {
  const env = { ...stepEnvironment(inputs, options), ...state };
  const { action = '.', cancelled } = options;
  const script = join(ROOT, action, DEFINITIONS[action].runs[part] ?? '');
  const child = spawn(process.execPath, [script], { cwd: options.folder, env });
  // If this process is stopped, it stops the step too.
  const stopChild = (): void => {
    child.kill();
  };
  process.once('exit', stopChild);
  options.killed?.addEventListener('abort', () => child.kill('SIGKILL'));
  const ending = new AbortController();
  cancelled?.at.addEventListener('abort', () => void cancel(child, cancelled.by, ending.signal));
  let log = '';
  let peakRss = 0;
  let rest = '';
  const hear = (chunk: Buffer): void => {
    log += chunk.toString();
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const sampler = setInterval(() => {
    const memory = residentSet(child.pid);
    if (memory === null) return;
    peakRss = Math.max(peakRss, memory.peak);
    options.onMemory?.(memory);
  }, RSS_SAMPLE_MILLISECONDS);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => {
    clearInterval(sampler);
    process.off('exit', stopChild);
    ending.abort();
  });
  await checkLeaks(log, options);
  const written = parseOutputs(readFileSync(join(options.folder, 'state'), 'utf8'));
  const kept = Object.fromEntries(Object.entries(written).map(([name, value]) => [`STATE_${name}`, value]));
  return {
    exitCode,
    log,
    peakRss,
    post: () => runPart(inputs, options, 'post', kept),
    outputs: parseOutputs(readFileSync(join(options.folder, 'output'), 'utf8')),
    summary: readFileSync(join(options.folder, 'summary.md'), 'utf8'),
  };
}

/** How a step signs in on both sides of a sandbox. */
export type SignIn = 'oidc' | 'secret' | 'managed-identity';

function identityInputs(side: 'source' | 'target', sandbox: SandboxDescription, by: SignIn): Inputs {
  const { tenantId, client, managedIdentity } = sandbox[side];
  if (by === 'managed-identity') return { [`${side}-client-id`]: managedIdentity.clientId };
  const secret = by === 'secret' ? { [`${side}-client-secret`]: client.clientSecret } : {};
  return { [`${side}-tenant-id`]: tenantId, [`${side}-client-id`]: client.clientId, ...secret };
}

/** The inputs that a user of one side writes: cloud, identity and pipeline. */
export function sideInputs(
  side: 'source' | 'target',
  sandbox: SandboxDescription,
  by: SignIn = 'oidc',
  access: 'managedIdentity' | 'sasToken' = 'managedIdentity',
): Inputs {
  const pipeline = side === 'source' ? 'export-pipeline' : 'import-pipeline';
  return {
    [`${side}-cloud`]: sandbox[side].arm,
    ...identityInputs(side, sandbox, by),
    [pipeline]: sandbox[side].pipelines[access],
  };
}

/** What a runner of this sandbox has in its environment: trust, and the id-token service of a job that may use it. */
export const sandboxEnvironment = (sandbox: SandboxDescription): Record<string, string> => ({
  NODE_EXTRA_CA_CERTS: sandbox.caFile,
  ACTIONS_ID_TOKEN_REQUEST_URL: sandbox.github.requestUrl,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: sandbox.github.requestToken,
});
