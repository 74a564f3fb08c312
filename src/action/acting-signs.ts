/** Signs that act on what shows them instead of being shown. Whatever somebody else has written passes through here. */

/**
 * Controls, which move the cursor, paint and delete where a log is read in a terminal; and those of writing direction, which
 * let a text be read as another one (Unicode Technical Report 36, "Bidirectional Text Spoofing"). Tabs and line feeds stay.
 */
const ACTING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** The text with its lines, and a sign for each of those that would act. */
export const withoutActing = (text: string): string => text.replace(/\r\n?/g, '\n').replace(ACTING, '\uFFFD');
