/** Checks whether the figures in docs/measured belong to the current code. */

/** Folder of the records, from the root. */
export const MEASURED_FOLDER = 'docs/measured';

/** The origin of the figures of a record. `npm run show -- NAME --record` and `npm run bench -- NAME --record` write it. */
export interface Origin {
  /** Commit whose code was measured, all 40 digits. */
  readonly commit: string;
  /** `2026-11-30`, UTC. */
  readonly date: string;
  /** Files and folders whose changes make the figures outdated, from the root. */
  readonly describes: readonly string[];
}

/** The repository, as far as the check reads it. */
export interface History {
  /** Whether older commits are missing, or the whole history. */
  readonly isShallow: boolean;
  readonly hasPath: (path: string) => boolean;
  /** Number of commits since `commit` that have changed any of the paths; null if that commit doesn't exist. */
  readonly changesSince: (commit: string, paths: readonly string[]) => number | null;
}

/** `invalid`: the record lacks its origin. `outdated`: its code has changed since. `unknown`: the history is missing. */
export interface MeasuredFinding {
  readonly kind: 'invalid' | 'outdated' | 'unknown';
  readonly path: string;
  readonly message: string;
}

function parse(text: string): Partial<Record<keyof Origin, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const isDate = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

const isPaths = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((path) => typeof path === 'string' && path !== '');

/** Checks one record. */
export function measuredFindings(path: string, text: string, history: History): readonly MeasuredFinding[] {
  const { commit, date, describes } = parse(text);
  const invalid = (message: string): MeasuredFinding => ({ kind: 'invalid', path, message });
  const findings = [
    ...(isDate(date) ? [] : [invalid('`date` is not a date such as 2026-11-30')]),
    ...(isPaths(describes) ? [] : [invalid('`describes` names no paths')]),
    ...(isPaths(describes) ? describes : [])
      .filter((described) => !history.hasPath(described))
      .map((described) => invalid(`\`describes\` names ${described}, which does not exist`)),
  ];
  if (typeof commit !== 'string' || !/^[\da-f]{40}$/.test(commit)) {
    return [...findings, invalid('`commit` is not a full commit SHA')];
  }
  if (findings.length > 0 || !isPaths(describes)) return findings;
  const changes = history.changesSince(commit, describes);
  const short = commit.slice(0, 7);
  if (changes === null) {
    const reason = history.isShallow
      ? 'this clone has no complete history; fetch it with `git fetch --unshallow`'
      : 'the history does not contain that commit';
    return [{ kind: 'unknown', path, message: `cannot be compared with commit ${short}: ${reason}` }];
  }
  if (changes === 0) return [];
  const commits = changes === 1 ? '1 commit has' : `${changes} commits have`;
  const message = `measured at commit ${short}; ${commits} changed ${describes.join(', ')} since`;
  return [{ kind: 'outdated', path, message }];
}

/** Options of the check. */
export interface Strictness {
  /** Outdated figures fail: nightly, and before a release. */
  readonly strict: boolean;
  /** Figures that can't be compared fail in CI. On a developer's machine they are reported. */
  readonly ci: boolean;
}

/** Whether a finding fails the check. */
export const isFatal = ({ kind }: MeasuredFinding, { strict, ci }: Strictness): boolean =>
  kind === 'invalid' || strict || (ci && kind === 'unknown');
