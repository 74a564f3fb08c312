/** Errors and warnings with their remedies. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { toOneLine } from '../text/untrusted-text.ts';
import { bold, callout, code, link, moreBlocks, paragraph, prose, trusted, type Block } from './blocks.ts';
import { docsUrl } from './links.ts';

type ReportError = ReportDocument['failures'][number];

const MAX_SHOWN_ERRORS = 20;
const MAX_SHOWN_WARNINGS = 10;
/** Longer texts are truncated. report.json contains the whole text. */
const MAX_SHOWN_TEXT_LENGTH = 8000;

const truncate = (text: string): string =>
  text.length > MAX_SHOWN_TEXT_LENGTH ? `${text.slice(0, MAX_SHOWN_TEXT_LENGTH)}…` : text;

/** An error, or a warning of a check. */
export const errorBlock = (
  { id, title, message, remedy, correlationId }: ReportError,
  tone: 'caution' | 'warning' = 'caution',
): Block =>
  callout(
    tone,
    paragraph(bold([link(docsUrl(id), id), ' ', title])),
    prose(truncate(message)),
    prose(truncate(remedy), 'What to do:'),
    ...(correlationId === null ? [] : [paragraph([trusted('Correlation ID '), code(correlationId)])]),
  );

/** Warnings of checks, which don't prevent the transfer. */
export const checkWarnings = ({ checks }: ReportDocument): readonly ReportError[] =>
  checks.flatMap(({ verdict, failure }) => (verdict === 'warning' && failure !== null ? [failure] : []));

/** The errors of a step, then its warnings. */
export function problemBlocks(report: ReportDocument): readonly Block[] {
  const { failures, warnings } = report;
  const warningsOfChecks = checkWarnings(report);
  const allWarnings = [
    ...warningsOfChecks.map((item) => errorBlock(item, 'warning')),
    ...warnings.map((text) => callout('warning', prose(truncate(toOneLine(text))))),
  ];
  return [
    ...failures.slice(0, MAX_SHOWN_ERRORS).map((item) => errorBlock(item)),
    ...moreBlocks(failures.length - MAX_SHOWN_ERRORS, 'problem'),
    ...allWarnings.slice(0, MAX_SHOWN_WARNINGS),
    ...moreBlocks(allWarnings.length - MAX_SHOWN_WARNINGS, 'warning'),
  ];
}
