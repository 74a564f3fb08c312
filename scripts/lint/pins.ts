import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

const USES = /^\s*(?:-\s+)?uses:\s+['"]?(?<action>[^\s'"#]+)/;
const PINNED = /@[\da-f]{40}$/;

/** A tag can be moved by whoever owns it: our own workflows run only what a full commit SHA names. */
export function pinFindings({ path, text, lineOffset }: LintDocument): readonly Finding[] {
  if (!path.startsWith('.github/workflows/')) return [];
  return text.split('\n').flatMap((line, index) => {
    const action = USES.exec(line)?.groups?.['action'];
    if (action === undefined || action.startsWith('./') || PINNED.test(action)) return [];
    return [{ path, line: index + 1 + lineOffset, message: `${action} is not pinned to a full commit SHA` }];
  });
}
