/** The whole report as blocks, section after section. */
import { basename } from 'node:path';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import type { TransferErrorFacts } from '../../transfer/errors/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatRate, formatSeconds } from '../text/format.ts';
import { artifactBlocks } from './artifacts-section.ts';
import { batchBlocks, timelineBlocks } from './batches-section.ts';
import { code, joined, link, ours, paragraph, small, verdict, type Block, type Inline } from './blocks.ts';
import { checkBlocks } from './checks-section.ts';
import { handoffBlocks, locationText } from './handoff-section.ts';
import { headline, inTheWay, signOf } from './headline.ts';
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
  return [ours('Documents: '), ...joined(names, ours(', '))];
}

/** One line, in small print. */
export const provenanceBlocks = ({ provenance, documents, createdAt }: ReportDocument): readonly Block[] => [
  small([
    ...(provenance === null ? [] : [...originText(provenance), ours(' · ')]),
    ours(`${createdAt.slice(0, 16).replace('T', ' ')} UTC · `),
    ...documentsText(documents),
  ]),
];

const COMPARED: Readonly<Record<NonNullable<ReportDocument['planned']>['incremental'], string>> = {
  off: '',
  target: ' · compared with the live target',
  receipt: ' · compared with receipts',
  history: ' · compared with what was handed over before',
};

/** A saving below this is not worth a word. */
const MIN_SHOWN_PERCENT = 1;

function planText({ planned }: ReportDocument): string {
  if (planned === null) return '';
  const { bytes, naiveBytes, incremental } = planned;
  const percent = naiveBytes === 0 ? 0 : Math.floor((100 * (naiveBytes - bytes)) / naiveBytes);
  const saved = formatBytes(Math.max(0, naiveBytes - bytes));
  const saving = percent < MIN_SHOWN_PERCENT ? '' : ` · shared layers save ${saved} (${percent} %)`;
  return `${COMPARED[incremental]}${saving}`;
}

/** What the whole took. Of a handoff there is a line of its own, that does not count the waiting in between. */
function movedText({ bytes, seconds, handoff, mode }: ReportDocument): string {
  if (mode === 'handoff' && handoff !== null) return '';
  const rate = handoff === null ? formatRate(bytes, seconds) : null;
  const size = bytes > 0 ? `${formatBytes(bytes)} in ` : '';
  return `${size}${formatSeconds(seconds)}${rate === null ? '' : ` (${rate})`} · `;
}

function subline(report: ReportDocument): readonly Inline[] {
  const { from, to, mode, dryRun, transferName } = report;
  const way =
    from === null || to === null ? [] : [...locationText(from), ours(' → '), ...locationText(to), ours(' · ')];
  return [
    ...way,
    ours(`${movedText(report)}mode `),
    code(mode),
    ours(`${dryRun ? ', dry run' : ''} · `),
    code(transferName),
    ours(planText(report)),
  ];
}

/**
 * The whole of a report.
 * @param limit rows of a table
 */
export const reportBlocks = (report: ReportDocument, limit: number): readonly Block[] => [
  verdict(ours(`${signOf(report)} ${headline(report)}`)),
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

/** What there is to tell of a step that never began. */
export const errorBlocks = (facts: TransferErrorFacts): readonly Block[] => [
  verdict(ours(`❌ Not started: ${inTheWay(1)}`)),
  errorBlock(facts),
];
