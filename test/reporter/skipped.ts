/** Counts the tests that were not run, and finds those that no entry of the list explains. */

/** A test that may be skipped in CI. */
export interface ListedSkip {
  /** Test file, or a folder that ends with `/`, from the root. */
  readonly file: string;
  /** Beginning of the full name; every test of the file when it is left out. */
  readonly title?: string;
  readonly reason: string;
}

/** One test that was not run. */
export interface SkippedTest {
  /** From the root. */
  readonly file: string;
  /** Titles of the groups and the test. */
  readonly title: string;
  readonly kind: 'skipped' | 'todo';
}

/** The part of Jest's result of a test that is read here. */
export interface TestCase {
  readonly fullName: string;
  readonly status: string;
}

const KINDS: Readonly<Record<string, SkippedTest['kind']>> = {
  pending: 'skipped',
  skipped: 'skipped',
  disabled: 'skipped',
  todo: 'todo',
};

/**
 * Lists the tests of a file that were not run.
 * @param namePattern of `--testNamePattern`: tests that it leaves out are not counted
 */
export const skippedTests = (
  file: string,
  tests: readonly TestCase[],
  namePattern: string | undefined,
): readonly SkippedTest[] => {
  const isWanted = new RegExp(namePattern ?? '', 'i');
  return tests.flatMap(({ fullName, status }) => {
    const kind = KINDS[status];
    return kind === undefined || !isWanted.test(fullName) ? [] : [{ file, title: fullName, kind }];
  });
};

const explains = (entry: ListedSkip, { file, title }: SkippedTest): boolean =>
  (entry.file.endsWith('/') ? file.startsWith(entry.file) : file === entry.file) && title.startsWith(entry.title ?? '');

/** Skipped tests that no entry explains. */
export const unlisted = (skipped: readonly SkippedTest[], listed: readonly ListedSkip[]): readonly SkippedTest[] =>
  skipped.filter((test) => !listed.some((entry) => explains(entry, test)));
