import type { Commit } from './commits.ts';

/** The release of the notes. */
export interface Release {
  readonly version: string;
  readonly previous: string | null;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly sha: string;
}

/** Types of commits that users notice. Others are only counted. */
const SECTIONS: readonly (readonly [type: string, title: string])[] = [
  ['feat', 'New'],
  ['fix', 'Fixed'],
  ['perf', 'Faster'],
  ['revert', 'Taken back'],
];

/** Escapes the text of a commit, so that it contains no mentions and no HTML. */
const plain = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('@', '@<!-- -->');

const item = (text: string, { sha, scope }: Commit): string =>
  `- ${scope === null ? '' : `**${plain(scope)}**: `}${plain(text)} (${sha.slice(0, 7)})`;

const section = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [`## ${title}\n\n${items.join('\n')}`];

function verification({ version, repository, sha }: Release): string {
  return `## Pin and verify

\`\`\`yaml
- uses: ${repository}@${sha} # v${version}
\`\`\`

\`\`\`sh
gh attestation verify dist/index.js --repo ${repository} --signer-workflow ${repository}/.github/workflows/release.yml --source-digest ${sha}
\`\`\`

The SBOM and the licenses of everything in \`dist/\` are below. What else changed is in [CHANGELOG.md](https://github.com/${repository}/blob/${sha}/CHANGELOG.md).`;
}

/** The notes of a release in Markdown, breaking changes first. */
export function releaseNotes(release: Release, commits: readonly Commit[]): string {
  const told = new Set(SECTIONS.map(([type]) => type));
  const rest = commits.filter(({ type, breaking }) => breaking === null && !told.has(type ?? ''));
  const breaking = commits.flatMap((commit) => (commit.breaking === null ? [] : [item(commit.breaking, commit)]));
  const parts = [
    ...section('What breaks', breaking),
    ...SECTIONS.flatMap(([wanted, title]) =>
      section(
        title,
        commits.filter(({ type }) => type === wanted).map((commit) => item(commit.summary, commit)),
      ),
    ),
    ...(rest.length === 0
      ? []
      : [`${rest.length} more ${rest.length === 1 ? 'commit' : 'commits'} that users do not notice.`]),
    verification(release),
  ];
  return `${parts.join('\n\n')}\n`;
}
