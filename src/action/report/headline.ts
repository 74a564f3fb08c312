/** The first line of a job summary: what came of it. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { formatBytes } from '../../transfer/model/bytes.ts';
import { formatCount, formatNumber } from '../text/format.ts';
import { checkCounts } from './checks-section.ts';

const DONE: Readonly<Record<ReportDocument['mode'], string>> = {
  full: 'transferred',
  export: 'exported',
  handoff: 'handed off',
  import: 'imported',
  doctor: 'examined',
};

const VERDICT: Readonly<Record<ReportDocument['status'], string>> = {
  succeeded: '✅',
  'nothing-to-do': '✅',
  partial: '❌',
  failed: '❌',
};

/** The sign of the verdict. */
export const signOf = ({ status, dryRun }: ReportDocument): string =>
  dryRun && status === 'succeeded' ? '📋' : VERDICT[status];

/** `1 problem stands in the way`. */
export const inTheWay = (count: number): string =>
  `${formatCount(count, 'problem')} ${count === 1 ? 'stands' : 'stand'} in the way`;

function doctorHeadline({ failures, checks }: ReportDocument): string {
  if (failures.length > 0) return `Not ready: ${inTheWay(failures.length)}`;
  const rest = checkCounts(checks.filter(({ verdict }) => verdict !== 'ok'));
  return `Ready: ${formatCount(checks.length, 'check')}, nothing stands in the way${rest === '' ? '' : `; ${rest}`}`;
}

/** Neither has anything moved, nor was anything there: what was found came first. */
const neverStarted = ({ batches, failures, counts }: ReportDocument): boolean =>
  batches.length === 0 && failures.length > 0 && counts.skipped === 0 && counts.transferred === 0;

function blobsHeadline({ batches, failures, mode, status }: ReportDocument): string {
  if (failures.length > 0) return `${formatCount(failures.length, 'problem')} in mode ${mode}`;
  if (batches.length === 0) return 'Nothing to do';
  const blobs = formatCount(batches.length, 'transfer blob');
  return status === 'nothing-to-do' ? `${blobs} there already` : `${blobs} ${DONE[mode]}`;
}

/** What a handoff carries is blobs, whatever is in them. */
function handoffHeadline(report: ReportDocument): string {
  const { batches, counts, status } = report;
  if (batches.length === 0) return blobsHeadline(report);
  const blobs = formatCount(batches.length, 'transfer blob');
  if (status === 'nothing-to-do') return `Nothing to do: ${blobs} there already`;
  const carried = batches.filter(({ handoff }) => handoff !== null).length;
  const there = batches.filter(({ stages }) => stages.some(({ outcome }) => outcome === 'skipped')).length;
  const failed = batches.length - carried - there;
  const what = carried === batches.length ? blobs : `${formatNumber(carried)} of ${blobs}`;
  const content = counts.selected === 0 ? '' : ` with ${formatCount(counts.transferred, 'artifact')}`;
  return [
    `${what}${carried === 0 ? '' : content} handed off`,
    ...(there > 0 ? [`${formatNumber(there)} there already`] : []),
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
  ].join(', ');
}

function planHeadline({ status, batches, counts, planned, artifacts }: ReportDocument): string {
  const travelling = artifacts.filter(({ outcome }) => outcome === 'planned').length;
  const there = counts.skipped > 0 ? `, ${formatNumber(counts.skipped)} there already` : '';
  const blocked = counts.failed > 0 ? `, ${formatNumber(counts.failed)} cannot travel` : '';
  if (status === 'nothing-to-do') return `Plan: nothing to do${there}`;
  const size = planned === null || travelling === 0 ? '' : `, about ${formatBytes(planned.bytes)}`;
  const what = `${formatCount(travelling, 'artifact')} in ${formatCount(batches.length, 'batch', 'batches')}`;
  return `Plan: ${what}${size}${there}${blocked}`;
}

/** The headline, without its sign. */
export function headline(report: ReportDocument): string {
  if (report.mode === 'doctor') return doctorHeadline(report);
  if (report.dryRun) return planHeadline(report);
  if (neverStarted(report)) return `Not started: ${inTheWay(report.failures.length)}`;
  if (report.mode === 'handoff') return handoffHeadline(report);
  const { selected, transferred, skipped, failed } = report.counts;
  if (selected === 0) return blobsHeadline(report);
  if (report.status === 'nothing-to-do') return `Nothing to do: ${formatCount(selected, 'artifact')} there already`;
  const verified = report.artifacts.filter(({ outcome }) => outcome === 'verified').length;
  const proof = verified === transferred && verified > 0 ? ' and verified' : '';
  const rest = [
    skipped > 0 ? `, ${formatNumber(skipped)} there already` : '',
    failed > 0 ? `, ${formatNumber(failed)} failed` : '',
  ].join('');
  return `${formatNumber(transferred)} of ${formatCount(selected, 'artifact')} ${DONE[report.mode]}${proof}${rest}`;
}
