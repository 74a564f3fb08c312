/** An artifact as a run names it. */
export interface ArtifactName {
  /** As given, with `:latest` added where there was neither tag nor digest, which the service does too. */
  readonly text: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
  /** Undefined when it is named by digest. */
  readonly tag?: string;
}

/** Reads `repository`, `repository:tag` or `repository@digest`. */
export function parseArtifact(given: string): ArtifactName {
  const at = given.indexOf('@');
  if (at >= 0) return { text: given, repository: given.slice(0, at), reference: given.slice(at + 1) };
  const colon = given.lastIndexOf(':');
  if (colon < 0) return { text: `${given}:latest`, repository: given, reference: 'latest', tag: 'latest' };
  const tag = given.slice(colon + 1);
  return { text: given, repository: given.slice(0, colon), reference: tag, tag };
}
