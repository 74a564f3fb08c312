import { failure, type Failure } from '../transfer/failure.ts';
import { visible } from '../transfer/selection/word.ts';

/** One thing that is wrong with an input. */
export interface InputProblem {
  readonly input: string;
  /** What was given; empty when nothing was. */
  readonly value: string;
  /** What is wrong, and what is allowed. */
  readonly problem: string;
}

/** Values longer than this are cut in messages. */
const LONGEST_SHOWN_VALUE = 120;

/** A file that is no selection at all has a problem on every line. */
const MOST_SHOWN = 50;

/** Each problem is one line, whatever was given. */
const inLine = (text: string): string => visible(text.replaceAll(/[\r\n]+/g, ' '));

function describe({ input, value, problem }: InputProblem): string {
  const shown = value.length > LONGEST_SHOWN_VALUE ? `${value.slice(0, LONGEST_SHOWN_VALUE)}…` : value;
  return inLine(value === '' ? `  ${input}: ${problem}` : `  ${input}: "${shown}": ${problem}`);
}

/** The problems of all inputs as one failure (ACRT1001), which names the first of them. */
export function inputFailure(problems: readonly InputProblem[]): Failure {
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  const shown = problems.slice(0, MOST_SHOWN).map(describe);
  const more = problems.length > MOST_SHOWN ? [`  … and ${problems.length - MOST_SHOWN} more`] : [];
  return failure('ACRT1001', { count, problems: [...shown, ...more].join('\n') });
}
