/** What the result of a run is worth. */

/** What a run has counted. */
export interface Count {
  readonly mutants: number;
  /** Including those on which the tests timed out. */
  readonly killed: number;
  /** Test files that pass without a mutation. */
  readonly testFiles: number;
  /** Test files that fail without a mutation: what they would find isn't counted. */
  readonly failingFiles: number;
}

/** Fewer say too little about the tests. */
export const MIN_MUTANTS = 100;

/** Share of the mutants that the tests have to kill. */
export const MIN_KILLED = 0.92;

/** What is wrong with a result; empty when nothing is. */
export function faultsOf({ mutants, killed, testFiles, failingFiles }: Count): readonly string[] {
  const faults: string[] = [];
  if (testFiles === 0) faults.push('no test ran');
  if (failingFiles > 0) faults.push(`${failingFiles} test files fail without a mutation`);
  if (mutants < MIN_MUTANTS) faults.push(`${mutants} mutants are fewer than ${MIN_MUTANTS}`);
  if (killed < mutants * MIN_KILLED) faults.push(`${killed} of ${mutants} killed is less than ${MIN_KILLED * 100} %`);
  return faults;
}
