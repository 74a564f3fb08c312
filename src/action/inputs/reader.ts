/** Reads single inputs and collects all problems (ACRT1001). */
import { transferError, type Result, type TransferError } from '../../transfer/errors/index.ts';
import { escapeInvisible } from '../../transfer/selection/index.ts';
import { SECRET_INPUTS } from '../runner/inputs.ts';

/** One problem of an input. */
interface InputProblem {
  readonly input: string;
  /** The value of the input; empty for inputs that are not set, and for secrets. */
  readonly value: string;
  /** The problem, and the allowed values. */
  readonly problem: string;
}

/** Reads single inputs. Collects all problems instead of stopping at the first. */
export interface InputReader {
  readonly problems: readonly InputProblem[];
  readonly report: (input: string, problem: string, value?: string) => void;
  /** The trimmed value, or the default if it is empty; null if it is empty and has no default. */
  readonly text: (input: string) => string | null;
  readonly choice: <Choice extends string>(input: string, choices: readonly Choice[]) => Choice | null;
  readonly flag: (input: string) => boolean;
  readonly count: (input: string, min: number, max: number) => number;
  /** Reads with a parser of the domain; null if the input is empty or invalid. */
  readonly parsed: <Value>(input: string, parse: (text: string) => Result<Value, string>) => Value | null;
}

const isSecretInput = (input: string): boolean => SECRET_INPUTS.includes(input);

/**
 * Creates a reader.
 * @param get returns the value of an input; empty if it is not set
 * @param defaultOf returns the default of an input; undefined without one
 */
export function inputReader(
  get: (input: string) => string,
  defaultOf: (input: string) => string | undefined = () => undefined,
): InputReader {
  const problems: InputProblem[] = [];
  const report = (input: string, problem: string, value = get(input).trim()): void => {
    // A wrong value of a secret input is most likely another secret.
    problems.push({ input, value: isSecretInput(input) ? '' : value, problem });
  };
  const text = (input: string): string | null => get(input).trim() || (defaultOf(input) ?? null);
  return {
    problems,
    report,
    text,
    choice: <Choice extends string>(input: string, choices: readonly Choice[]): Choice | null => {
      const given = text(input);
      const choice = choices.find((candidate) => candidate === given?.toLowerCase());
      if (choice !== undefined) return choice;
      report(input, `${given === null ? 'is required; ' : ''}use one of ${choices.join(', ')}`);
      return null;
    },
    flag: (input) => {
      const given = text(input)?.toLowerCase() ?? '';
      if (given !== 'true' && given !== 'false') report(input, 'use true or false');
      return given === 'true';
    },
    count: (input, min, max) => {
      const given = text(input) ?? '';
      const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (number >= min && number <= max) return number;
      report(input, `use a whole number from ${min} to ${max}`);
      return min;
    },
    parsed: (input, parse) => {
      const given = text(input);
      if (given === null) return null;
      const result = parse(given);
      if (result.ok) return result.value;
      report(input, result.problem);
      return null;
    },
  };
}

/** Longer values are truncated in messages. */
const MAX_SHOWN_VALUE_LENGTH = 120;

/** Limit for the case that every line of a file is invalid. */
const MAX_SHOWN_PROBLEMS = 50;

/** Puts a problem on one line. */
const toOneLine = (text: string): string => escapeInvisible(text.replaceAll(/[\r\n]+/g, ' '));

function describe({ input, value, problem }: InputProblem): string {
  const shown = value.length > MAX_SHOWN_VALUE_LENGTH ? `${value.slice(0, MAX_SHOWN_VALUE_LENGTH)}…` : value;
  return toOneLine(value === '' ? `  ${input}: ${problem}` : `  ${input}: "${shown}": ${problem}`);
}

/** One error (ACRT1001) for the problems of all inputs. It lists the first 50. */
export function inputError(problems: readonly InputProblem[]): TransferError {
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  const shown = problems.slice(0, MAX_SHOWN_PROBLEMS).map(describe);
  const more = problems.length > MAX_SHOWN_PROBLEMS ? [`  … and ${problems.length - MAX_SHOWN_PROBLEMS} more`] : [];
  return transferError('ACRT1001', { count, problems: [...shown, ...more].join('\n') });
}
