/** What went wrong or may go wrong, each with what to do about it. */
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { bold, callout, code, link, moreBlocks, ours, paragraph, prose, type Block } from './blocks.ts';
import { docsUrl } from './links.ts';

type ReportFailure = ReportDocument['failures'][number];

const MOST_SHOWN_FAILURES = 20;
const MOST_SHOWN_WARNINGS = 10;
/** Services may say more than anybody reads; all of it is in report.json. */
const LONGEST_SHOWN_TEXT = 8000;

const shortened = (text: string): string =>
  text.length > LONGEST_SHOWN_TEXT ? `${text.slice(0, LONGEST_SHOWN_TEXT)}…` : text;

/** A failure, or what may become one. */
export const failureBlock = (
  { id, title, message, remedy, correlationId }: ReportFailure,
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
export const checkWarnings = ({ checks }: ReportDocument): readonly ReportFailure[] =>
  checks.flatMap(({ verdict, failure }) => (verdict === 'warning' && failure !== null ? [failure] : []));

/** The problems of a step, then its warnings. */
export function problemBlocks(report: ReportDocument): readonly Block[] {
  const { failures, warnings } = report;
  const found = checkWarnings(report);
  const all = [
    ...found.map((item) => failureBlock(item, 'warning')),
    ...warnings.map((text) => callout('warning', prose(shortened(text.replaceAll(/\s*[\r\n]+\s*/g, ' '))))),
  ];
  return [
    ...failures.slice(0, MOST_SHOWN_FAILURES).map((item) => failureBlock(item)),
    ...moreBlocks(failures.length - MOST_SHOWN_FAILURES, 'problem'),
    ...all.slice(0, MOST_SHOWN_WARNINGS),
    ...moreBlocks(all.length - MOST_SHOWN_WARNINGS, 'warning'),
  ];
}
