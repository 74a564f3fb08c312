/** Texts that an attacker or a broken program could write. */
import fc from 'fast-check';

/** Pieces that mean something to some reader. */
const PIECES = [
  '__proto__',
  'constructor',
  'prototype',
  '..',
  '../../etc/passwd',
  '..\\..\\windows',
  '/',
  '//',
  '%2e%2e%2f',
  '%00',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\r\n',
  '\n',
  '::set-output name=x::y',
  '::add-mask::',
  '##[error]',
  '%0A::warning::',
  '${{ secrets.TOKEN }}',
  '$(id)',
  '`id`',
  '<script>',
  '|',
  '*',
  '**',
  '?',
  '[a-z]',
  '!',
  '@sha256:',
  ':',
  'semver=^1',
  'newest=999999999999999999999',
  'con',
  'nul.txt',
  'a'.repeat(300),
  'sig=abc%2Bdef',
  'https://evil.example/?sig=x',
  '\ud800',
  '1e309',
  '-0',
  '9007199254740993',
];

/** Any text, with such pieces in it. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

const KEYS = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length', ''), fc.string());

/** Any JSON, with such keys and texts in it. */
export const hostileJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, -1, 1e308, '', []),
    hostileText,
    tie('list'),
    tie('members'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  // Text of JSON, because an object of JavaScript cannot have a member __proto__ that JSON.parse would make.
  members: fc.dictionary(KEYS, tie('value'), { maxKeys: 5, noNullPrototype: false }),
})).value;

/** A copy of a JSON value in which one place is something else. */
export const changedIn = (value: unknown): fc.Arbitrary<unknown> =>
  fc.tuple(fc.nat({ max: 200 }), fc.oneof(hostileJson, fc.constant(undefined))).map(([place, other]) => {
    let left = place;
    const copy = (part: unknown): unknown => {
      left -= 1;
      if (left === 0) return other;
      if (Array.isArray(part)) return part.map(copy);
      if (part === null || typeof part !== 'object') return part;
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
    };
    return copy(value);
  });

/** Throws when anything was put into the prototype of all objects. */
export function expectCleanPrototype(): void {
  const added = Object.getOwnPropertyNames(Object.prototype).filter((name) => !KNOWN.has(name));
  if (added.length > 0) throw new Error(`the prototype of all objects has ${added.join(', ')}`);
}

const KNOWN = new Set(Object.getOwnPropertyNames(Object.prototype));
