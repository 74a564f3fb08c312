/**
 * Writes the notes of a release from the commits since the last one. Rejects a version that doesn't match them, package.json or
 * CHANGELOG.md: `npm run release-notes -- --version 1.2.0 --repository owner/name`. Exits 1 then.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rsort, valid } from 'semver';
import { ROOT } from './action-definition.ts';
import { LOG_FORMAT, parseLog } from './release/commits.ts';
import { releaseNotes } from './release/notes.ts';
import { versionFindings } from './release/version.ts';

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Version of the newest release before this commit. `v1` moves, so it is no version. */
function previousVersion(): string | null {
  const tags = git('tag', '--list', 'v*', '--merged', 'HEAD').split('\n');
  const versions = tags.map((tag) => tag.slice(1)).filter((version) => valid(version) === version);
  return rsort(versions)[0] ?? null;
}

const { values } = parseArgs({ options: { version: { type: 'string' }, repository: { type: 'string' } } });
const { version, repository } = values;
if (version === undefined || repository === undefined) throw new Error('--version and --repository are needed');

const previous = previousVersion();
const range = previous === null ? 'HEAD' : `v${previous}..HEAD`;
const commits = parseLog(git('log', '--no-merges', `--format=${LOG_FORMAT}`, range));
const { version: manifestVersion } = JSON.parse(read('package.json')) as { readonly version: string };
const findings = versionFindings(version, { previous, manifestVersion, changelog: read('CHANGELOG.md') }, commits);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else process.stdout.write(releaseNotes({ version, previous, repository, sha: git('rev-parse', 'HEAD') }, commits));
