/** Removes control characters and disables workflow commands in untrusted text: names and messages of services and users. */
import { redact } from '../../transfer/errors/index.ts';

/**
 * Control characters, which can move the cursor, color and delete text in a terminal, and bidirectional controls, which can
 * disguise a text as another one (Unicode Technical Report 36, "Bidirectional Text Spoofing"). Tabs and line feeds are kept.
 */
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Replaces each control character by U+FFFD and keeps the lines of the text. */
export const stripControlCharacters = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(CONTROL_CHARACTERS, '\uFFFD');

/** Line breaks of Markdown, of terminals and of Unicode. */
const LINE_BREAK = /[\r\n\u0085\u2028\u2029]/;

/** Joins the lines of a text. Works line by line: one pattern for line breaks with their blanks takes quadratic time on many blanks. */
export const toOneLine = (text: string): string =>
  LINE_BREAK.test(text)
    ? text
        .split(LINE_BREAK)
        .flatMap((line) => line.trim() || [])
        .join(' ')
    : text;

/**
 * Commands that the runner recognizes (actions/runner, ActionCommand.cs): `::` after white space, or `##[` anywhere. The
 * runner's comparison is culture-sensitive and ignores invisible characters, so these patterns ignore them too.
 */
const COMMAND = /^[\s\p{C}\p{DI}]*:[\p{C}\p{DI}]*(?=:)/u;
const LEGACY_COMMAND = /#[\p{C}\p{DI}]*#[\p{C}\p{DI}]*(?=\[)/gu;

const neutralizeLine = (line: string): string => line.replace(COMMAND, '$& ').replace(LEGACY_COMMAND, '$& ');

/**
 * Redacts secrets in a text and changes it so that the runner finds no command in it. Works line by line: on many blank
 * lines, one pattern for the whole text takes quadratic time.
 */
export const neutralizeCommands = (text: string): string =>
  stripControlCharacters(redact(text)).split('\n').map(neutralizeLine).join('\n');
