/** Preflight checks. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { CHECK_TITLES } from '../../transfer/model/check-result.ts';
import { formatCount, formatNumber } from '../text/format.ts';
import {
  folded,
  link,
  moreBlocks,
  ours,
  paragraph,
  section,
  table,
  unbroken,
  type Block,
  type Text,
} from './blocks.ts';
import { docsUrl } from './links.ts';

type ReportCheck = ReportDocument['checks'][number];

const VERDICT: Readonly<Record<ReportCheck['verdict'], string>> = {
  error: '❌ error',
  warning: '⚠️ warning',
  unknown: '❔ not seen',
  ok: '✅ ok',
};

/** The order in which they matter. */
const VERDICTS = Object.keys(VERDICT) as ReportCheck['verdict'][];

const found = ({ text, failure }: ReportCheck): Text =>
  failure === null ? text : [link(docsUrl(failure.id), failure.id), ' ', failure.title];

const checkTable = (checks: readonly ReportCheck[], limit: number): readonly Block[] => [
  table(
    ['Check', 'Result', 'What was found'],
    checks
      .slice(0, limit)
      .map((check) => [unbroken(CHECK_TITLES[check.check]), unbroken(VERDICT[check.verdict]), found(check)]),
  ),
  ...moreBlocks(checks.length - limit),
];

const countOf = (checks: readonly ReportCheck[], verdict: ReportCheck['verdict']): number =>
  checks.filter((check) => check.verdict === verdict).length;

/** `1 warning, 1 could not be made, 25 ok`, or `all ok`. */
export function checkCounts(checks: readonly ReportCheck[]): string {
  const [errors, warnings, unknown, ok] = VERDICTS.map((verdict) => countOf(checks, verdict)) as [
    number,
    number,
    number,
    number,
  ];
  if (checks.length > 0 && ok === checks.length) return 'all ok';
  return [
    ...(errors > 0 ? [formatCount(errors, 'error')] : []),
    ...(warnings > 0 ? [formatCount(warnings, 'warning')] : []),
    ...(unknown > 0 ? [`${formatNumber(unknown)} could not be made`] : []),
    ...(ok > 0 ? [`${formatNumber(ok)} ok`] : []),
  ].join(', ');
}

const sideTitle = (side: ReportCheck['side']): string => (side === 'source' ? 'Source' : 'Target');

const bySide = (checks: readonly ReportCheck[], limit: number): readonly Block[] =>
  (['source', 'target'] as const).flatMap((side) => {
    const own = checks.filter((check) => check.side === side);
    if (own.length === 0) return [];
    const title = ours(`${sideTitle(side)}: ${formatCount(own.length, 'check')} (${checkCounts(own)})`);
    // This table is what a doctor is called for: it never folds.
    return [section(title, 0, ...checkTable(own, limit))];
  });

function foldedChecks(checks: readonly ReportCheck[], limit: number): Block {
  const ordered = VERDICTS.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const rows = ordered
    .slice(0, limit)
    .map((check) => [
      sideTitle(check.side),
      unbroken(CHECK_TITLES[check.check]),
      unbroken(VERDICT[check.verdict]),
      found(check),
    ]);
  return folded(
    ours(`${formatCount(checks.length, 'check')} before the first run: ${checkCounts(checks)}`),
    table(['Side', 'Check', 'Result', 'What was found'], rows),
    ...moreBlocks(checks.length - limit),
  );
}

/**
 * The checks: all of them, side by side, when they are what was asked for; else folded, as what is wrong stands above.
 * @param limit rows of a table
 */
export function checkBlocks({ checks, mode }: ReportDocument, limit: number): readonly Block[] {
  if (mode === 'doctor') {
    return checks.length === 0 ? [paragraph(ours('Nothing could be checked.'))] : bySide(checks, limit);
  }
  return checks.length === 0 ? [] : [foldedChecks(checks, limit)];
}
