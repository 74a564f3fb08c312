/**
 * Runs one show or bench. Its last line is one JSON object with `verdict` and `failures`, and its exit status is 1 unless every
 * condition is met. `--record` also writes the figures to docs/measured.
 */
import { ROOT } from '../scripts/action-definition.ts';
import { machine, originOf, writeRecord, type MeasurementRecord } from './record.ts';
import { SEED } from './seed.ts';
import { verdictOf, type Failures, type Verdict } from './verdict.ts';

/** A show or bench: how it measures, and which conditions its figures must meet. */
export interface Measurement<Figures extends object> {
  /** @param args those after the name, without `--record` */
  readonly measure: (args: readonly string[]) => Promise<Figures>;
  readonly judge: (figures: Figures) => Failures;
  /** Files and folders whose changes make a record of the figures outdated. */
  readonly describes: readonly string[];
  /** Figures that are only recorded, because they are too long for a line. */
  readonly recordOnly?: readonly (keyof Figures & string)[];
}

/** What one run comes to. */
interface Outcome {
  readonly figures: object;
  readonly failures: Failures;
}

/** A show or bench with any figures. */
export interface Command {
  readonly run: (args: readonly string[]) => Promise<Outcome>;
  readonly describes: readonly string[];
  readonly recordOnly: readonly string[];
}

/** Makes a command of a measurement. */
export const command = <Figures extends object>({
  measure,
  judge,
  describes,
  recordOnly = [],
}: Measurement<Figures>): Command => ({
  run: async (args) => {
    const figures = await measure(args);
    return { figures, failures: judge(figures) };
  },
  describes,
  recordOnly,
});

const RECORD = '--record';

const without = (figures: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(figures).filter(([name]) => !names.includes(name)));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Writes the record of a run. Its figures are printed even if that fails. */
async function keep(about: Omit<MeasurementRecord, keyof Verdict | 'figures'>, name: string, outcome: Outcome) {
  const { figures, failures } = outcome;
  try {
    const record = { ...about, ...verdictOf(failures), figures: { seed: SEED, ...figures } };
    console.log(`wrote ${await writeRecord(ROOT, name, record)}`);
    return outcome;
  } catch (error) {
    return { figures, failures: [...failures, `the record could not be written: ${messageOf(error)}`] };
  }
}

async function attempt(kind: 'show' | 'bench', name: string, args: readonly string[], run: Command): Promise<Outcome> {
  try {
    const origin = args.includes(RECORD) ? originOf(ROOT, run.describes, new Date()) : null;
    const outcome = await run.run(args.filter((arg) => arg !== RECORD));
    if (origin === null) return outcome;
    const line = `npm run ${[kind, '--', name, ...args].join(' ')}`;
    // The figures under load have a record of their own.
    const recordName = args.includes('--load') ? `${name}-load` : name;
    return await keep({ command: line, ...origin, ...machine() }, recordName, outcome);
  } catch (error) {
    console.error(error);
    return { figures: {}, failures: [`it could not be measured: ${messageOf(error)}`] };
  }
}

/**
 * Runs the command that the arguments name, and sets the exit status: 0 when every condition is met, 1 when one is not, or when
 * nothing could be measured, 2 when there is no such command.
 * @param args name of the command, then its own options
 */
export async function runMeasurement(
  kind: 'show' | 'bench',
  commands: Readonly<Record<string, Command>>,
  [name = '', ...args]: readonly string[],
): Promise<void> {
  const run = commands[name];
  if (run === undefined) {
    console.error(`There is no ${kind} "${name}". Use one of: ${Object.keys(commands).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const { figures, failures } = await attempt(kind, name, args, run);
  for (const failure of failures) console.error(`✗ ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
  console.log(
    JSON.stringify({ [kind]: name, seed: SEED, ...without(figures, run.recordOnly), ...verdictOf(failures) }),
  );
}
