/** What went wrong or may go wrong, each with what to do about it. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { bold, callout, code, link, moreBlocks, ours, paragraph, prose, type Block } from './blocks.ts';
import { docsUrl } from './links.ts';

type ReportError = ReportDocument['failures'][number];

const MAX_SHOWN_ERRORS = 20;
const MAX_SHOWN_WARNINGS = 10;
/** Services may say more than anybody reads; all of it is in report.json. */
const MAX_SHOWN_TEXT_LENGTH = 8000;

const shortened = (text: string): string =>
  text.length > MAX_SHOWN_TEXT_LENGTH ? `${text.slice(0, MAX_SHOWN_TEXT_LENGTH)}…` : text;

/** A failure, or what may become one. */
export const errorBlock = (
  { id, title, message, remedy, correlationId }: ReportError,
  tone: 'caution' | 'warning' = 'caution',
): Block =>
  callout(
    tone,
    paragraph(bold([link(docsUrl(id), id), ' ', title])),
    prose(shortened(message)),
    prose(shortened(remedy), 'What to do:'),
    ...(correlationId === null ? [] : [paragraph([ours('Correlation ID '), code(correlationId)])]),
  );

/** Checks that found something which does not stand against going on. */
export const checkWarnings = ({ checks }: ReportDocument): readonly ReportError[] =>
  checks.flatMap(({ verdict, failure }) => (verdict === 'warning' && failure !== null ? [failure] : []));

/** The problems of a step, then its warnings. */
export function problemBlocks(report: ReportDocument): readonly Block[] {
  const { failures, warnings } = report;
  const found = checkWarnings(report);
  const all = [
    ...found.map((item) => errorBlock(item, 'warning')),
    ...warnings.map((text) => callout('warning', prose(shortened(text.replaceAll(/\s*[\r\n]+\s*/g, ' '))))),
  ];
  return [
    ...failures.slice(0, MAX_SHOWN_ERRORS).map((item) => errorBlock(item)),
    ...moreBlocks(failures.length - MAX_SHOWN_ERRORS, 'problem'),
    ...all.slice(0, MAX_SHOWN_WARNINGS),
    ...moreBlocks(all.length - MAX_SHOWN_WARNINGS, 'warning'),
  ];
}
