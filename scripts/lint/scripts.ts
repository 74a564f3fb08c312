import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

const RUN = /^(?<indent>\s*(?:-\s+)?)(?:.*[{,]\s*)?run:(?<rest>.*)$/;

const indentOf = (line: string): number => line.length - line.trimStart().length;

const isWithin = (line: string, indent: number): boolean => line.trim() === '' || indentOf(line) > indent;

/**
 * The runner puts the value of an expression into a script before the shell reads it: a value that somebody else has written would
 * be run (GitHub: "Script injections"). Values go through `env:`.
 */
export function scriptFindings({ path, kind, text, lineOffset }: LintDocument): readonly Finding[] {
  if (kind !== 'workflow') return [];
  const message = 'an expression in a script: hand it over by env';
  let indent: number | null = null;
  return text.split('\n').flatMap((line, index) => {
    const run = RUN.exec(line)?.groups;
    if (indent !== null && !isWithin(line, indent)) indent = null;
    if (indent === null && run !== undefined) indent = run['indent']?.length ?? 0;
    else if (indent === null) return [];
    return line.includes('${{') ? [{ path, line: index + 1 + lineOffset, message }] : [];
  });
}
