/** The artifacts of a report: what a person looks for first comes first. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatNumber, shortHash, shortReference } from '../text/format.ts';
import {
  code,
  folded,
  MAX_OPEN_TABLE_LENGTH,
  moreBlocks,
  ours,
  section,
  table,
  unbroken,
  type Block,
  type Text,
} from './blocks.ts';

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

type Group = 'failed' | 'unverified' | 'changed' | 'new' | 'carried' | 'there';

/** In the order in which they are shown. */
const GROUPS: readonly Group[] = ['failed', 'unverified', 'changed', 'new', 'carried', 'there'];

/** What is wrong is seen without a click, however much else there is. */
const OPEN: readonly Group[] = ['failed', 'unverified'];

function groupOf({ outcome, reason }: ReportArtifact): Group {
  if (outcome === 'failed' || outcome === 'unverified') return outcome;
  if (outcome === 'present' || outcome === 'present-unverified') return 'there';
  return reason === 'changed' || reason === 'new' ? reason : 'carried';
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
    case 'carried':
      return `${formatCount(count, 'artifact')} ${dryRun ? 'to travel' : 'carried'}`;
    case 'there':
      return `${formatCount(count, 'artifact')} there already`;
  }
}

/** What is there already, and what has failed with an id, says so in its result. */
const whyText = ({ outcome, failure, why }: ReportArtifact): string =>
  outcome === 'present' || failure !== null ? '' : (why ?? '');

const artifactRow = (artifact: ReportArtifact, withWhy: boolean): readonly Text[] => [
  unbroken(`${OUTCOME[artifact.outcome]}${artifact.failure === null ? '' : ` ${artifact.failure}`}`),
  ...(withWhy ? [whyText(artifact)] : []),
  code(shortReference(artifact.reference)),
  artifact.digest === null ? '' : code(shortHash(artifact.digest)),
  artifact.size === null ? '' : unbroken(formatBytes(artifact.size)),
];

function artifactTable(artifacts: readonly ReportArtifact[], limit: number, withWhy: boolean): readonly Block[] {
  const hasWhy = withWhy && artifacts.some((item) => whyText(item) !== '');
  return [
    table(
      ['Result', ...(hasWhy ? ['Why'] : []), 'Artifact', 'SHA-256', '>Size'],
      artifacts.slice(0, limit).map((artifact) => artifactRow(artifact, hasWhy)),
    ),
    ...moreBlocks(artifacts.length - limit),
  ];
}

type Grouped = readonly (readonly [Group, readonly ReportArtifact[]])[];

const grouped = (artifacts: readonly ReportArtifact[]): Grouped =>
  GROUPS.map((group) => [group, artifacts.filter((artifact) => groupOf(artifact) === group)] as const).filter(
    ([, own]) => own.length > 0,
  );

/** Many: each group has a table of its own, which folds unless it is what is wrong. */
function groupBlocks(groups: Grouped, limit: number, dryRun: boolean, withWhy: boolean): readonly Block[] {
  const first = Math.min(limit, MAX_OPEN_TABLE_LENGTH);
  return groups.map(([group, artifacts]) => {
    const title = ours(titleOf(group, artifacts.length, dryRun));
    if (OPEN.includes(group)) return section(title, 0, ...artifactTable(artifacts, first, withWhy));
    return folded(title, ...artifactTable(artifacts, limit, withWhy && group !== 'new' && group !== 'there'));
  });
}

function leftOutBlocks(leftOut: ReportDocument['leftOut'], limit: number): readonly Block[] {
  if (leftOut.length === 0) return [];
  const rows = leftOut.slice(0, limit).map(({ reference, why }) => [code(shortReference(reference)), why]);
  const title = ours(`${formatCount(leftOut.length, 'artifact')} left out`);
  return [folded(title, table(['Artifact', 'Why'], rows), ...moreBlocks(leftOut.length - limit))];
}

/**
 * The sections about artifacts.
 * @param limit rows of a table
 */
export function artifactBlocks(report: ReportDocument, limit: number): readonly Block[] {
  const { artifacts, leftOut, dryRun, planned } = report;
  // Without comparing, every artifact would say no more than that it was selected.
  const withWhy = planned !== null && (dryRun || planned.incremental !== 'off');
  const out = leftOutBlocks(leftOut, limit);
  if (artifacts.length === 0) return out;
  const groups = grouped(artifacts);
  if (artifacts.length > MAX_OPEN_TABLE_LENGTH) return [...groupBlocks(groups, limit, dryRun, withWhy), ...out];
  const ordered = groups.flatMap(([, own]) => own);
  const title = ours(formatCount(artifacts.length, 'artifact'));
  return [section(title, artifacts.length, ...artifactTable(ordered, limit, withWhy)), ...out];
}
