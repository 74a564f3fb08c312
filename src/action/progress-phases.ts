/** One group of the log for every part of a transfer, and a line for every check. */
import type { Phase } from '../transfer/events.ts';
import type { Finding } from '../transfer/preflight/finding.ts';
import { checkTitle } from './summary-checks.ts';

/** Opens and closes groups of the log. */
export interface Groups {
  readonly begin: (title: string) => void;
  readonly end: () => void;
}

const TITLE: Readonly<Record<Phase, string>> = {
  preflight: 'Checks before the first run',
  plan: 'Plan',
  transfer: 'Transfer',
};

/** Groups do not nest: each ends the one before it. */
export function watchPhases(groups: Groups) {
  let isOpen = false;
  const end = (): void => {
    if (isOpen) groups.end();
    isOpen = false;
  };
  return {
    enter: (phase: Phase): void => {
      end();
      groups.begin(TITLE[phase]);
      isOpen = true;
    },
    end,
  };
}

const CHECK_SIGN: Readonly<Record<Finding['verdict'], string>> = { ok: '✓', warning: '⚠', error: '✗', unknown: '?' };

/** What a check came to, in one line. */
export function checkLine(finding: Finding): string {
  const { side, check, verdict } = finding;
  const text = 'failure' in finding ? finding.failure.message : finding.text;
  // Services have a hand in it.
  return `${CHECK_SIGN[verdict]} ${side} · ${checkTitle(check).toLowerCase()}: ${text.replace(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' ')}`;
}
