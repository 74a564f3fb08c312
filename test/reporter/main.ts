/**
 * Jest reporter beside the default one. It prints the seed at the start; at the end the slowest test files, and how many tests were
 * skipped. In CI, a skipped test that `listed.ts` does not list fails the run.
 */
import { relative, sep } from 'node:path';
import { isCi } from '../../scripts/ci.ts';
import { REPLAY, SEED, SEED_VARIABLE } from '../seed.ts';
import { LISTED } from './listed.ts';
import { skippedTests, unlisted, type ListedSkip, type SkippedTest, type TestCase } from './skipped.ts';
import { slowest, timeLine, type TimedFile } from './slowest.ts';

/** What Jest says of its configuration. */
interface Configuration {
  readonly rootDir: string;
  readonly testNamePattern?: string;
}

/** What Jest says of a file. */
interface FileResult {
  readonly testFilePath: string;
  readonly testResults: readonly TestCase[];
  readonly perfStats: { readonly runtime: number };
}

const SLOWEST = 10;

const testLine = ({ file, title, kind }: SkippedTest): string => `  ${kind}: ${file}: ${title}`;

// eslint-disable-next-line no-restricted-syntax -- Jest takes reporters as default exports alone.
export default class GateReporter {
  readonly #configuration: Configuration;
  readonly #listed: readonly ListedSkip[];
  readonly #skipped: SkippedTest[] = [];
  readonly #files: TimedFile[] = [];
  #failure: Error | undefined;

  /** @param options `listed`: another list, for the tests of this reporter */
  constructor(configuration: Configuration, options: { readonly listed?: readonly ListedSkip[] } = {}) {
    this.#configuration = configuration;
    this.#listed = options.listed ?? LISTED;
    // Workers start later, and draw from the same seed, even when midnight passes.
    process.env[SEED_VARIABLE] = String(SEED);
  }

  onRunStart(): void {
    console.log(`Seed ${SEED}; to draw the same values again, put ${REPLAY} before the command.`);
  }

  onTestResult(_: unknown, { testFilePath, testResults, perfStats }: FileResult): void {
    const file = relative(this.#configuration.rootDir, testFilePath).split(sep).join('/');
    this.#skipped.push(...skippedTests(file, testResults, this.#configuration.testNamePattern));
    this.#files.push({ file, seconds: perfStats.runtime / 1000 });
  }

  onRunComplete(): void {
    if (this.#files.length > 1) {
      console.log(`\nSlowest test files:\n${slowest(this.#files, SLOWEST).map(timeLine).join('\n')}`);
    }
    const rest = unlisted(this.#skipped, this.#listed);
    const counts = `${this.#skipped.length} tests skipped, ${rest.length} of them not listed in test/reporter/listed.ts`;
    console.log(['', counts, ...rest.map(testLine)].join('\n'));
    if (rest.length > 0 && isCi(process.env)) this.#failure = new Error(counts);
  }

  /** Jest fails the run when this is an error. */
  getLastError(): Error | undefined {
    return this.#failure;
  }
}
