import { gt, inc, lt, major, prerelease, valid } from 'semver';
import type { Commit } from './commits.ts';

/** Facts that must match the version of a release. */
export interface ReleaseState {
  /** Version of the last release; null for the first one. */
  readonly previous: string | null;
  readonly manifestVersion: string;
  readonly changelog: string;
}

/** The increment that Semantic Versioning requires. */
export function leastVersion(previous: string, commits: readonly Commit[]): string {
  if (commits.some(({ breaking }) => breaking !== null)) return inc(previous, 'major') ?? previous;
  if (commits.some(({ type }) => type === 'feat')) return inc(previous, 'minor') ?? previous;
  return inc(previous, 'patch') ?? previous;
}

function afterPrevious(version: string, previous: string, commits: readonly Commit[]): readonly string[] {
  if (commits.length === 0) return [`nothing was committed since ${previous}`];
  if (!gt(version, previous)) return [`${version} does not come after ${previous}`];
  const least = leastVersion(previous, commits);
  return lt(version, least) ? [`what was committed since ${previous} asks for ${least} or later, not ${version}`] : [];
}

const dated = (changelog: string, version: string): boolean =>
  changelog.split('\n').some((line) => line.startsWith(`## [${version}] - `) && /\d{4}-\d{2}-\d{2}$/.test(line));

/** The problems of a version, one line each. */
export function versionFindings(
  version: string,
  { previous, manifestVersion, changelog }: ReleaseState,
  commits: readonly Commit[],
): readonly string[] {
  // Users of v1 get releases, and no release candidates.
  if (valid(version) !== version || prerelease(version) !== null) return [`${version} is not a version like 1.2.3`];
  // Workflows, samples and documentation use the major tag, which the release moves. None of them uses v0.
  if (major(version) === 0) return [`${version} would move the unused tag v0: releases start with 1.0.0`];
  return [
    ...(manifestVersion === version ? [] : [`package.json has version ${manifestVersion}, not ${version}`]),
    ...(dated(changelog, version) ? [] : [`CHANGELOG.md has no "## [${version}] - " with a date`]),
    ...(previous === null ? [] : afterPrevious(version, previous, commits)),
  ];
}
