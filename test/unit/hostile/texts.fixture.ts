import fc from 'fast-check';

/** Texts that try to be executed, rendered, followed or believed. */
export const PAYLOADS: readonly string[] = [
  '::error::oops',
  '\r::add-mask::a',
  '\u0085::stop-commands::x',
  '\u2028::set-output name=a::b',
  '%0A::warning::oops',
  '##[error]oops',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '</td></tr></table><h1>',
  '<!-- gone',
  '-->',
  '[click](https://evil.example)',
  '![x](https://evil.example/x.png)',
  'https://evil.example/',
  'www.evil.example',
  'evil@evil.example',
  '@octocat #1',
  '| a | b |',
  '|:-|-:|',
  '```',
  '~~~',
  '# Title',
  '- item',
  '1. item',
  '+ item',
  '---',
  '===',
  '> quote',
  '&lt;b&gt;&#60;i&#62;',
  '../../etc/passwd',
  '..\\..\\windows',
  '/etc/passwd',
  'C:\\windows',
  '\\\\server\\share',
  'CON',
  'nul.txt',
  'a\0b',
  '%2e%2e%2f',
  '\u202Egnp.exe',
  '\u200B',
  '\uFF0E\uFF0E\uFF0F',
  '\uD800',
  '__proto__',
  'constructor',
  'prototype',
  '${{ secrets.X }}',
  '$(id)',
];

/** Text that holds all kinds of signs, and some of the payloads; of any length up to a few hundred. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PAYLOADS),
      fc.constantFrom('\n', '\r', '\t', ' ', '  ', ':', '/', '\u0085', '\u2029', '\u00AD'),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** The longest text that a service can send, a repetition of one short part. A pattern with backtracking would take minutes. */
export const repeatedText = (length: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(fc.constantFrom(...PAYLOADS), fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 })),
      fc.string({ maxLength: 2 }),
    )
    .map(([part, end]) => `${part.repeat(Math.ceil(length / part.length))}${end}`);

/** The work of reading long texts. A pattern with backtracking would not end within a test. */
export const LONG = 300_000;
