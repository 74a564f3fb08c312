/** Redacts secrets in text for people and files. Every error message and remedy passes through here. */

const REDACTED = '***';

const SECRETS: readonly RegExp[] = [
  // SAS signatures, raw or percent-encoded once more inside another URL.
  /(?<=(?:^|[^A-Za-z0-9])sig=)[^&\s"'<>)\]]+/gi,
  /(?<=(?:%3F|%26|^)sig%3D)[^&\s"'<>]+?(?=%26|[&\s"'<>]|$)/gi,
  // Bearer and basic credentials.
  /(?<=\b(?:Bearer|Basic)\s)[A-Za-z0-9._~+/=-]{16,}/gi,
  // JSON web tokens.
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  // Form fields of token requests, and account keys in connection strings.
  /(?<=\b(?:client_secret|client_assertion|refresh_token|access_token|password|AccountKey)=)[^&;\s"']+/gi,
  // The same fields as JSON members.
  /(?<="(?:client_secret|client_assertion|refresh_token|access_token|id_token|password)"\s*:\s*")[^"]+/gi,
];

/**
 * Replaces SAS signatures, bearer tokens, JWTs, client secrets and account keys by `***`.
 * @param text any text, typically an error message of a service
 */
export function redact(text: string): string {
  return SECRETS.reduce((rest, secret) => rest.replace(secret, REDACTED), text);
}
