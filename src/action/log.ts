import * as core from '@actions/core';
import type { FailureFacts } from '../transfer/failure.ts';
import { redact } from '../transfer/redact.ts';
import { secretForms } from './side-inputs.ts';

/** The runner shows at most ten annotations of a kind for a step. */
const MOST_ANNOTATIONS = 10;

/**
 * Text that the runner cannot take for a command: names and messages of services are untrusted, and a line that begins
 * with `::` or holds `##[` would be obeyed.
 */
const inert = (text: string): string =>
  redact(text)
    .replace(/^([\s\u0085]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '## [');

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

const details = ({ message, remedy, correlationId }: FailureFacts): string =>
  `${message}\n→ ${remedy}${correlationId === null ? '' : `\nCorrelation ID: ${correlationId}`}`;

/**
 * Shows failures: the first of them as annotations, which stand in the log too; the others in the log, and the last
 * annotation counts them.
 * @param failures most important first
 */
export function showFailures(failures: readonly FailureFacts[]): void {
  const shown = failures.length > MOST_ANNOTATIONS ? failures.slice(0, MOST_ANNOTATIONS - 1) : failures;
  for (const item of shown) core.error(inert(details(item)), { title: `${item.id} ${item.title}` });
  const rest = failures.slice(shown.length);
  for (const item of rest) print(`✗ ${item.id} ${item.title}: ${details(item)}`);
  if (rest.length > 0) core.error(`${rest.length} more problems are in this log, and in report.json.`);
}

/** Shows warnings: the first of them as annotations, the others in the log. */
export function showWarnings(warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, MOST_ANNOTATIONS)) core.warning(inert(warning));
  for (const warning of warnings.slice(MOST_ANNOTATIONS)) print(`! ${warning}`);
}
