import { createHash } from 'node:crypto';
import { refuse } from './refusal.ts';

const PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${PART}(?:/${PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a reference is a digest; SHA-256 is the only algorithm. */
export const isDigest = (reference: string): boolean => DIGEST.test(reference);

/** The digest of bytes: `sha256:…` */
export const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The repository name of a route, checked against the grammar of OCI distribution 1.1. Throws 400 NAME_INVALID. */
export function repositoryName(text: string | undefined): string {
  if (text !== undefined && text.length <= 255 && REPOSITORY.test(text)) return text;
  throw refuse(400, 'NAME_INVALID', 'invalid repository name', { name: text });
}

/** The digest of a route or query. Throws 400 DIGEST_INVALID. */
export function digestName(text: string | null | undefined): string {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw refuse(400, 'DIGEST_INVALID', 'invalid checksum digest format', { digest: text });
}

/** A tag or digest of a pushed manifest. Throws 400 TAG_INVALID. */
export function referenceName(text: string | undefined): string {
  if (text !== undefined && (TAG.test(text) || isDigest(text))) return text;
  throw refuse(400, 'TAG_INVALID', 'manifest tag did not match URI', { Tag: text });
}
