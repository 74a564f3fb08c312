import { transferError } from '../errors/index.ts';
import type { Descriptor } from '../model/artifact.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { Manifest, Registry } from '../ports/registry.ts';

/** An artifact with everything that belongs to it, as one registry has it. */
export interface InspectedArtifact {
  readonly digest: string;
  readonly mediaType: string;
  /** Digest of what it refers to; null when it refers to nothing. */
  readonly subject: string | null;
  /** Digests of all manifests below an index, each once. */
  readonly children: readonly string[];
  /** All content, manifests included, each digest once. */
  readonly content: readonly Descriptor[];
  /** Digests of layers that the service does not carry. */
  readonly foreign: readonly string[];
}

/** Artifacts looked at at a time: well under a registry's 10,000 reads a minute for one identity. */
export const MAX_CONCURRENT_READS = 16;

/** Indexes may nest; deeper than this is not an artifact that anybody builds. */
const MAX_INDEX_DEPTH = 5;

/** Bytes of distinct content. */
export function totalBytes(content: Iterable<Descriptor>): number {
  const sizes = new Map<string, number>();
  for (const { digest, size } of content) sizes.set(digest, size);
  return sizes.values().reduce((sum, size) => sum + size, 0);
}

function contentOf(manifests: readonly Manifest[]): readonly Descriptor[] {
  const content = new Map<string, Descriptor>();
  for (const { digest, size, content: parts } of manifests) {
    content.set(digest, { digest, size });
    for (const part of parts) content.set(part.digest, part);
  }
  return [...content.values()];
}

/**
 * Looks at an artifact and, for an index, at every manifest below it.
 * @returns null when the artifact is not there
 * @throws ACRT6003 when an index lists a manifest that is not there, ACRT6004 when the registry cannot be read or
 *   indexes nest too deep
 */
export async function inspectArtifact(
  registry: Pick<Registry, 'loginServer' | 'manifest'>,
  reference: Reference,
): Promise<InspectedArtifact | null> {
  const { repository } = reference;
  const top = await registry.manifest(repository, reference.kind === 'tag' ? reference.tag : reference.digest);
  if (top === null) return null;
  const below = await descend(registry, reference, top, MAX_INDEX_DEPTH);
  const manifests = [top, ...below];
  return {
    digest: top.digest,
    mediaType: top.mediaType,
    subject: top.subject,
    children: [...new Set(below.map((manifest) => manifest.digest))],
    content: contentOf(manifests),
    foreign: [...new Set(manifests.flatMap(({ foreign }) => foreign))],
  };
}

async function descend(
  registry: Pick<Registry, 'loginServer' | 'manifest'>,
  reference: Reference,
  index: Manifest,
  depth: number,
): Promise<readonly Manifest[]> {
  if (index.children.length === 0) return [];
  if (depth === 0) {
    const values = { reference: formatReference(reference), registry: registry.loginServer };
    throw transferError('ACRT6004', { ...values, reason: `its indexes nest deeper than ${MAX_INDEX_DEPTH} levels` });
  }
  const found = await Promise.all(
    index.children.map(async (child) => {
      const manifest = await registry.manifest(reference.repository, child);
      if (manifest === null) {
        const values = { reference: formatReference(reference), registry: registry.loginServer, child };
        throw transferError('ACRT6003', values);
      }
      return [manifest, ...(await descend(registry, reference, manifest, depth - 1))];
    }),
  );
  return found.flat();
}
