/** Parses repository and tag patterns, and recognizes referrer tags. */
import { failed, ok, type Result } from '../errors/index.ts';
import { DEFAULT_TAG, digestProblem, repositoryProblem, TAG_AND_DIGEST, tagProblem } from '../model/reference.ts';
import type { Pattern, RepositoryChoice, SelectionLine, TagChoice } from '../model/selection.ts';
import { compileGlob, isGlob } from './glob.ts';
import type { Mistake, Token } from './tokens.ts';

const REFERRER_TAG = /^sha256-(?<hex>[a-f0-9]{64})(?:\.(?:sig|att|sbom))?$/;

/**
 * Returns the digest of the subject that a referrer tag names; null for every other tag.
 *
 * - `sha256-<hex>.sig`, `.att`, and `.sbom` have cosign's signatures, attestations, and SBOMs (sigstore/cosign,
 *   specs/SIGNATURE_SPEC.md, "Tag-based Discovery"; ATTESTATION_SPEC.md; SBOM_SPEC.md).
 * - `sha256-<hex>` lists the referrers in a registry without a referrers API (OCI distribution specification 1.1,
 *   "Referrers Tag Schema").
 */
export function subjectOfTag(tag: string): string | null {
  const hex = REFERRER_TAG.exec(tag)?.groups?.['hex'];
  return hex === undefined ? null : `sha256:${hex}`;
}

/** The parts of a pattern: a repository with `:tag`, `@digest`, or neither. */
interface Parts {
  readonly repository: Token;
  readonly tag: Token | null;
  readonly digest: Token | null;
}

/** Characters with a meaning in URLs, lists, regular expressions, or shells, and what to write instead. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/[a-z]+:\/\//i, 'leave the scheme and the login server out: the export pipeline names the registry'],
  [/[,;]/, 'write one artifact per line'],
  [/[{}[\]()|+^$\\]/, 'only * ** and ? are special; write a line for each case'],
  [/["'`<>]/, 'write the artifact without quotes or brackets'],
];

function unsupportedCharacter({ text, column }: Token): Mistake | null {
  const [first] = UNSUPPORTED.flatMap(([characters, problem]) => {
    const match = characters.exec(text);
    return match === null ? [] : [{ column: column + match.index, problem: `${match[0]} is not allowed: ${problem}` }];
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

/** A name that matches a glob if any valid name does: a letter is valid wherever another character is. */
const sampleOf = (glob: string): string => glob.replaceAll(/[*?]+/g, 'a');

const mistakeFrom = (token: Token, problemOf: (text: string, sample: string) => string | null): Mistake | null => {
  const problem = problemOf(token.text, sampleOf(token.text));
  return problem === null ? null : { column: token.column, problem };
};

/** Finds a line that lacks `:tag` and `@digest`. They are optional only if the line selects a single repository. */
function missingTags(repository: Token, kind: SelectionLine['kind']): Mistake | null {
  const { text, column } = repository;
  const prefix = kind === 'exclude' ? '!' : '';
  const forms = `${prefix}${text}:* (all tags) or ${prefix}${text}:${DEFAULT_TAG}`;
  if (kind === 'exclude') return { column: column - 1, problem: `name the tags to exclude: ${forms}` };
  return isGlob(text) ? { column, problem: `a pattern in the repository needs tags: ${forms}` } : null;
}

function digestMistake(repository: Token, digest: Token, kind: SelectionLine['kind']): Mistake | null {
  const colon = repository.text.indexOf(':');
  if (colon >= 0) return { column: repository.column + colon, problem: TAG_AND_DIGEST };
  if (isGlob(digest.text)) return { column: digest.column, problem: 'write a digest in full, without * and ?' };
  if (kind === 'include' && isGlob(repository.text)) {
    return { column: repository.column, problem: 'a digest belongs to one repository: name it in full' };
  }
  return null;
}

function mistakeIn({ repository, tag, digest }: Parts, kind: SelectionLine['kind']): Mistake | null {
  const ofForm = digest === null ? null : digestMistake(repository, digest, kind);
  const ofRepository = ofForm ?? mistakeFrom(repository, repositoryProblem);
  if (ofRepository !== null) return ofRepository;
  if (digest !== null) return mistakeFrom(digest, digestProblem);
  return tag === null ? missingTags(repository, kind) : mistakeFrom(tag, tagProblem);
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
 * Parses the pattern of a line.
 * @param token `repository`, `repository:tag`, or `repository@sha256:…`, the first two with globs; without its `!`
 */
export function readPattern(token: Token, kind: SelectionLine['kind']): Result<Pattern, Mistake> {
  const parts = split(token);
  const mistake = unsupportedCharacter(token) ?? mistakeIn(parts, kind);
  if (mistake !== null) return failed(mistake);
  return ok({ repositories: repositoriesOf(parts.repository), tags: tagsOf(parts) });
}

/** The repository part of a pattern, valid or not, for messages that show the right form. */
export const repositoryPart = (token: Token): string => split(token).repository.text;
