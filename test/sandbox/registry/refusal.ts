import { HttpAnswer } from '../http.ts';

/** One member of the `errors` of an error response (OCI distribution 1.1, "Error codes"). */
export interface RegistryError {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

/** An error response in the form of the distribution specification, to be thrown. */
export const refuse = (status: number, code: string, message: string, detail: unknown = null): HttpAnswer =>
  new HttpAnswer(status, { errors: [{ code, message, detail } satisfies RegistryError] });

/** The same without a detail, as in ACR's own API and some refusals of the distribution API (recorded). */
export const refuseShortly = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer => new HttpAnswer(status, { errors: [{ code, message } satisfies RegistryError] }, headers);

/**
 * The manifest doesn't exist. Text and detail for a tag as in MicrosoftDocs/azure-docs#90060; text for a digest as recorded,
 * without a detail.
 */
export const manifestUnknown = (reference: string): HttpAnswer =>
  reference.includes(':')
    ? refuseShortly(404, 'MANIFEST_UNKNOWN', `manifest ${reference} is not found`)
    : refuse(404, 'MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`, { Tag: reference });

/** The repository doesn't have the blob. Text of distribution/distribution. */
export const blobUnknown = (digest: string): HttpAnswer =>
  refuse(404, 'BLOB_UNKNOWN', 'blob unknown to registry', digest);

/** The repository doesn't exist. Assumed: the text. */
export const nameUnknown = (name: string): HttpAnswer =>
  refuse(404, 'NAME_UNKNOWN', `repository "${name}" is not found`, { name });

/** The content has another digest than announced. Text of distribution/distribution. */
export const digestInvalid = (digest: string): HttpAnswer =>
  refuse(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content', { digest });
