import type { LintDocument } from './documents.ts';
import type { Finding } from './finding.ts';

const USES = /^\s*(?:-\s+)?uses:\s+['"]?(?<action>[^\s'"#]+)/;
const PINNED = /@[\da-f]{40}$/;

/**
 * A reusable workflow cannot say "the action beside me" in a way that every GitHub server knows, and the commit that it becomes
 * part of has no SHA yet: it names our action by the major version, which only our releases move.
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
