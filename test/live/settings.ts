/** Settings of the live suite, from its environment (docs/live-tests.md). */
import * as z from 'zod';
import { inputReader } from '../../src/action/inputs/reader.ts';
import { readSide } from '../../src/action/inputs/side.ts';
import { parsePipelineId, type PipelineId } from '../../src/transfer/model/pipeline-id.ts';
import { repositoryProblem } from '../../src/transfer/model/reference.ts';
import type { SideRequest } from '../../src/transfer/model/request.ts';
import type { Side } from '../../src/transfer/model/side.ts';
import type { Inputs } from '../e2e/runner.ts';
import {
  ENDINGS,
  givenIn,
  identityProblems,
  isTold,
  missingIn,
  SIGN_INS,
  unknownIn,
  variable,
  type Environment,
  type SignIn,
} from './variables.ts';

/** One side of a live transfer. */
export interface LiveSide {
  readonly pipeline: PipelineId;
  /** The result of the action's parser for `inputs`. */
  readonly request: SideRequest;
  /** The inputs of a step for this side: cloud, identity, pipeline. */
  readonly inputs: Inputs;
}

/** All settings of the suite. */
export interface LiveSettings {
  readonly sides: Readonly<Record<Side, LiveSide>>;
  readonly signIn: SignIn;
  /** Prefix of the repositories of the suite. */
  readonly prefix: string;
  /** Folder for logs and documents of every step; null: they aren't kept. */
  readonly folder: string | null;
}

/** The result of reading the environment. Each line is about one variable. */
export type LiveReading =
  | { readonly kind: 'absent'; readonly lines: readonly string[] }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] }
  | { readonly kind: 'ready'; readonly settings: LiveSettings };

const pipeline = (kind: 'export' | 'import') =>
  z.string().transform((text, context) => {
    const parsed = parsePipelineId(text, kind);
    if (parsed.ok) return parsed.value;
    context.addIssue(parsed.problem);
    return z.NEVER;
  });

const prefix = z.string().superRefine((text, context) => {
  const problem = repositoryProblem(text);
  if (problem !== null) context.addIssue(problem);
});

// Each missing variable has its own line, so all of them are optional here.
const schema = z.object({
  LIVE_EXPORT_PIPELINE: pipeline('export').optional(),
  LIVE_IMPORT_PIPELINE: pipeline('import').optional(),
  LIVE_PREFIX: prefix.optional(),
  LIVE_SIGN_IN: z.enum(SIGN_INS, `use one of ${SIGN_INS.join(', ')}`).default('oidc'),
  LIVE_FOLDER: z.string().optional(),
});

const NOTHING: Partial<z.infer<typeof schema>> = {};

const PIPELINE_INPUT = { source: 'export-pipeline', target: 'import-pipeline' } as const;

function inputsOf(given: Environment, side: Side): Inputs {
  const inputs = ENDINGS.map((ending) => [`${side}-${ending}`, given[variable(given, side, ending)]] as const);
  const kind = PIPELINE_INPUT[side];
  const all = [...inputs, [kind, given[`LIVE_${kind.toUpperCase().replace('-', '_')}`]] as const];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Parses a side with the action's parser, so that it finds the same mistakes. */
function readLiveSide(
  given: Environment,
  side: Side,
): { readonly side: Omit<LiveSide, 'pipeline'>; readonly problems: readonly string[] } {
  const inputs = inputsOf(given, side);
  const reader = inputReader((input) => inputs[input] ?? '');
  const request = readSide(side, reader);
  const problems = reader.problems.map(
    ({ input, value, problem }) => `${variable(given, side, input.slice(side.length + 1))} is "${value}": ${problem}`,
  );
  return { side: { inputs, request }, problems };
}

/**
 * Parses the environment. An empty variable is absent, as in a workflow without variables.
 * @returns `absent` if no variable is set, `wrong` with all mistakes at once
 */
export function readLiveSettings(environment: Environment): LiveReading {
  const given = givenIn(environment);
  const missing = missingIn(given);
  if (!isTold(given)) return { kind: 'absent', lines: missing };
  const parsed = schema.safeParse(given);
  const issues = parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  const source = readLiveSide(given, 'source');
  const target = readLiveSide(given, 'target');
  const problems = [
    ...missing,
    ...issues,
    // A mistake in a variable for both sides is reported once.
    ...new Set([...source.problems, ...target.problems]),
    ...identityProblems(given),
    ...unknownIn(given),
  ];
  const {
    LIVE_EXPORT_PIPELINE: from,
    LIVE_IMPORT_PIPELINE: to,
    LIVE_PREFIX,
    LIVE_SIGN_IN,
    LIVE_FOLDER,
  } = parsed.data ?? NOTHING;
  if (from && to && from.registryId.toLowerCase() === to.registryId.toLowerCase()) {
    problems.push('LIVE_IMPORT_PIPELINE: its registry is the one of LIVE_EXPORT_PIPELINE; two are needed');
  }
  if (problems.length > 0 || !from || !to || !LIVE_PREFIX) return { kind: 'wrong', lines: problems };
  return {
    kind: 'ready',
    settings: {
      sides: { source: { pipeline: from, ...source.side }, target: { pipeline: to, ...target.side } },
      signIn: LIVE_SIGN_IN ?? 'oidc',
      prefix: LIVE_PREFIX,
      folder: LIVE_FOLDER ?? null,
    },
  };
}
