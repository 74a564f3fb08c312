/** Runs test files in the order that is given to this process: the nearest to a mutation first. */
import { readFileSync } from 'node:fs';

interface Test {
  readonly path: string;
}

/** A sequencer of Jest, with what Jest calls. `MUTANT_ORDER` names a file with a JSON array of absolute paths. */
class GivenOrder {
  sort(tests: readonly Test[]): readonly Test[] {
    const file = process.env['MUTANT_ORDER'];
    if (file === undefined) return tests;
    const paths = JSON.parse(readFileSync(file, 'utf8')) as readonly string[];
    const order = new Map(paths.map((path, index) => [path, index]));
    return tests.toSorted((one, other) => (order.get(one.path) ?? 0) - (order.get(other.path) ?? 0));
  }

  /** Results of mutations say nothing about the next run. */
  cacheResults(): void {
    return undefined;
  }
}

// eslint-disable-next-line no-restricted-syntax -- Jest takes a sequencer from the default export.
export default GivenOrder;
