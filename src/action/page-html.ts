/** HTML that is put together piece by piece. Every text and every attribute passes through the one function that escapes. */
import { withoutActing } from './acting-signs.ts';

/** HTML that may stand as it is. */
export interface Html {
  readonly html: string;
}

/** What an element holds: text is escaped. */
export type Content = Html | string | readonly Content[];

/** What means something in HTML; and all that is not ASCII, which would make V8 keep the whole page in twice the bytes. */
const SPECIAL = /[&<>"']|[^ -~\n]/gu;

const escapeHtml = (text: string): string =>
  withoutActing(text).replace(SPECIAL, (character) => `&#${character.codePointAt(0) ?? 0};`);

const contentHtml = (content: Content): string => {
  if (typeof content === 'string') return escapeHtml(content);
  return 'html' in content ? content.html : content.map(contentHtml).join('');
};

/**
 * One element.
 * @param name ours
 * @param attributes names are ours; values may be anybody's, but for URLs, which must be of the web
 */
export function element(name: string, attributes: Readonly<Record<string, string>>, ...content: Content[]): Html {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return { html: `<${name}${written.join('')}>${contentHtml(content)}</${name}>` };
}

/** Content as HTML. */
export const html = (...content: Content[]): Html => ({ html: contentHtml(content) });
