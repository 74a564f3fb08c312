import * as core from '@actions/core';
import type { ReportDocument } from '../transfer/report-schema.ts';
import { redact } from '../transfer/redact.ts';
import { withoutActing } from './acting-signs.ts';
import { secretForms } from './side-inputs.ts';

/** The runner shows at most ten annotations of a kind for a step; more than ten together nobody reads. */
const MOST_ANNOTATIONS = 10;

/**
 * How commands look to the runner (actions/runner, ActionCommand.cs): `::` behind white space, or `##[` anywhere. It compares
 * as a language does, which looks over signs that cannot be seen, so they are looked over here.
 */
const COMMAND = /^[\s\p{C}\p{DI}]*:[\p{C}\p{DI}]*(?=:)/u;
const OLD_COMMAND = /#[\p{C}\p{DI}]*#[\p{C}\p{DI}]*(?=\[)/gu;

const inertLine = (line: string): string => line.replace(COMMAND, '$& ').replace(OLD_COMMAND, '$& ');

/**
 * Text that the runner cannot take for a command: names and messages of services are untrusted. Line by line, as a pattern
 * for all of them would go over many blank lines once for each.
 */
export const inert = (text: string): string => withoutActing(redact(text)).split('\n').map(inertLine).join('\n');

/** One line, or several, of the log. */
export const print = (text: string): void => {
  core.info(inert(text));
};

/** Begins a group; groups do not nest. */
export const beginGroup = (title: string): void => {
  core.startGroup(inert(title));
};

/** Ends the group. */
export const endGroup = (): void => {
  core.endGroup();
};

/** Keeps a secret, in all its forms, out of everything that the runner shows. */
export function mask(secret: string): void {
  for (const form of secretForms(secret)) core.setSecret(form);
}

const details = ({ message, remedy, correlationId }: Told): string =>
  `${message}\n→ ${remedy}${correlationId === null ? '' : `\nCorrelation ID: ${correlationId}`}`;

type Told = ReportDocument['failures'][number];

/** What is to be shown, most important first. */
export interface Shown {
  readonly failures: readonly Told[];
  /** What does not stand against going on. */
  readonly doubts: readonly Told[];
  readonly warnings: readonly string[];
}

interface Note {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly text: string;
}

const noteOf = (level: Note['level'], facts: Told): Note => ({
  level,
  title: `${facts.id} ${facts.title}`,
  text: details(facts),
});

function annotate({ level, title, text }: Note): void {
  const properties = title === '' ? {} : { title };
  if (level === 'error') core.error(inert(text), properties);
  else core.warning(inert(text), properties);
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
export function showProblems({ failures, doubts, warnings }: Shown): void {
  const all: readonly Note[] = [
    ...failures.map((facts) => noteOf('error', facts)),
    ...doubts.map((facts) => noteOf('warning', facts)),
    ...warnings.map((text): Note => ({ level: 'warning', title: '', text })),
  ];
  const shown = all.length > MOST_ANNOTATIONS ? all.slice(0, MOST_ANNOTATIONS - 1) : all;
  shown.forEach(annotate);
  const rest = all.slice(shown.length);
  for (const { level, title, text } of rest) print(`${SIGN[level]} ${title === '' ? '' : `${title}: `}${text}`);
  if (rest.length > 0) count(rest);
}
