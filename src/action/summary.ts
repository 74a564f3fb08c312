import type { FailureFacts } from '../transfer/failure.ts';
import type { ReportDocument } from '../transfer/schemas.ts';
import { formatBytes } from '../transfer/size.ts';
import { formatCount, formatSeconds } from './format.ts';
import { docsLink } from './docs-link.ts';
import { code, escapeText, prose, quote, table, unbroken } from './markdown.ts';
import { artifactSections } from './summary-artifacts.ts';
import { section } from './summary-section.ts';

/** GitHub takes 1 MiB for a step; room is left for whatever else the step writes. */
const LARGEST_SUMMARY_BYTES = 900 * 1024;
/** Rows that are tried, the largest number first, until the summary fits; with more it never does. */
const ROW_LIMITS = [5000, 3000, 1000, 200, 20];
const MOST_SHOWN_FAILURES = 20;
const MOST_SHOWN_WARNINGS = 10;
/** Services may say more than anybody reads; all of it is in report.json. */
const LONGEST_SHOWN_TEXT = 8000;

type ReportBatch = ReportDocument['batches'][number];
type ReportFailure = ReportDocument['failures'][number];
type StageName = ReportBatch['stages'][number]['stage'];

const VERDICT: Readonly<Record<ReportDocument['status'], string>> = {
  succeeded: '✅',
  'nothing-to-do': '✅',
  partial: '❌',
  failed: '❌',
};

const DONE: Readonly<Record<ReportDocument['mode'], string>> = {
  full: 'transferred',
  export: 'exported',
  handoff: 'handed off',
  import: 'imported',
};

const STAGES: readonly StageName[] = ['export', 'handoff', 'import', 'verify'];

function blobsHeadline({ batches, failures, mode, status }: ReportDocument): string {
  if (failures.length > 0) return `${formatCount(failures.length, 'problem')} in mode ${mode}`;
  if (batches.length === 0) return 'Nothing to do';
  const blobs = formatCount(batches.length, 'transfer blob');
  return status === 'nothing-to-do' ? `${blobs} there already` : `${blobs} ${DONE[mode]}`;
}

function planHeadline({ status, batches, counts, planned, artifacts }: ReportDocument): string {
  const travelling = artifacts.filter(({ outcome }) => outcome === 'planned').length;
  const there = counts.skipped > 0 ? `, ${counts.skipped.toLocaleString('en-US')} there already` : '';
  const blocked = counts.failed > 0 ? `, ${counts.failed.toLocaleString('en-US')} cannot travel` : '';
  if (status === 'nothing-to-do') return `Plan: nothing to do${there}`;
  const size = planned === null || travelling === 0 ? '' : `, about ${formatBytes(planned.bytes)}`;
  const what = `${formatCount(travelling, 'artifact')} in ${formatCount(batches.length, 'batch', 'batches')}`;
  return `Plan: ${what}${size}${there}${blocked}`;
}

function headline(report: ReportDocument): string {
  if (report.dryRun) return planHeadline(report);
  const { selected, transferred, skipped, failed } = report.counts;
  if (selected === 0) return blobsHeadline(report);
  if (report.status === 'nothing-to-do') return `Nothing to do: ${formatCount(selected, 'artifact')} there already`;
  const verified = report.artifacts.filter(({ outcome }) => outcome === 'verified').length;
  const proof = verified === transferred && verified > 0 ? ' and verified' : '';
  const rest = [
    skipped > 0 ? `, ${skipped.toLocaleString('en-US')} there already` : '',
    failed > 0 ? `, ${failed.toLocaleString('en-US')} failed` : '',
  ].join('');
  return `${transferred.toLocaleString('en-US')} of ${formatCount(selected, 'artifact')} ${DONE[report.mode]}${proof}${rest}`;
}

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

function subline(report: ReportDocument): string {
  const { from, to, bytes, seconds } = report;
  const way = from === null || to === null ? '' : `${code(from)} → ${code(to)} · `;
  const rate = bytes > 0 && seconds > 0 ? ` (${formatBytes(bytes / seconds)}/s)` : '';
  const moved = bytes > 0 ? `${formatBytes(bytes)} in ` : '';
  return `${way}${moved}${formatSeconds(seconds)}${rate} · mode ${code(report.mode)}${report.dryRun ? ', dry run' : ''} · ${code(report.transferName)}${planLine(report)}`;
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

function stageCell(batch: ReportBatch, name: StageName): string {
  const stages = batch.stages.filter(({ stage }) => stage === name);
  const last = stages.at(-1);
  if (last === undefined) return '';
  if (last.outcome === 'skipped') return '☑️&nbsp;already';
  const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return `${last.outcome === 'failed' ? '❌ ' : ''}${unbroken(formatSeconds(seconds))}`;
}

const STAGE_TITLE: Readonly<Record<StageName, string>> = {
  export: 'Export',
  handoff: 'Handoff',
  import: 'Import',
  verify: 'Verify',
};

function batchTable(batches: readonly ReportBatch[]): string {
  const used = STAGES.filter((name) => batches.some(({ stages }) => stages.some(({ stage }) => stage === name)));
  const rows = batches.map((batch, index) => [
    String(index + 1),
    code(batch.blob),
    batch.artifacts === 0 ? '' : String(batch.artifacts),
    batch.bytes === 0 ? '' : unbroken(formatBytes(batch.bytes)),
    ...used.map((name) => stageCell(batch, name)),
  ]);
  const head = ['#', 'Transfer blob', 'Artifacts', 'Size', ...used.map((name) => STAGE_TITLE[name])];
  return table(head, ['right', 'left', 'right', 'right', ...used.map(() => 'right' as const)], rows);
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
  const { batches, warnings, failures } = report;
  const parts = [
    `## ${signOf(report)} ${headline(report)}`,
    subline(report),
    ...problems(failures),
    ...warningBlocks(warnings),
  ];
  if (batches.length > 0) {
    const body = batchTable(batches.slice(0, limit));
    parts.push(section(formatCount(batches.length, 'batch', 'batches'), batches.length, body));
  }
  parts.push(...artifactSections(report, limit));
  return `${[...parts, ...footer(report)].join('\n\n')}\n`;
}

/** The job summary of a transfer, GitHub-flavoured Markdown of at most 900 KiB. */
export function transferSummary(report: ReportDocument): string {
  const attempts = ROW_LIMITS.values().map((limit) => render(report, limit));
  return attempts.find((text) => Buffer.byteLength(text) <= LARGEST_SUMMARY_BYTES) ?? render(report, 0);
}

/** The job summary of a step that never began. */
export const failureSummary = (facts: FailureFacts): string => `## ❌ Not started\n\n${failureBlock(facts)}\n`;
