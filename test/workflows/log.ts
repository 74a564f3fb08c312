/** The log of a step. */
import type { Masks } from './masks.ts';

/** A log that is being written. */
export interface Log {
  readonly log: (line: string) => void;
  /** Everything so far. */
  readonly text: () => string;
}

/** What @actions/core escapes in a command. */
const unescaped = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/**
 * Opens a log that hides secrets, takes in `::add-mask::`, and leaves out what is there for debugging.
 * @param onLine hears every line as it is shown
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
