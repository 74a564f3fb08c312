/** Words of the first version's own vocabulary, and the terms of the field that replace them. */
const OLD_TERMS: readonly (readonly [old: RegExp, standard: string])[] = [
  [/carr(?:y|ies|ied|iage)/, 'transfer, copy'],
  [/belongings?/, 'referrers'],
  [/companions?/, 'referrer'],
  [/parcels?/, 'group'],
  [/patien(?:ce|t)/, 'retry policy'],
  [/steadily/, 'retry'],
  [/lend|lent|loans?/, 'authorize the source'],
  [/swept|sweep/, 'clean up'],
  [/estate/, 'provisioning client'],
  [/journal/, 'state, check log'],
  [/grantees?/, 'principal'],
  [/nobody|somebody|anybody|everybody|whoever|whatever|whichever/, 'name the subject'],
  [/mend(?:s|ed)?/, 'fix'],
  [/travel(?:s|led|ling)?/, 'transfer'],
  [/nights?/, 'sync'],
  [/worlds?/, 'context'],
  [/crossings?/, 'copy context'],
  [/outbound/, 'prepared plan'],
  [/heading/, 'header'],
  [/catalogues?/, 'catalog'],
  [/licences?/, 'license'],
  [/behaviours?/, 'behavior'],
  [/shares/, 'shards'],
];

/** The parts of names are words: `parcelOf`, `PARCEL_SIZE` and "a parcel" all contain one. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];

const EXACT = OLD_TERMS.map(([old, standard]) => ({ old: new RegExp(`^(?:${old.source})$`), standard }));

/** The standard term for an old word; null for every other word. */
export const standardTerm = (word: string): string | null => EXACT.find(({ old }) => old.test(word))?.standard ?? null;

/** Old terms in a text, each as often as it occurs. */
export const oldTermsIn = (text: string): readonly string[] =>
  wordsOf(text).filter((word) => standardTerm(word) !== null);

/**
 * Words that count only in `src/`. Markdown has headings, and "hello-world" is an image.
 */
const USUAL_OUTSIDE = ['heading', 'world'];

/** Old terms in a text outside of `src/`: a test, a script, a workflow or an example. */
export const oldTermsOutside = (text: string): readonly string[] =>
  oldTermsIn(text).filter((word) => !USUAL_OUTSIDE.includes(word));
