/** Where a person finds others who have met the same words. */
import { redact } from '../redact.ts';

const LONGEST_QUERY = 120;
/** A search finds only what has all of its words. */
const MOST_WORDS = 8;
const MOST_READ = 2000;

/** Names that a service puts into quotes are the user's own. */
const QUOTED = /'[^']{0,200}'|"[^"]{0,200}"|`[^`]{0,200}`/g;

/** What stands around a word. */
const AROUND = /^[^\p{L}\d]+|[^\p{L}\d]+$/gu;

/** Error codes are everybody's: AADSTS700016, MANIFEST_UNKNOWN. */
const CODE = /^(?:AADSTS\d{2,8}|[A-Z]{2,20}(?:_[A-Z]{1,20}){1,4})$/;

/** A word has letters alone. Hosts, ids, digests, paths, references and secrets have something else in them, or are longer. */
const WORD = /^\p{L}{2,40}$/u;

const isEverybodys = (word: string): boolean => CODE.test(word) || WORD.test(word);

/**
 * A link that searches public issues for what a service said, without anything that is the user's own.
 * @param reason the service's words
 * @param about what the search is about besides
 */
export function searchLink(reason: string, about = 'acr transfer'): string {
  const words = redact(reason.slice(0, MOST_READ))
    .replace(QUOTED, ' ')
    .split(/\s+/)
    .map((word) => word.replace(AROUND, ''))
    .filter(isEverybodys);
  let query = about;
  for (const word of [...new Set(words)].slice(0, MOST_WORDS)) {
    if (query.length + word.length >= LONGEST_QUERY) break;
    query = `${query} ${word}`;
  }
  return `https://github.com/search?${new URLSearchParams({ type: 'issues', q: query }).toString()}`;
}
