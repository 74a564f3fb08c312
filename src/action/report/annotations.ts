/** Errors and warnings as annotations. */
import * as core from '@actions/core';
import type { ReportDocument } from '../../transfer/documents/index.ts';
import { print } from '../runner/log.ts';
import { neutralizeCommands } from '../text/untrusted-text.ts';

/** The runner shows at most ten annotations of a kind for a step; more than ten together nobody reads. */
const MAX_ANNOTATIONS = 10;

const details = ({ message, remedy, correlationId }: AnnotatedFacts): string =>
  `${message}\n→ ${remedy}${correlationId === null ? '' : `\nCorrelation ID: ${correlationId}`}`;

type AnnotatedFacts = ReportDocument['failures'][number];

/** What is to be shown, most important first. */
export interface Problems {
  readonly failures: readonly AnnotatedFacts[];
  /** What does not stand against going on. */
  readonly doubts: readonly AnnotatedFacts[];
  readonly warnings: readonly string[];
}

interface Note {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly text: string;
}

const noteOf = (level: Note['level'], facts: AnnotatedFacts): Note => ({
  level,
  title: `${facts.id} ${facts.title}`,
  text: details(facts),
});

function annotate({ level, title, text }: Note): void {
  const properties = title === '' ? {} : { title };
  if (level === 'error') core.error(neutralizeCommands(text), properties);
  else core.warning(neutralizeCommands(text), properties);
}

function count(rest: readonly Note[]): void {
  const errors = rest.filter(({ level }) => level === 'error').length;
  const what = errors > 0 ? `${errors} more problems` : `${rest.length} more warnings`;
  const and = errors > 0 && errors < rest.length ? ` and ${rest.length - errors} warnings` : '';
  annotate({
    level: errors > 0 ? 'error' : 'warning',
    title: '',
    text: `${what}${and} are in this log, and in report.json.`,
  });
}

const SIGN: Readonly<Record<Note['level'], string>> = { error: '✗', warning: '!' };

/**
 * Shows what went wrong and what may: the first of it as annotations, which stand in the log too, errors before warnings;
 * the rest in the log, and the last annotation counts it.
 */
export function showProblems({ failures, doubts, warnings }: Problems): void {
  const all: readonly Note[] = [
    ...failures.map((facts) => noteOf('error', facts)),
    ...doubts.map((facts) => noteOf('warning', facts)),
    ...warnings.map((text): Note => ({ level: 'warning', title: '', text })),
  ];
  const shown = all.length > MAX_ANNOTATIONS ? all.slice(0, MAX_ANNOTATIONS - 1) : all;
  shown.forEach(annotate);
  const rest = all.slice(shown.length);
  for (const { level, title, text } of rest) print(`${SIGN[level]} ${title === '' ? '' : `${title}: `}${text}`);
  if (rest.length > 0) count(rest);
}
