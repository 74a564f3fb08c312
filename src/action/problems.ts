import { failure, type Failure } from '../transfer/failure.ts';

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

function describe({ input, value, problem }: InputProblem): string {
  const shown = value.length > LONGEST_SHOWN_VALUE ? `${value.slice(0, LONGEST_SHOWN_VALUE)}…` : value;
  return value === '' ? `  ${input}: ${problem}` : `  ${input}: "${shown}": ${problem}`;
}

/** All problems of all inputs as one failure (ACRT1001). */
export function inputFailure(problems: readonly InputProblem[]): Failure {
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return failure('ACRT1001', { count, problems: problems.map(describe).join('\n') });
}
