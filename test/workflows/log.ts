/** The log of a step. */
import type { Masks } from './masks.ts';

/** An open log. */
export interface Log {
  readonly log: (line: string) => void;
  /** All lines so far. */
  readonly text: () => string;
}

/** The characters that @actions/core escapes in a command. */
const unescaped = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/**
 * Opens a log that hides secrets, reads `::add-mask::`, and drops debug lines.
 * @param onLine is called with every shown line
 */
export function openLog(masks: Masks, onLine: (line: string) => void): Log {
  const lines: string[] = [];
  const show = (line: string): void => {
    lines.push(line);
    onLine(line);
  };
  return {
    log: (line) => {
      const mask = /^::add-mask::(?<secret>.+)$/.exec(line)?.groups?.['secret'];
      if (mask !== undefined) {
        masks.add(unescaped(mask));
        show('::add-mask::***');
      } else if (!line.startsWith('::debug::')) {
        show(masks.hide(line));
      }
    },
    text: () => lines.join('\n'),
  };
}
