/** The first line of a job summary: the result. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatNumber } from '../text/format.ts';
import { checkCounts } from './checks-section.ts';

const DONE: Readonly<Record<ReportDocument['mode'], string>> = {
  full: 'transferred',
  export: 'exported',
  handoff: 'handed off',
  import: 'imported',
  doctor: 'checked',
};

const STATUS_SIGN: Readonly<Record<ReportDocument['status'], string>> = {
  succeeded: '✅',
  'nothing-to-do': '✅',
  partial: '❌',
  failed: '❌',
};

/** The sign before the headline. */
export const signOf = ({ status, dryRun }: ReportDocument): string =>
  dryRun && status === 'succeeded' ? '📋' : STATUS_SIGN[status];

function doctorHeadline({ failures, checks }: ReportDocument): string {
  if (failures.length > 0) return `Not ready: ${formatCount(failures.length, 'problem')}`;
  const rest = checkCounts(checks.filter(({ verdict }) => verdict !== 'ok'));
  return `Ready: ${formatCount(checks.length, 'check')}, no errors${rest === '' ? '' : `; ${rest}`}`;
}

/** Whether the transfer failed before its first batch. */
const neverStarted = ({ batches, failures, counts }: ReportDocument): boolean =>
  batches.length === 0 && failures.length > 0 && counts.skipped === 0 && counts.transferred === 0;

function blobsHeadline({ batches, failures, mode, status }: ReportDocument): string {
  if (failures.length > 0) return `${formatCount(failures.length, 'problem')} in mode ${mode}`;
  if (batches.length === 0) return 'Nothing to do';
  const blobs = formatCount(batches.length, 'transfer blob');
  return status === 'nothing-to-do' ? `${blobs} up to date` : `${blobs} ${DONE[mode]}`;
}

/** A handoff copies blobs, so its headline counts blobs. */
function handoffHeadline(report: ReportDocument): string {
  const { batches, counts, status } = report;
  if (batches.length === 0) return blobsHeadline(report);
  const blobs = formatCount(batches.length, 'transfer blob');
  if (status === 'nothing-to-do') return `Nothing to do: ${blobs} up to date`;
  const copied = batches.filter(({ handoff }) => handoff !== null).length;
  const skipped = batches.filter(({ stages }) => stages.some(({ outcome }) => outcome === 'skipped')).length;
  const failed = batches.length - copied - skipped;
  const what = copied === batches.length ? blobs : `${formatNumber(copied)} of ${blobs}`;
  const content = counts.selected === 0 ? '' : ` with ${formatCount(counts.transferred, 'artifact')}`;
  return [
    `${what}${copied === 0 ? '' : content} handed off`,
    ...(skipped > 0 ? [`${formatNumber(skipped)} up to date`] : []),
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
  ].join(', ');
}

function planHeadline({ status, batches, counts, planned, artifacts }: ReportDocument): string {
  const toTransfer = artifacts.filter(({ outcome }) => outcome === 'planned').length;
  const upToDate = counts.skipped > 0 ? `, ${formatNumber(counts.skipped)} up to date` : '';
  const blocked = counts.failed > 0 ? `, ${formatNumber(counts.failed)} can't be transferred` : '';
  if (status === 'nothing-to-do') return `Plan: nothing to do${upToDate}`;
  const size = planned === null || toTransfer === 0 ? '' : `, about ${formatBytes(planned.bytes)}`;
  const what = `${formatCount(toTransfer, 'artifact')} in ${formatCount(batches.length, 'batch', 'batches')}`;
  return `Plan: ${what}${size}${upToDate}${blocked}`;
}

/** The headline without its sign. */
export function headline(report: ReportDocument): string {
  if (report.mode === 'doctor') return doctorHeadline(report);
  if (report.dryRun) return planHeadline(report);
  if (neverStarted(report)) return `Not started: ${formatCount(report.failures.length, 'problem')}`;
  if (report.mode === 'handoff') return handoffHeadline(report);
  const { selected, transferred, skipped, failed } = report.counts;
  if (selected === 0) return blobsHeadline(report);
  if (report.status === 'nothing-to-do') return `Nothing to do: ${formatCount(selected, 'artifact')} up to date`;
  const verified = report.artifacts.filter(({ outcome }) => outcome === 'verified').length;
  const proof = verified === transferred && verified > 0 ? ' and verified' : '';
  const rest = [
    skipped > 0 ? `, ${formatNumber(skipped)} up to date` : '',
    failed > 0 ? `, ${formatNumber(failed)} failed` : '',
  ].join('');
  return `${formatNumber(transferred)} of ${formatCount(selected, 'artifact')} ${DONE[report.mode]}${proof}${rest}`;
}
