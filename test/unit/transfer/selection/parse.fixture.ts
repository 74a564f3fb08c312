import fc from 'fast-check';

/** Generators of valid names. */
const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:[._]|-{1,2})[a-z0-9]{1,4})?$/);
const repository = fc
  .array(component, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((name) => name !== 'optional');
const repositoryGlob = fc.constantFrom('**', '*', 'team/*', 'team/**', 'team/*/api', '**/api-?', 'a*/b');
const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/);
const tagGlob = fc.constantFrom('*', 'v1.*', '*-rc*', '?', 'v?.*');
const digest = fc.stringMatching(/^[a-f0-9]{64}$/).map((hex) => `sha256:${hex}`);
const semver = fc.constantFrom('^1.2', '>=1.2,<2', '^1||^3', '*', '1.x', '1.2,-,2.3', '~0.3.1-rc.1');
const newest = fc.integer({ min: 1, max: 10_000 }).map(String);
const pushedWithin = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom('h', 'd', 'w'))
  .map(([count, unit]) => `${count}${unit}`);

const options = fc
  .record({ semver, newest, 'pushed-within': pushedWithin }, { requiredKeys: [] })
  .chain((given) => fc.shuffledSubarray(Object.entries(given), { minLength: Object.keys(given).length }))
  .map((entries) => entries.map(([key, value]) => `${key}=${value}`));

const named = fc.oneof(
  repository,
  fc.tuple(repository, tag).map((parts) => parts.join(':')),
  fc.tuple(repository, digest).map((parts) => parts.join('@')),
);
const globbed = fc.tuple(fc.oneof(repository, repositoryGlob), tagGlob).map((parts) => parts.join(':'));

/** A valid line that selects: its tokens, and whether it is optional. */
export const anyIncludeLine = fc.tuple(
  fc.oneof(
    named.map((text) => [text]),
    fc.tuple(globbed, options).map(([text, words]) => [text, ...words]),
  ),
  fc.boolean(),
);

/** A valid line that excludes. */
export const anyExcludeLine = fc
  .oneof(
    globbed,
    fc.tuple(repository, tag).map((parts) => parts.join(':')),
    fc.tuple(repository, digest).map((parts) => parts.join('@')),
  )
  .map((text) => `!${text}`);

/** Text made of parts of lines, valid or not. */
export const anyLines = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '!',
            '*',
            'team/api',
            ':',
            '@',
            'sha256:',
            ' ',
            '\t',
            '#',
            '=',
            'semver',
            'newest',
            'optional',
            '5',
            '>=1',
            ',',
            '/',
            '\u00A0',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    ),
    { maxLength: 20 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => lines.join(end)));
