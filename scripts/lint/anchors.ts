/** The anchors of a Markdown page, as GitHub gives them to headings. */
import type { Token } from 'marked';
import { blocksOf, descend, isLeaf } from './markdown-tokens.ts';

/** Entities that the lexer leaves in a text; they are the character that they stand for. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** What a reader sees of a heading: markup does not count, neither that of emphasis nor that of links. */
const shown = (heading: Token): string =>
  [...descend(heading)]
    .filter((token) => isLeaf(token) && token.type !== 'html' && token.type !== 'image')
    .map((token) => ('text' in token ? String(token.text) : ''))
    .join('')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

/** Letters, digits, marks, `_` and `-` of any script stay; blanks become hyphens, one each; everything else goes. */
const slug = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** Anchors that a page sets itself, `<a id="…">`. */
const OWN = /<[a-z][^>]*\s(?:id|name)=["'](?<anchor>[^"']+)["']/gi;

/** Every anchor of a page. The second heading of the same text gets `-1`, the third `-2`. */
export function pageAnchors(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  for (const token of blocksOf(markdown).flatMap((block) => [...descend(block)])) {
    if (token.type === 'heading') {
      const anchor = slug(shown(token));
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
    }
    if (token.type === 'html') {
      for (const { groups } of token.raw.matchAll(OWN)) anchors.add(groups?.['anchor'] ?? '');
    }
  }
  return anchors;
}
