/** Error IDs of the catalog, and the tests that reach them. */

/** A test file with its path in the repository. */
export interface TestFile {
  readonly path: string;
  readonly text: string;
}

/** The tests that reach one error ID. */
export interface Coverage {
  readonly id: string;
  /** Test files that run the bundle: those of steps, and those of whole workflows. */
  readonly endToEnd: readonly string[];
  /** Test files that run the clients with the sandbox. */
  readonly sandbox: readonly string[];
}

/** IDs that no end-to-end test reaches, each with its reason. */
export type Unreached = Readonly<Record<string, string>>;

const END_TO_END = /^test\/(?:e2e|workflows)\//;
const SANDBOX = /^test\/sandbox\//;

const COMMENT = /\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm;
/** An assertion that something is absent doesn't count. */
const NEGATED = /\.not\.\w+\([^)]*\)/g;
const ID = /\bACRT\d{4}\b/g;

/** Minimum length of a reason. */
const MIN_REASON_LENGTH = 20;

/** The IDs that a test file expects. */
export const expectedIds = (text: string): ReadonlySet<string> =>
  new Set(text.replace(COMMENT, '').replace(NEGATED, '').match(ID) ?? []);

/** Finds the tests of each ID, in the order of the IDs. */
export function coverageOf(ids: readonly string[], files: readonly TestFile[]): readonly Coverage[] {
  const expected = files.map(({ path, text }) => ({ path, ids: expectedIds(text) }));
  const pathsOf = (id: string, place: RegExp): readonly string[] =>
    expected.filter((file) => place.test(file.path) && file.ids.has(id)).map(({ path }) => path);
  return ids.map((id) => ({ id, endToEnd: pathsOf(id, END_TO_END), sandbox: pathsOf(id, SANDBOX) }));
}

function findingOf({ id, endToEnd }: Coverage, reason: string | undefined): string | null {
  const [test] = endToEnd;
  if (test === undefined && reason === undefined) {
    return `${id}: no end-to-end test reaches it; add a case to test/e2e/errors, or the reason to the list of unreached errors`;
  }
  if (test !== undefined && reason !== undefined) {
    return `${id}: ${test} reaches it; remove it from the list of unreached errors`;
  }
  return reason === undefined || reason.length >= MIN_REASON_LENGTH ? null : `${id}: the list gives no reason`;
}

/** IDs without a test and without a reason, and invalid entries of the list. */
export function coverageFindings(coverage: readonly Coverage[], unreached: Unreached): readonly string[] {
  const known = new Set(coverage.map(({ id }) => id));
  return [
    ...coverage.flatMap((item) => findingOf(item, unreached[item.id]) ?? []),
    ...Object.keys(unreached)
      .filter((id) => !known.has(id))
      .map((id) => `${id}: the list of unreached errors names it, but the catalog has no such id`),
  ];
}
