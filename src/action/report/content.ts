/** The whole report as blocks. */
import { basename } from 'node:path';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatRate, formatSeconds } from '../text/format.ts';
import { artifactBlocks } from './artifacts-section.ts';
import { batchBlocks, timelineBlocks } from './batches-section.ts';
import { code, headlineBlock, joined, link, paragraph, small, trusted, type Block, type Inline } from './blocks.ts';
import { checkBlocks } from './checks-section.ts';
import { handoffBlocks, locationText } from './handoff-section.ts';
import { headline, signOf } from './headline.ts';
import { errorBlock, problemBlocks } from './problems-section.ts';
import { cleanupBlocks, sideBlocks } from './sides-section.ts';

type ReportProvenance = NonNullable<ReportDocument['provenance']>;

function commitUrl({ run, repository, commit }: ReportProvenance): string | null {
  const server = URL.parse(run)?.origin;
  return server === undefined ? null : `${server}/${repository}/commit/${commit}`;
}

function originText(provenance: ReportProvenance): readonly Inline[] {
  const { repository, commit, workflow, run, actor } = provenance;
  return [
    link(run, workflow === '' ? 'workflow run' : workflow),
    ` in ${repository}`,
    ...(commit === '' ? [] : [' at ', link(commitUrl(provenance), code(commit.slice(0, 12)))]),
    ...(actor === '' ? [] : [`, by ${actor}`]),
  ];
}

function documentsText({ plan, manifest, receipt }: ReportDocument['documents']): readonly Inline[] {
  const paths = [plan, manifest, receipt].filter((path) => path !== null);
  const names = [...paths.map((path) => code(basename(path))), code('report.json'), code('report.html')];
  return [trusted('Documents: '), ...joined(names, trusted(', '))];
}

/** A line in small print: workflow run, time, documents. */
export const provenanceBlocks = ({ provenance, documents, createdAt }: ReportDocument): readonly Block[] => [
  small([
    ...(provenance === null ? [] : [...originText(provenance), trusted(' · ')]),
    trusted(`${createdAt.slice(0, 16).replace('T', ' ')} UTC · `),
    ...documentsText(documents),
  ]),
];

const COMPARED: Readonly<Record<NonNullable<ReportDocument['planned']>['incremental'], string>> = {
  off: '',
  target: ' · compared with the live target',
  receipt: ' · compared with receipts',
  history: ' · compared with the history',
};

/** Smaller savings are not shown. */
const MIN_SHOWN_PERCENT = 1;

function planText({ planned }: ReportDocument): string {
  if (planned === null) return '';
  const { bytes, naiveBytes, incremental } = planned;
  const percent = naiveBytes === 0 ? 0 : Math.floor((100 * (naiveBytes - bytes)) / naiveBytes);
  const saved = formatBytes(Math.max(0, naiveBytes - bytes));
  const saving = percent < MIN_SHOWN_PERCENT ? '' : ` · shared layers save ${saved} (${percent} %)`;
  return `${COMPARED[incremental]}${saving}`;
}

/** Size and duration of the transfer. Mode handoff has a separate line, which does not count the waiting times. */
function sizeAndTime({ bytes, seconds, handoff, mode }: ReportDocument): string {
  if (mode === 'handoff' && handoff !== null) return '';
  const rate = handoff === null ? formatRate(bytes, seconds) : null;
  const size = bytes > 0 ? `${formatBytes(bytes)} in ` : '';
  return `${size}${formatSeconds(seconds)}${rate === null ? '' : ` (${rate})`} · `;
}

function subline(report: ReportDocument): readonly Inline[] {
  const { from, to, mode, dryRun, transferName } = report;
  const route =
    from === null || to === null ? [] : [...locationText(from), trusted(' → '), ...locationText(to), trusted(' · ')];
  return [
    ...route,
    trusted(`${sizeAndTime(report)}mode `),
    code(mode),
    trusted(`${dryRun ? ', dry run' : ''} · `),
    code(transferName),
    trusted(planText(report)),
  ];
}

/**
 * The blocks of a report.
 * @param limit maximum number of rows of a table
 */
export const reportBlocks = (report: ReportDocument, limit: number): readonly Block[] => [
  headlineBlock(trusted(`${signOf(report)} ${headline(report)}`)),
  paragraph(subline(report)),
  ...handoffBlocks(report),
  ...problemBlocks(report),
  ...checkBlocks(report, limit),
  ...timelineBlocks(report),
  ...batchBlocks(report, limit),
  ...artifactBlocks(report, limit),
  ...sideBlocks(report),
  ...cleanupBlocks(report),
  ...provenanceBlocks(report),
];

/** The blocks of a step that did not start. */
export const errorBlocks = (facts: TransferErrorFacts): readonly Block[] => [
  headlineBlock(trusted('❌ Not started: 1 problem')),
  errorBlock(facts),
];
