/** What a report tells, from the first line to the last: the job summary and the page are two prints of it. */
import type { FailureFacts } from '../transfer/failure.ts';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { formatBytes } from '../transfer/size.ts';
import { code, ours, paragraph, verdict, type Block, type Inline } from './blocks.ts';
import { formatRate, formatSeconds } from './format.ts';
import { artifactBlocks } from './summary-artifacts.ts';
import { batchBlocks } from './summary-batches.ts';
import { checkBlocks } from './summary-checks.ts';
import { handoffBlocks, placeText } from './summary-handoff.ts';
import { headline, inTheWay, signOf } from './summary-headline.ts';
import { failureBlock, problemBlocks } from './summary-problems.ts';
import { provenanceBlocks } from './summary-provenance.ts';
import { sideBlocks } from './summary-sides.ts';
import { sweptBlocks } from './summary-swept.ts';
import { timelineBlocks } from './summary-timeline.ts';

const COMPARED: Readonly<Record<NonNullable<ReportDocument['planned']>['incremental'], string>> = {
  off: '',
  target: ' · compared with the live target',
  receipt: ' · compared with receipts',
  history: ' · compared with what was handed over before',
};

/** A saving below this is not worth a word. */
const LEAST_SHOWN_PERCENT = 1;

function planText({ planned }: ReportDocument): string {
  if (planned === null) return '';
  const { bytes, naiveBytes, incremental } = planned;
  const percent = naiveBytes === 0 ? 0 : Math.floor((100 * (naiveBytes - bytes)) / naiveBytes);
  const saved = formatBytes(Math.max(0, naiveBytes - bytes));
  const saving = percent < LEAST_SHOWN_PERCENT ? '' : ` · shared layers save ${saved} (${percent} %)`;
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
  const way = from === null || to === null ? [] : [...placeText(from), ours(' → '), ...placeText(to), ours(' · ')];
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
  ...sweptBlocks(report),
  ...provenanceBlocks(report),
];

/** What there is to tell of a step that never began. */
export const failureBlocks = (facts: FailureFacts): readonly Block[] => [
  verdict(ours(`❌ Not started: ${inTheWay(1)}`)),
  failureBlock(facts),
];
