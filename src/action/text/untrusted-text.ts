/**
 * Control characters and workflow commands in text of others made harmless.
 *
 * Signs that act on what shows them instead of being shown. Whatever somebody else has written passes through here.
 */
import { redact } from '../../transfer/errors/index.ts';

/**
 * Controls, which move the cursor, paint and delete where a log is read in a terminal; and those of writing direction, which
 * let a text be read as another one (Unicode Technical Report 36, "Bidirectional Text Spoofing"). Tabs and line feeds stay.
 */
const ACTING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** The text with its lines, and a sign for each of those that would act. */
export const stripControlCharacters = (text: string): string => text.replace(/\r\n?/g, '\n').replace(ACTING, '\uFFFD');

/**
 * How commands look to the runner (actions/runner, ActionCommand.cs): `::` behind white space, or `##[` anywhere. It compares
 * as a language does, which looks over signs that cannot be seen, so they are looked over here.
 */
const COMMAND = /^[\s\p{C}\p{DI}]*:[\p{C}\p{DI}]*(?=:)/u;
const OLD_COMMAND = /#[\p{C}\p{DI}]*#[\p{C}\p{DI}]*(?=\[)/gu;

const inertLine = (line: string): string => line.replace(COMMAND, '$& ').replace(OLD_COMMAND, '$& ');

/**
 * Text that the runner cannot take for a command: names and messages of services are untrusted. Line by line, as a pattern
 * for all of them would go over many blank lines once for each.
 */
export const neutralizeCommands = (text: string): string =>
  stripControlCharacters(redact(text)).split('\n').map(inertLine).join('\n');
