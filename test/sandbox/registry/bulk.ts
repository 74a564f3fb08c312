import { z } from 'zod';
import type { ManifestEntry } from '../description.ts';
import { digestOf, isDigest, referenceName, repositoryName } from './name.ts';
import { refuse } from './refusal.ts';
import type { Content } from './store.ts';

const entry = z.strictObject({
  repository: z.string(),
  mediaType: z.string(),
  // Not copied: a schema that copies it could change the order of its members, and thereby the digest.
  content: z.custom<object>((value) => typeof value === 'object' && value !== null, 'not an object'),
  tag: z.string().optional(),
});

const entries = z.array(entry);

/** Parses manifests. Throws a ZodError. */
export const parseEntries = (json: unknown): readonly ManifestEntry[] =>
  entries.parse(json).map(({ tag, ...rest }) => (tag === undefined ? rest : { ...rest, tag }));

function tagName(text: string): string {
  if (isDigest(text)) throw refuse(400, 'TAG_INVALID', 'a digest is no tag', { Tag: text });
  return referenceName(text);
}

/**
 * Stores manifests without a check of their content, so that thousands of them take little time. Returns their digests. Throws
 * 400 for the first invalid manifest. Those before it remain.
 */
export function putManifests(content: Content, manifests: readonly ManifestEntry[]): readonly string[] {
  return manifests.map(({ repository, mediaType, content: document, tag }) => {
    const bytes = Buffer.from(JSON.stringify(document));
    const stored = { digest: digestOf(bytes), mediaType, bytes };
    content.ensure(repositoryName(repository)).put(stored, tag === undefined ? undefined : tagName(tag));
    return stored.digest;
  });
}
