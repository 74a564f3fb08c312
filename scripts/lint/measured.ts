/** Whether the figures in docs/measured are still those of the code that they describe. */

/** Folder of the records, from the root. */
export const MEASURED_FOLDER = 'docs/measured';

/** What every record says of its figures. `npm run show -- NAME --record` and `npm run bench -- NAME --record` write it. */
export interface Origin {
  /** Commit whose code was measured, all 40 digits. */
  readonly commit: string;
  /** `2026-11-30`, UTC. */
  readonly date: string;
  /** Files and folders whose changes make the figures outdated, from the root. */
  readonly describes: readonly string[];
}

/** What the check must know of the repository. */
export interface History {
  /** Whether older commits are missing, or there is no history at all. */
  readonly isShallow: boolean;
  readonly hasPath: (path: string) => boolean;
  /** How many commits have changed any of the paths since `commit`; null when that commit is not there. */
  readonly changesSince: (commit: string, paths: readonly string[]) => number | null;
}

/** `invalid`: the record says too little; `outdated`: its code has changed since; `unknown`: the history cannot tell. */
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

/** Judges one record. */
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

/** How the check is run. */
export interface Strictness {
  /** Nightly and before a release, outdated figures fail. */
  readonly strict: boolean;
  /** In CI, figures that cannot be compared fail; on a developer's machine they are reported. */
  readonly ci: boolean;
}

/** Whether a finding fails the check. */
export const isFatal = ({ kind }: MeasuredFinding, { strict, ci }: Strictness): boolean =>
  kind === 'invalid' || strict || (ci && kind === 'unknown');
