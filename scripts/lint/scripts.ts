import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

const RUN = /^(?<indent>\s*(?:-\s+)?)(?:.*[{,]\s*)?run:(?<rest>.*)$/;

const indentOf = (line: string): number => line.length - line.trimStart().length;

const isWithin = (line: string, indent: number): boolean => line.trim() === '' || indentOf(line) > indent;

/**
 * The runner inserts the value of an expression into a script before the shell reads it, so an untrusted value would be executed
 * (GitHub: "Script injections"). Values must be passed through `env:`.
 */
export function scriptFindings({ path, kind, text, lineOffset }: LintDocument): readonly Finding[] {
  if (kind !== 'workflow') return [];
  const message = 'an expression in a script: pass it through env';
  let indent: number | null = null;
  return text.split('\n').flatMap((line, index) => {
    const run = RUN.exec(line)?.groups;
    if (indent !== null && !isWithin(line, indent)) indent = null;
    if (indent === null && run !== undefined) indent = run['indent']?.length ?? 0;
    else if (indent === null) return [];
    return line.includes('${{') ? [{ path, line: index + 1 + lineOffset, message }] : [];
  });
}
