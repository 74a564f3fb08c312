/** Repository and tag patterns; referrer tags. */
import { DEFAULT_TAG, digestProblem, repositoryProblem, TAG_AND_DIGEST, tagProblem } from '../model/reference.ts';
import type { Pattern, RepositoryChoice, SelectionLine, TagChoice } from '../model/selection.ts';
import { compileGlob, isGlob } from './glob.ts';
import { mistaken, type Mistake, type Token, type TokenResult } from './tokens.ts';

const REFERRER_TAG = /^sha256-(?<hex>[a-f0-9]{64})(?:\.(?:sig|att|sbom))?$/;

/**
 * The digest of the artifact that a companion's tag belongs to; null for every other tag. Companions are what travels with its
 * subject: `sha256-<hex>.sig`, `.att` and `.sbom` hold cosign's signatures, attestations and SBOMs (sigstore/cosign,
 * specs/SIGNATURE_SPEC.md, "Tag-based Discovery"; ATTESTATION_SPEC.md; SBOM_SPEC.md), and `sha256-<hex>` lists the referrers
 * where a registry has no referrers API (OCI distribution specification 1.1, "Referrers Tag Schema").
 */
export function subjectOfTag(tag: string): string | null {
  const hex = REFERRER_TAG.exec(tag)?.groups?.['hex'];
  return hex === undefined ? null : `sha256:${hex}`;
}

/** What a pattern is split into: `:tag`, `@digest` or neither. */
interface Parts {
  readonly repository: Token;
  readonly tag: Token | null;
  readonly digest: Token | null;
}

/** Signs that mean something elsewhere (shells, regular expressions, lists), and what to write instead. */
const FOREIGN_SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[a-z]+:\/\//i, 'leave the scheme and the login server out: the export pipeline names the registry'],
  [/[,;]/, 'one artifact a line'],
  [/[{}[\]()|+^$\\]/, 'only * ** and ? are special; write a line for each case'],
  [/["'`<>]/, 'write the artifact as it is, without quotes or brackets'],
];

function foreignSign({ text, column }: Token): Mistake | null {
  const [first] = FOREIGN_SIGNS.flatMap(([sign, problem]) => {
    const match = sign.exec(text);
    return match === null
      ? []
      : [{ column: column + match.index, problem: `${match[0]} does not belong here: ${problem}` }];
  }).toSorted((one, other) => one.column - other.column);
  return first ?? null;
}

function split({ text, column }: Token): Parts {
  const from = (start: number, end?: number): Token => ({ text: text.slice(start, end), column: column + start });
  const at = text.indexOf('@');
  if (at >= 0) return { repository: from(0, at), tag: null, digest: from(at + 1) };
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { repository: from(0), tag: null, digest: null };
  return { repository: from(0, colon), tag: from(colon + 1), digest: null };
}

/** A name that a glob matches if it matches any: a letter may stand wherever another sign may. */
const sampleOf = (glob: string): string => glob.replaceAll(/[*?]+/g, 'a');

const checked = (word: Token, problemOf: (text: string, sample: string) => string | null): Mistake | null => {
  const problem = problemOf(word.text, sampleOf(word.text));
  return problem === null ? null : { column: word.column, problem };
};

/** A line without `:tag` and `@digest`: complete for one repository that is selected, but never to leave out or with globs. */
function missingTags(repository: Token, kind: SelectionLine['kind']): Mistake | null {
  const { text, column } = repository;
  const sign = kind === 'exclude' ? '!' : '';
  const forms = `${sign}${text}:* (all of them) or ${sign}${text}:${DEFAULT_TAG}`;
  if (kind === 'exclude') return { column: column - 1, problem: `name the tags to leave out: ${forms}` };
  return isGlob(text) ? { column, problem: `a pattern in the repository needs tags: ${forms}` } : null;
}

function digestMistake(repository: Token, digest: Token, kind: SelectionLine['kind']): Mistake | null {
  const colon = repository.text.indexOf(':');
  if (colon >= 0) return { column: repository.column + colon, problem: TAG_AND_DIGEST };
  if (isGlob(digest.text)) return { column: digest.column, problem: 'write a digest in full, without * and ?' };
  if (kind === 'include' && isGlob(repository.text)) {
    return { column: repository.column, problem: 'a digest is of one repository: name it in full' };
  }
  return null;
}

function mistakeIn({ repository, tag, digest }: Parts, kind: SelectionLine['kind']): Mistake | null {
  const before = digest === null ? null : digestMistake(repository, digest, kind);
  const named = before ?? checked(repository, repositoryProblem);
  if (named !== null) return named;
  if (digest !== null) return checked(digest, digestProblem);
  return tag === null ? missingTags(repository, kind) : checked(tag, tagProblem);
}

const repositoriesOf = ({ text }: Token): RepositoryChoice =>
  isGlob(text) ? { kind: 'glob', text, matches: compileGlob(text) } : { kind: 'literal', name: text };

function tagsOf({ tag, digest }: Parts): TagChoice {
  if (digest !== null) return { kind: 'digest', digest: digest.text };
  if (tag === null || !isGlob(tag.text)) return { kind: 'tag', tag: tag?.text ?? DEFAULT_TAG };
  const matches = compileGlob(tag.text);
  return { kind: 'glob', text: tag.text, matches: (name) => subjectOfTag(name) === null && matches(name) };
}

/**
 * Reads what a line names.
 * @param word `repository`, `repository:tag` or `repository@sha256:…`, the first two with globs; without its `!`
 */
export function readPattern(word: Token, kind: SelectionLine['kind']): TokenResult<Pattern> {
  const parts = split(word);
  const mistake = foreignSign(word) ?? mistakeIn(parts, kind);
  if (mistake !== null) return mistaken(mistake.column, mistake.problem);
  return { value: { repositories: repositoriesOf(parts.repository), tags: tagsOf(parts) } };
}

/** What a word names the repositories with, right or wrong; for messages that show the right form. */
export const repositoryPart = (word: Token): string => split(word).repository.text;
