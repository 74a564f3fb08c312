/** The artifacts of a job summary: what failed first, then what moved or would, then what was there, then what was left out. */
import type { ReportDocument } from '../transfer/schemas.ts';
import { formatBytes } from '../transfer/size.ts';
import { formatCount, shortDigest, shortReference } from './format.ts';
import { code, escapeText, folded, table, unbroken } from './markdown.ts';
import { LONGEST_OPEN_TABLE, section } from './summary-section.ts';

type ReportArtifact = ReportDocument['artifacts'][number];

const OUTCOME: Readonly<Record<ReportArtifact['outcome'], string>> = {
  planned: '📋 planned',
  verified: '✅ verified',
  present: '☑️ there already',
  'present-unverified': '⚠️ there already, not verified',
  exported: '📦 exported',
  'handed-off': '🚚 handed off',
  unverified: '⚠️ not verified',
  failed: '❌ failed',
};

const more = (rest: number): string =>
  rest > 0 ? `\n\n… and ${formatCount(rest, 'more', 'more')} in ${code('report.json')}.` : '';

const artifactRow = (
  { reference, digest, size, outcome, failure, why }: ReportArtifact,
  withWhy: boolean,
): string[] => [
  unbroken(`${OUTCOME[outcome]}${failure === null ? '' : ` ${failure}`}`),
  // What is there already says so in its result.
  ...(withWhy ? [outcome === 'present' ? '' : escapeText(why ?? '')] : []),
  code(shortReference(reference)),
  digest === null ? '' : code(shortDigest(digest)),
  size === null ? '' : unbroken(formatBytes(size)),
];

function artifactTable(artifacts: readonly ReportArtifact[], limit: number, withWhy: boolean): string {
  const rows = artifacts.slice(0, limit).map((artifact) => artifactRow(artifact, withWhy));
  const head = ['Result', ...(withWhy ? ['Why'] : []), 'Artifact', 'Digest', 'Size'];
  const align = head.map((title) => (title === 'Size' ? ('right' as const) : ('left' as const)));
  return `${table(head, align, rows)}${more(artifacts.length - limit)}`;
}

/** What a person looks for first comes first; what was there before is never more than a folded list. */
const RANK: Readonly<Record<ReportArtifact['outcome'], number>> = {
  failed: 0,
  planned: 1,
  exported: 1,
  'handed-off': 1,
  unverified: 1,
  verified: 1,
  'present-unverified': 2,
  present: 2,
};

const ofRank = (artifacts: readonly ReportArtifact[], rank: number): readonly ReportArtifact[] =>
  artifacts.filter(({ outcome }) => RANK[outcome] === rank);

function longSections(
  artifacts: readonly ReportArtifact[],
  limit: number,
  dryRun: boolean,
  withWhy: boolean,
): string[] {
  const [failed, moved, there] = [0, 1, 2].map((rank) => ofRank(artifacts, rank)) as [
    readonly ReportArtifact[],
    readonly ReportArtifact[],
    readonly ReportArtifact[],
  ];
  const first = Math.min(limit, LONGEST_OPEN_TABLE);
  const verb = dryRun ? 'to travel' : 'carried';
  return [
    ...(failed.length > 0 ? [section(`${failed.length} failed`, 0, artifactTable(failed, first, withWhy))] : []),
    ...(moved.length > 0
      ? [
          section(
            `${formatCount(moved.length, 'artifact')} ${verb}`,
            moved.length,
            artifactTable(moved, limit, withWhy),
          ),
        ]
      : []),
    ...(there.length > 0
      ? [folded(`<b>${formatCount(there.length, 'artifact')} there already</b>`, artifactTable(there, limit, false))]
      : []),
  ];
}

function leftOutSection(leftOut: ReportDocument['leftOut'], limit: number): string[] {
  if (leftOut.length === 0) return [];
  const rows = leftOut.slice(0, limit).map(({ reference, why }) => [code(shortReference(reference)), escapeText(why)]);
  const body = `${table(['Artifact', 'Why'], ['left', 'left'], rows)}${more(leftOut.length - limit)}`;
  return [folded(`<b>${formatCount(leftOut.length, 'artifact')} left out</b>`, body)];
}

/**
 * The sections about artifacts.
 * @param limit rows of a table
 */
export function artifactSections({ artifacts, leftOut, dryRun, planned }: ReportDocument, limit: number): string[] {
  // Without comparing, every artifact would say no more than that it was selected.
  const withWhy = planned !== null && (dryRun || planned.incremental !== 'off');
  if (artifacts.length === 0) return leftOutSection(leftOut, limit);
  if (artifacts.length > LONGEST_OPEN_TABLE) {
    return [...longSections(artifacts, limit, dryRun, withWhy), ...leftOutSection(leftOut, limit)];
  }
  const ordered = [0, 1, 2].flatMap((rank) => ofRank(artifacts, rank));
  const title = formatCount(artifacts.length, 'artifact');
  return [section(title, artifacts.length, artifactTable(ordered, limit, withWhy)), ...leftOutSection(leftOut, limit)];
}
