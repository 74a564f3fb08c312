/** References to artifacts: `repository:tag` and `repository@digest`. */
import { failed, ok, type Result } from '../errors/index.ts';

/** A reference to one artifact, by tag or by digest. */
export type Reference = TagReference | DigestReference;

/** `repository:tag` */
interface TagReference {
  readonly kind: 'tag';
  readonly repository: string;
  readonly tag: string;
}

/** `repository@sha256:…` */
interface DigestReference {
  readonly kind: 'digest';
  readonly repository: string;
  readonly digest: string;
}

// Grammar of the OCI distribution specification 1.1, "Pulling manifests".
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
/** Limit of ACR, without the login server (service spec). */
const MAX_REPOSITORY_LENGTH = 256;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const LOGIN_SERVER = /^[a-z0-9-]+\.azurecr\.[a-z.]+\//i;

/** Default tag of a repository without tag, as in `az acr pipeline-run create`. */
export const DEFAULT_TAG = 'latest';

/** The problem of a reference with a tag and a digest. */
export const TAG_AND_DIGEST = 'write either a tag or a digest, not both';

/** Whether the text is a SHA-256 digest, the only algorithm that ACR supports. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

/** Whether the text is a repository name, which can look like a login server with a path. */
export const isRepositoryName = (text: string): boolean =>
  text.length <= MAX_REPOSITORY_LENGTH && REPOSITORY.test(text);

/** Formats a reference as users write it and as the service accepts it. */
export function formatReference(reference: Reference): string {
  return reference.kind === 'tag'
    ? `${reference.repository}:${reference.tag}`
    : `${reference.repository}@${reference.digest}`;
}

/**
 * The problem of a repository name; null if it is valid.
 * @param repository the name, quoted in the problem
 * @param sample a name that matches, if the name is a pattern
 */
export function repositoryProblem(repository: string, sample = repository): string | null {
  if (LOGIN_SERVER.test(`${sample}/`)) return 'leave the login server out: the export pipeline names the registry';
  if (repository !== repository.toLowerCase()) return `repositories are lower case: ${repository.toLowerCase()}`;
  if (sample.length > MAX_REPOSITORY_LENGTH) return `a repository name has at most ${MAX_REPOSITORY_LENGTH} characters`;
  return REPOSITORY.test(sample) ? null : `"${repository}" is not a repository name`;
}

/**
 * The problem of a tag; null if it is valid.
 * @param tag the tag, quoted in the problem
 * @param sample a tag that matches, if the tag is a pattern
 */
export const tagProblem = (tag: string, sample = tag): string | null =>
  TAG.test(sample) ? null : `"${tag}" is not a tag (letters, digits, _ . -, at most 128)`;

/** The problem of a digest; null if it is valid. */
export const digestProblem = (digest: string): string | null =>
  isDigest(digest) ? null : `"${digest}" is not a digest (sha256: and 64 hex digits)`;

/**
 * Parses one reference.
 * @param text `repository`, `repository:tag` or `repository@sha256:…`
 */
export function parseReference(text: string): Result<Reference, string> {
  const at = text.indexOf('@');
  if (at >= 0) return parseDigestReference(text.slice(0, at), text.slice(at + 1));
  const colon = text.lastIndexOf(':');
  const repository = colon < 0 ? text : text.slice(0, colon);
  const tag = colon < 0 ? DEFAULT_TAG : text.slice(colon + 1);
  const problem = repositoryProblem(repository) ?? tagProblem(tag);
  return problem === null ? ok({ kind: 'tag', repository, tag }) : failed(problem);
}

function parseDigestReference(repository: string, digest: string): Result<Reference, string> {
  if (repository.includes(':')) return failed(TAG_AND_DIGEST);
  const problem = repositoryProblem(repository) ?? digestProblem(digest);
  return problem === null ? ok({ kind: 'digest', repository, digest }) : failed(problem);
}
