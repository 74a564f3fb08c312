import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

const USES = /^\s*(?:-\s+)?uses:\s+['"]?(?<action>[^\s'"#]+)/;
const PINNED = /@[\da-f]{40}$/;

/**
 * A reusable workflow can't reference the action of its own commit in a way that every GitHub server supports, and its commit
 * has no SHA yet when it is written. It references the action by the major version, which only releases move.
 */
const OURS = /^acr-transfer\/acr-transfer(?:\/setup|\/\.github\/workflows\/[\w-]+\.yml)?@v\d+$/;

/** The owner of a tag can move it, so workflows and examples pin third-party actions to a full commit SHA. */
export function pinFindings({ path, text, lineOffset }: LintDocument): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const action = USES.exec(line)?.groups?.['action'];
    if (action === undefined || action.startsWith('./') || PINNED.test(action) || OURS.test(action)) return [];
    return [{ path, line: index + 1 + lineOffset, message: `${action} is not pinned to a full commit SHA` }];
  });
}
