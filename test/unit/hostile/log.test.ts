import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { showProblems } from '../../../src/action/report/annotations.ts';
import { beginGroup, print } from '../../../src/action/runner/log.ts';
import { transferError } from '../../../src/transfer/errors/transfer-error.ts';
import { hostileText, LONG, repeatedText } from './texts.fixture.ts';

let written: string;

beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

/**
 * How the runner parses a line (actions/runner, ActionCommand.cs, TryParseV2 and TryParse): it trims what .NET takes for
 * white space, and compares as a language does, so that characters which cannot be seen count for nothing.
 */
function isObeyed(line: string): boolean {
  const compared = line.replaceAll(/[\p{C}\p{DI}]/gu, '').trimStart();
  return compared.startsWith('::') || compared.includes('##[');
}

/** The lines that something writes, as the runner reads them. */
function linesOf(show: (text: string) => void, text: string): readonly string[] {
  written = '';
  show(text);
  return written.split(/\r\n|\r|\n/);
}

const SIGNS = [':', '::', '#', '##', '[', '##[', ' ', '\n', '\u00A0', '\u0085', '\u2028', '\u00AD', '\u200B', '\u0000'];
const sign = fc.constantFrom(...SIGNS);
const nearly = fc.array(fc.oneof(sign, sign, hostileText), { maxLength: 10 }).map((parts) => parts.join(''));
const ROUNDS = { numRuns: 1000 };

describe('hostile text in the log', () => {
  it('is obeyed in no line', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        expect(linesOf(print, text).filter(isObeyed)).toEqual([]);
      }),
      ROUNDS,
    );
  });

  it('starts a group, and nothing else', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        expect(linesOf(beginGroup, text)).toEqual([expect.stringMatching(/^::group::/), '']);
      }),
      ROUNDS,
    );
  });

  it('is an annotation, and nothing else', () => {
    const { facts } = transferError('ACRT4001', { run: 'run', reason: 'broken' });
    const show = (text: string): void => {
      const told = { ...facts, title: text, message: text, remedy: text, correlationId: text };
      showProblems({ failures: [told], checkWarnings: [told], warnings: [text] });
    };
    fc.assert(
      fc.property(nearly, (text) => {
        expect(linesOf(show, text)).toEqual([
          expect.stringMatching(/^::error title=[^:,\r\n]*::/),
          expect.stringMatching(/^::warning title=[^:,\r\n]*::/),
          expect.stringMatching(/^::warning::/),
          '',
        ]);
      }),
      ROUNDS,
    );
  });

  it('contains no control sequences, and keeps its reading order', () => {
    const acting = fc.constantFrom('\u001B[31m', '\u001B[2K\r', '\u009B1A', '\b\b', '\u202E', '\u2066');
    fc.assert(
      fc.property(nearly, acting, (text, code) => {
        const log = linesOf(print, `${text}${code}x`).join('');

        expect(log).not.toMatch(/[^\P{Cc}\t]|[\u202A-\u202E\u2066-\u2069]/u);
      }),
      ROUNDS,
    );
  });

  it('may be long, and of one part over and over', () => {
    fc.assert(
      fc.property(repeatedText(LONG), (text) => {
        expect(linesOf(print, text).filter(isObeyed)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each([' ', '\u0085', '\n', ':', ' :', '#', '\u00AD', '\u00AD:'])('may be long, and of %j', (part) => {
    expect(linesOf(print, `${part.repeat(LONG)}x`).filter(isObeyed)).toEqual([]);
  });
});
