/** Reads single inputs and collects every problem (ACRT1001). */
import { transferError, type TransferError } from '../../transfer/errors/index.ts';
import { escapeInvisible } from '../../transfer/selection/index.ts';
import { SECRET_INPUTS } from '../runner/inputs.ts';

/** Reads single inputs, and keeps every problem instead of stopping at the first. */
export interface InputReader {
  readonly problems: readonly InputProblem[];
  readonly report: (input: string, problem: string, value?: string) => void;
  /** Null when the input is empty. */
  readonly text: (input: string) => string | null;
  readonly choice: <Choice extends string>(input: string, choices: readonly Choice[]) => Choice | null;
  readonly flag: (input: string) => boolean;
  readonly count: (input: string, least: number, most: number) => number;
  /** Reads with a parser of the domain; null when the input is empty or wrong. */
  readonly parsed: <Value>(
    input: string,
    parse: (text: string) => { readonly value: Value } | { readonly problem: string },
  ) => Value | null;
}

const isSecretInput = (input: string): boolean => SECRET_INPUTS.includes(input);

/**
 * Makes a reader.
 * @param get the value of an input, empty when it was not given; GitHub has filled in the defaults of action.yml
 */
export function inputReader(get: (input: string) => string): InputReader {
  const problems: InputProblem[] = [];
  const report = (input: string, problem: string, value = get(input).trim()): void => {
    // Whatever was pasted into a secret input by mistake is most likely another secret.
    problems.push({ input, value: isSecretInput(input) ? '' : value, problem });
  };
  const text = (input: string): string | null => get(input).trim() || null;
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
    count: (input, least, most) => {
      const given = text(input) ?? '';
      const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (number >= least && number <= most) return number;
      report(input, `use a whole number from ${least} to ${most}`);
      return least;
    },
    parsed: (input, parse) => {
      const given = text(input);
      if (given === null) return null;
      const outcome = parse(given);
      if ('value' in outcome) return outcome.value;
      report(input, outcome.problem);
      return null;
    },
  };
}

/** One thing that is wrong with an input. */
interface InputProblem {
  readonly input: string;
  /** What was given; empty when nothing was. */
  readonly value: string;
  /** What is wrong, and what is allowed. */
  readonly problem: string;
}

/** Values longer than this are cut in messages. */
const MAX_SHOWN_VALUE_LENGTH = 120;

/** A file that is no selection at all has a problem on every line. */
const MAX_SHOWN = 50;

/** Each problem is one line, whatever was given. */
const inLine = (text: string): string => escapeInvisible(text.replaceAll(/[\r\n]+/g, ' '));

function describe({ input, value, problem }: InputProblem): string {
  const shown = value.length > MAX_SHOWN_VALUE_LENGTH ? `${value.slice(0, MAX_SHOWN_VALUE_LENGTH)}…` : value;
  return inLine(value === '' ? `  ${input}: ${problem}` : `  ${input}: "${shown}": ${problem}`);
}

/** The problems of all inputs as one failure (ACRT1001), which names the first of them. */
export function inputError(problems: readonly InputProblem[]): TransferError {
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  const shown = problems.slice(0, MAX_SHOWN).map(describe);
  const more = problems.length > MAX_SHOWN ? [`  … and ${problems.length - MAX_SHOWN} more`] : [];
  return transferError('ACRT1001', { count, problems: [...shown, ...more].join('\n') });
}
