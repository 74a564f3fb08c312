/** `uses:` steps: this repository's actions from the built bundle, and emulated actions. Others are errors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { actionDefinition, ROOT } from '../../scripts/action-definition.ts';
import { evaluateTexts } from './evaluate.ts';
import { runProcess } from './process.ts';
import type { Named } from './run.ts';
import { standIns } from './stand-ins/index.ts';
import type { StandIn } from './stand-ins/stand-in.ts';
import type { Work, Worked } from './step.ts';

/** This repository. */
export const OWN_REPOSITORY = 'acr-transfer/acr-transfer';

/** The folder of one of this repository's actions. The empty one is that of the transfer action. */
type OwnFolder = '' | 'setup';

interface Reference {
  readonly repository: string;
  readonly path: string;
}

/** @throws the runner's error without `@ref` */
function parseReference(uses: string): Reference {
  const { repository, path } =
    /^(?<repository>[^/@\s]+\/[^/@\s]+)(?:\/(?<path>[^@\s]+))?@\S+$/.exec(uses)?.groups ?? {};
  if (repository === undefined) {
    throw new Error(`Expected format {org}/{repo}[/path]@ref. Actual '${uses}'`);
  }
  return { repository: repository.toLowerCase(), path: path ?? '' };
}

const ownFolder = (path: string): OwnFolder | undefined => (path === '' || path === 'setup' ? path : undefined);

/** A path in the workspace, which actions/checkout has filled with the repository of the run. */
function localFolder({ state }: Work, uses: string): OwnFolder {
  const folder = ownFolder(uses.replace(/^\.\/?/, '').replace(/\/$/, ''));
  const ours = state.run.repository === OWN_REPOSITORY && state.machine.checkedOut.has(OWN_REPOSITORY);
  if (folder !== undefined && ours) return folder;
  throw new Error(
    `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${uses}'. Did you forget to run actions/checkout before running your local action?`,
  );
}

function inputVariables(given: Named): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

/** Replacements of the clouds that a workflow names. */
const CLOUD_INPUTS = ['cloud', 'source-cloud', 'target-cloud'];

const withClouds = (inputs: Named, clouds: Named = {}): Named =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      CLOUD_INPUTS.includes(name) ? (clouds[`${name}: ${value}`] ?? clouds[value] ?? value) : value,
    ]),
  );

interface Programs {
  readonly main: string;
  readonly post: string | undefined;
  readonly condition: string;
}

/** The files that a runner starts. An action with other ones isn't supported. */
function programsOf(folder: OwnFolder): Programs {
  const { runs } = load(readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')) as { readonly runs: Named };
  const { using, main, post, 'post-if': condition = 'always()', ...more } = runs;
  if (using !== 'node24' || main === undefined || Object.keys(more).length > 0) {
    throw new Error(
      `this runner plays actions of 'using: node24' with main and post alone, not ${JSON.stringify(runs)}`,
    );
  }
  return { main: join(ROOT, folder, main), post: post && join(ROOT, folder, post), condition };
}

async function useOwn(work: Work, folder: OwnFolder, inputs: Named): Promise<Worked> {
  const { inputs: known } = actionDefinition(folder);
  const unknown = Object.keys(inputs).filter((name) => !(name.toLowerCase() in known));
  if (unknown.length > 0) {
    work.log(
      `##[warning]Unexpected input(s) '${unknown.join("', '")}', valid inputs are [${Object.keys(known).join(', ')}]`,
    );
  }
  const { state, log, cancelled } = work;
  const defaults = Object.entries(known).map(([name, input]) => [name, input.default ?? ''] as const);
  const all = withClouds({ ...Object.fromEntries(defaults), ...inputs }, state.run.options.clouds);
  const env = { ...work.env, ...inputVariables(all) };
  const programs = programsOf(folder);
  const code = await runProcess(process.execPath, [programs.main], {
    cwd: state.machine.workspace,
    env,
    onLine: log,
    cancelled,
  });
  const { post, condition } = programs;
  return {
    succeeded: code === 0,
    outputs: {},
    post: post === undefined ? undefined : { program: post, condition, env },
  };
}

async function useStandIn(work: Work, standIn: StandIn, name: string, inputs: Named) {
  const unknown = Object.keys(inputs).filter((input) => !standIn.inputs.includes(input));
  if (unknown.length > 0) throw new Error(`${name} is not played with ${unknown.join(', ')}`);
  const { run, machine, permissions } = work.state;
  const { env, log } = work;
  return { succeeded: true, outputs: (await standIn.play({ inputs, run, machine, permissions, env, log })) ?? {} };
}

/**
 * Runs an action.
 * @throws if it can't be found, isn't known, or its emulation fails
 */
export async function useAction(work: Work, uses: string): Promise<Worked> {
  const inputs = evaluateTexts(work.step.inputs, work.scope);
  if (uses.startsWith('.')) return useOwn(work, localFolder(work, uses), inputs);
  const { repository, path } = parseReference(uses);
  const name = path === '' ? repository : `${repository}/${path}`;
  const folder = repository === OWN_REPOSITORY ? ownFolder(path) : undefined;
  if (folder !== undefined) return useOwn(work, folder, inputs);
  const standIn = { ...standIns, ...work.state.run.options.actions }[name];
  if (standIn === undefined) throw new Error(`this runner has no stand-in for ${name} (uses: ${uses})`);
  return useStandIn(work, standIn, name, inputs);
}
