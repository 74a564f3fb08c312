/** Errors and warnings as annotations. */
import * as core from '@actions/core';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { print } from '../runner/log.ts';
import { neutralizeCommands } from '../text/untrusted-text.ts';

/** The runner shows at most ten annotations of each level for a step. The action limits all levels together to ten. */
const MAX_ANNOTATIONS = 10;

type AnnotatedFacts = ReportDocument['failures'][number];

/** Problems of a step, most important first. */
export interface Problems {
  readonly failures: readonly AnnotatedFacts[];
  /** Results of checks that don't prevent the transfer. */
  readonly checkWarnings: readonly AnnotatedFacts[];
  readonly warnings: readonly string[];
}

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly text: string;
}

const details = ({ message, remedy, correlationId }: AnnotatedFacts): string =>
  `${message}\n→ ${remedy}${correlationId === null ? '' : `\nCorrelation ID: ${correlationId}`}`;

const toAnnotation = (level: Annotation['level'], facts: AnnotatedFacts): Annotation => ({
  level,
  title: `${facts.id} ${facts.title}`,
  text: details(facts),
});

function annotate({ level, title, text }: Annotation): void {
  const properties = title === '' ? {} : { title };
  if (level === 'error') core.error(neutralizeCommands(text), properties);
  else core.warning(neutralizeCommands(text), properties);
}

function annotateRest(rest: readonly Annotation[]): void {
  const errors = rest.filter(({ level }) => level === 'error').length;
  const what = errors > 0 ? `${errors} more problems` : `${rest.length} more warnings`;
  const and = errors > 0 && errors < rest.length ? ` and ${rest.length - errors} warnings` : '';
  annotate({
    level: errors > 0 ? 'error' : 'warning',
    title: '',
    text: `${what}${and} are in this log, and in report.json.`,
  });
}

const LOG_SIGN: Readonly<Record<Annotation['level'], string>> = { error: '✗', warning: '!' };

/**
 * Shows errors and warnings, errors first. The first problems become annotations, which also appear in the log. The other
 * problems appear only in the log, and the last annotation counts them.
 */
export function showProblems({ failures, checkWarnings, warnings }: Problems): void {
  const all: readonly Annotation[] = [
    ...failures.map((facts) => toAnnotation('error', facts)),
    ...checkWarnings.map((facts) => toAnnotation('warning', facts)),
    ...warnings.map((text): Annotation => ({ level: 'warning', title: '', text })),
  ];
  const shown = all.length > MAX_ANNOTATIONS ? all.slice(0, MAX_ANNOTATIONS - 1) : all;
  shown.forEach(annotate);
  const rest = all.slice(shown.length);
  for (const { level, title, text } of rest) print(`${LOG_SIGN[level]} ${title === '' ? '' : `${title}: `}${text}`);
  if (rest.length > 0) annotateRest(rest);
}
