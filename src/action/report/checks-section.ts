/** Section about the preflight checks. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { CHECK_TITLES } from '../../transfer/model/check-result.ts';
import { formatCount, formatNumber } from '../text/format.ts';
import {
  folded,
  link,
  moreBlocks,
  paragraph,
  section,
  table,
  trusted,
  unbroken,
  type Block,
  type Text,
} from './blocks.ts';
import { docsUrl } from './links.ts';

type ReportCheck = ReportDocument['checks'][number];

const VERDICT_TEXT: Readonly<Record<ReportCheck['verdict'], string>> = {
  error: '❌ error',
  warning: '⚠️ warning',
  unknown: '❔ unknown',
  ok: '✅ ok',
};

/** Most important first. */
const VERDICTS = Object.keys(VERDICT_TEXT) as ReportCheck['verdict'][];

const foundText = ({ text, failure }: ReportCheck): Text =>
  failure === null ? text : [link(docsUrl(failure.id), failure.id), ' ', failure.title];

const checkTable = (checks: readonly ReportCheck[], limit: number): readonly Block[] => [
  table(
    ['Check', 'Result', 'What was found'],
    checks
      .slice(0, limit)
      .map((check) => [unbroken(CHECK_TITLES[check.check]), unbroken(VERDICT_TEXT[check.verdict]), foundText(check)]),
  ),
  ...moreBlocks(checks.length - limit),
];

const countOf = (checks: readonly ReportCheck[], verdict: ReportCheck['verdict']): number =>
  checks.filter((check) => check.verdict === verdict).length;

/** `1 warning, 1 unknown, 25 ok`, or `all ok`. */
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
    ...(unknown > 0 ? [`${formatNumber(unknown)} unknown`] : []),
    ...(ok > 0 ? [`${formatNumber(ok)} ok`] : []),
  ].join(', ');
}

const sideTitle = (side: ReportCheck['side']): string => (side === 'source' ? 'Source' : 'Target');

const sideSections = (checks: readonly ReportCheck[], limit: number): readonly Block[] =>
  (['source', 'target'] as const).flatMap((side) => {
    const checksOfSide = checks.filter((check) => check.side === side);
    if (checksOfSide.length === 0) return [];
    const title = trusted(
      `${sideTitle(side)}: ${formatCount(checksOfSide.length, 'check')} (${checkCounts(checksOfSide)})`,
    );
    // In mode doctor this table is the result, so it is never folded.
    return [section(title, 0, ...checkTable(checksOfSide, limit))];
  });

function foldedChecks(checks: readonly ReportCheck[], limit: number): Block {
  const ordered = VERDICTS.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const rows = ordered
    .slice(0, limit)
    .map((check) => [
      sideTitle(check.side),
      unbroken(CHECK_TITLES[check.check]),
      unbroken(VERDICT_TEXT[check.verdict]),
      foundText(check),
    ]);
  return folded(
    trusted(`${formatCount(checks.length, 'check')} before the first run: ${checkCounts(checks)}`),
    table(['Side', 'Check', 'Result', 'What was found'], rows),
    ...moreBlocks(checks.length - limit),
  );
}

/**
 * The sections about checks: one for each side in mode doctor; in other modes one folded section, because the errors are
 * shown above.
 * @param limit maximum number of rows of a table
 */
export function checkBlocks({ checks, mode }: ReportDocument, limit: number): readonly Block[] {
  if (mode === 'doctor') {
    return checks.length === 0 ? [paragraph(trusted('No check could be made.'))] : sideSections(checks, limit);
  }
  return checks.length === 0 ? [] : [foldedChecks(checks, limit)];
}
