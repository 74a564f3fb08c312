/** An artifact in the request of a run. */
export interface ArtifactName {
  /** As in the request. `:latest` is added if there is neither tag nor digest, as the service does. */
  readonly text: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
  /** Undefined if it is named by digest. */
  readonly tag?: string;
}

/** Parses `repository`, `repository:tag` or `repository@digest`. */
export function parseArtifact(given: string): ArtifactName {
  const at = given.indexOf('@');
  if (at >= 0) return { text: given, repository: given.slice(0, at), reference: given.slice(at + 1) };
  const colon = given.lastIndexOf(':');
  if (colon < 0) return { text: `${given}:latest`, repository: given, reference: 'latest', tag: 'latest' };
  const tag = given.slice(colon + 1);
  return { text: given, repository: given.slice(0, colon), reference: tag, tag };
}
