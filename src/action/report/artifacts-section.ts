/** Section about the artifacts, most important first. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatNumber, shortHash, shortReference } from '../text/format.ts';
import {
  code,
  folded,
  MAX_OPEN_TABLE_LENGTH,
  moreBlocks,
  section,
  table,
  trusted,
  unbroken,
  type Block,
  type Text,
} from './blocks.ts';

type ReportArtifact = ReportDocument['artifacts'][number];

const STATUS_TEXT: Readonly<Record<ReportArtifact['outcome'], string>> = {
  planned: '📋 planned',
  verified: '✅ verified',
  present: '☑️ up to date',
  'present-unverified': '⚠️ up to date, not verified',
  exported: '📦 exported',
  'handed-off': '🚚 handed off',
  unverified: '⚠️ not verified',
  failed: '❌ failed',
};

type Group = 'failed' | 'unverified' | 'changed' | 'new' | 'transferred' | 'up-to-date';

/** In display order. */
const GROUPS: readonly Group[] = ['failed', 'unverified', 'changed', 'new', 'transferred', 'up-to-date'];

/** Groups that are never folded. */
const OPEN_GROUPS: readonly Group[] = ['failed', 'unverified'];

function groupOf({ outcome, reason }: ReportArtifact): Group {
  if (outcome === 'failed' || outcome === 'unverified') return outcome;
  if (outcome === 'present' || outcome === 'present-unverified') return 'up-to-date';
  return reason === 'changed' || reason === 'new' ? reason : 'transferred';
}

function titleOf(group: Group, count: number, dryRun: boolean): string {
  const number = formatNumber(count);
  switch (group) {
    case 'failed':
      return `${number} failed`;
    case 'unverified':
      return `${number} not verified`;
    case 'changed':
      return `${number} changed`;
    case 'new':
      return `${number} new`;
    case 'transferred':
      return `${formatCount(count, 'artifact')} ${dryRun ? 'to transfer' : 'transferred'}`;
    case 'up-to-date':
      return `${formatCount(count, 'artifact')} up to date`;
  }
}

/** The reason of an artifact; empty if the column with the result already shows it. */
const reasonText = ({ outcome, failure, why }: ReportArtifact): string =>
  outcome === 'present' || failure !== null ? '' : (why ?? '');

const artifactRow = (artifact: ReportArtifact, withReasons: boolean): readonly Text[] => [
  unbroken(`${STATUS_TEXT[artifact.outcome]}${artifact.failure === null ? '' : ` ${artifact.failure}`}`),
  ...(withReasons ? [reasonText(artifact)] : []),
  code(shortReference(artifact.reference)),
  artifact.digest === null ? '' : code(shortHash(artifact.digest)),
  artifact.size === null ? '' : unbroken(formatBytes(artifact.size)),
];

function artifactTable(artifacts: readonly ReportArtifact[], limit: number, withReasons: boolean): readonly Block[] {
  const hasReasons = withReasons && artifacts.some((item) => reasonText(item) !== '');
  return [
    table(
      ['Result', ...(hasReasons ? ['Why'] : []), 'Artifact', 'SHA-256', '>Size'],
      artifacts.slice(0, limit).map((artifact) => artifactRow(artifact, hasReasons)),
    ),
    ...moreBlocks(artifacts.length - limit),
  ];
}

type ArtifactGroups = readonly (readonly [Group, readonly ReportArtifact[]])[];

const groupArtifacts = (artifacts: readonly ReportArtifact[]): ArtifactGroups =>
  GROUPS.map((group) => [group, artifacts.filter((artifact) => groupOf(artifact) === group)] as const).filter(
    ([, members]) => members.length > 0,
  );

/** One table for each group. All tables are folded except those of failed and unverified artifacts. */
function groupBlocks(groups: ArtifactGroups, limit: number, dryRun: boolean, withReasons: boolean): readonly Block[] {
  const openLimit = Math.min(limit, MAX_OPEN_TABLE_LENGTH);
  return groups.map(([group, artifacts]) => {
    const title = trusted(titleOf(group, artifacts.length, dryRun));
    if (OPEN_GROUPS.includes(group)) return section(title, 0, ...artifactTable(artifacts, openLimit, withReasons));
    return folded(title, ...artifactTable(artifacts, limit, withReasons && group !== 'new' && group !== 'up-to-date'));
  });
}

function leftOutBlocks(leftOut: ReportDocument['leftOut'], limit: number): readonly Block[] {
  if (leftOut.length === 0) return [];
  const rows = leftOut.slice(0, limit).map(({ reference, why }) => [code(shortReference(reference)), why]);
  const title = trusted(`${formatCount(leftOut.length, 'artifact')} left out`);
  return [folded(title, table(['Artifact', 'Why'], rows), ...moreBlocks(leftOut.length - limit))];
}

/**
 * The sections about artifacts.
 * @param limit maximum number of rows of a table
 */
export function artifactBlocks(report: ReportDocument, limit: number): readonly Block[] {
  const { artifacts, leftOut, dryRun, planned } = report;
  // Without a comparison, the reason of every artifact is the same: it was selected.
  const withReasons = planned !== null && (dryRun || planned.incremental !== 'off');
  const leftOutSection = leftOutBlocks(leftOut, limit);
  if (artifacts.length === 0) return leftOutSection;
  const groups = groupArtifacts(artifacts);
  if (artifacts.length > MAX_OPEN_TABLE_LENGTH)
    return [...groupBlocks(groups, limit, dryRun, withReasons), ...leftOutSection];
  const ordered = groups.flatMap(([, members]) => members);
  const title = trusted(formatCount(artifacts.length, 'artifact'));
  return [section(title, artifacts.length, ...artifactTable(ordered, limit, withReasons)), ...leftOutSection];
}
