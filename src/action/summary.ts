import type { FailureFacts } from '../transfer/failure.ts';
import type { ReportDocument } from '../transfer/schemas.ts';
import { formatBytes } from '../transfer/size.ts';
import { formatCount, formatRate, formatSeconds } from './format.ts';
import { docsLink } from './docs-link.ts';
import { code, escapeText, prose, quote } from './markdown.ts';
import { artifactSections } from './summary-artifacts.ts';
import { batchSections } from './summary-batches.ts';
import { handoffParts, placeText } from './summary-handoff.ts';
import { headline } from './summary-headline.ts';

/** GitHub takes 1 MiB for a step; room is left for whatever else the step writes. */
const LARGEST_SUMMARY_BYTES = 900 * 1024;
/** Rows that are tried, the largest number first, until the summary fits; with more it never does. */
const ROW_LIMITS = [5000, 3000, 1000, 200, 20];
const MOST_SHOWN_FAILURES = 20;
const MOST_SHOWN_WARNINGS = 10;
/** Services may say more than anybody reads; all of it is in report.json. */
const LONGEST_SHOWN_TEXT = 8000;

type ReportFailure = ReportDocument['failures'][number];
const VERDICT: Readonly<Record<ReportDocument['status'], string>> = {
  succeeded: '✅',
  'nothing-to-do': '✅',
  partial: '❌',
  failed: '❌',
};

const COMPARED: Readonly<Record<NonNullable<ReportDocument['planned']>['incremental'], string>> = {
  off: '',
  target: ' · compared with the live target',
  receipt: ' · compared with receipts',
  history: ' · compared with what was handed over before',
};

/** A saving below this is not worth a word. */
const LEAST_SHOWN_PERCENT = 1;

function planLine({ planned }: ReportDocument): string {
  if (planned === null) return '';
  const { bytes, naiveBytes, incremental } = planned;
  const percent = naiveBytes === 0 ? 0 : Math.floor((100 * (naiveBytes - bytes)) / naiveBytes);
  const saved = formatBytes(Math.max(0, naiveBytes - bytes));
  const saving = percent < LEAST_SHOWN_PERCENT ? '' : ` · shared layers save ${saved} (${percent} %)`;
  return `${COMPARED[incremental]}${saving}`;
}

/** What the whole took. Of a handoff there is a line of its own, that does not count the waiting in between. */
function moved({ bytes, seconds, handoff, mode }: ReportDocument): string {
  if (mode === 'handoff' && handoff !== null) return '';
  const rate = handoff === null ? formatRate(bytes, seconds) : null;
  const size = bytes > 0 ? `${formatBytes(bytes)} in ` : '';
  return `${size}${formatSeconds(seconds)}${rate === null ? '' : ` (${rate})`} · `;
}

function subline(report: ReportDocument): string {
  const { from, to, mode, dryRun, transferName } = report;
  const way = from === null || to === null ? '' : `${placeText(from)} → ${placeText(to)} · `;
  return `${way}${moved(report)}mode ${code(mode)}${dryRun ? ', dry run' : ''} · ${code(transferName)}${planLine(report)}`;
}

const shortened = (text: string): string =>
  text.length > LONGEST_SHOWN_TEXT ? `${text.slice(0, LONGEST_SHOWN_TEXT)}…` : text;

/** The first warnings. */
function warningBlocks(warnings: readonly string[]): string[] {
  const rest = warnings.length - MOST_SHOWN_WARNINGS;
  const blocks = warnings
    .slice(0, MOST_SHOWN_WARNINGS)
    .map((warning) => quote(`[!WARNING]\n${escapeText(shortened(warning))}`));
  return rest > 0 ? [...blocks, `… and ${formatCount(rest, 'more warning')} in ${code('report.json')}.`] : blocks;
}

function failureBlock({ id, title, message, remedy, correlationId }: ReportFailure): string {
  const parts = [
    `**${docsLink(id)} ${escapeText(title)}**`,
    prose(shortened(message)),
    `**What to do:** ${prose(shortened(remedy))}`,
    ...(correlationId === null ? [] : [`Correlation ID ${code(correlationId)}`]),
  ];
  return quote(`[!CAUTION]\n${parts.join('\n\n')}`);
}

/** The problems of a step, each with its remedy. */
function problems(failures: ReportDocument['failures']): string[] {
  if (failures.length === 0) return [];
  const rest = failures.length - MOST_SHOWN_FAILURES;
  const more = rest > 0 ? [`… and ${rest} more in ${code('report.json')}.`] : [];
  return [failures.slice(0, MOST_SHOWN_FAILURES).map(failureBlock).join('\n\n'), ...more];
}

function footer({ provenance }: ReportDocument): string[] {
  if (provenance === null) return [];
  const { repository, commit, workflow, actor } = provenance;
  return [
    `<sub>${escapeText(workflow)} in ${escapeText(repository)} at ${code(commit.slice(0, 12))}, by ${escapeText(actor)}</sub>`,
  ];
}

const signOf = ({ status, dryRun }: ReportDocument): string =>
  dryRun && status === 'succeeded' ? '📋' : VERDICT[status];

function render(report: ReportDocument, limit: number): string {
  const parts = [
    `## ${signOf(report)} ${headline(report)}`,
    subline(report),
    ...handoffParts(report),
    ...problems(report.failures),
    ...warningBlocks(report.warnings),
    ...batchSections(report, limit),
    ...artifactSections(report, limit),
    ...footer(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The job summary of a transfer, GitHub-flavoured Markdown of at most 900 KiB. */
export function transferSummary(report: ReportDocument): string {
  const attempts = ROW_LIMITS.values().map((limit) => render(report, limit));
  return attempts.find((text) => Buffer.byteLength(text) <= LARGEST_SUMMARY_BYTES) ?? render(report, 0);
}

/** The job summary of a step that never began. */
export const failureSummary = (facts: FailureFacts): string => `## ❌ Not started\n\n${failureBlock(facts)}\n`;
