/** Where a person finds others who have met the same words. */

const LONGEST_QUERY = 120;
const MOST_READ = 2000;

/** What belongs to one transfer alone: addresses, ids, digests, numbers, quoted names. */
const OWN = [
  /https?:\/\/\S+/g,
  /\/subscriptions\/\S+/gi,
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi,
  /sha256:[\da-f]+/gi,
  /'[^']{0,200}'/g,
  /"[^"]{0,200}"/g,
  /\b\w*\d\w*\b/g,
  /[^\p{L}\s]+/gu,
];

const ISSUES = 'https://github.com/search';

/**
 * A link that searches public issues for what a service said, without anything that is the user's own.
 * @param reason the service's words
 */
export function searchLink(reason: string): string {
  const words = OWN.reduce((text, pattern) => text.replace(pattern, ' '), reason.slice(0, MOST_READ))
    .split(/\s+/)
    .filter((word) => word.length > 1);
  let query = 'acr transfer';
  for (const word of words) {
    if (query.length + word.length >= LONGEST_QUERY) break;
    query = `${query} ${word}`;
  }
  return `${ISSUES}?${new URLSearchParams({ type: 'issues', q: query }).toString()}`;
}
