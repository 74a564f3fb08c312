import { transferError } from '../errors/index.ts';
import type { Descriptor } from '../model/artifact.ts';
import { formatReference, type Reference } from '../model/reference.ts';
import type { Manifest, Registry } from '../ports/registry.ts';

/** An artifact with all its manifests and content, as one registry has it. */
interface InspectedArtifact {
  readonly digest: string;
  readonly mediaType: string;
  /** Digest of its subject; null if it has none. */
  readonly subject: string | null;
  /** Digests of all manifests below an index, each once. */
  readonly children: readonly string[];
  /** All content, including manifests, each digest once. */
  readonly content: readonly Descriptor[];
  /** Digests of layers that the service doesn't transfer. */
  readonly foreign: readonly string[];
}

/** Concurrent reads. Stays well below the limit of a registry: 10,000 reads a minute for one identity. */
export const MAX_CONCURRENT_READS = 16;

/** Indexes can be nested. Deeper nesting is an error. */
const MAX_INDEX_DEPTH = 5;

/** Bytes of all content, each digest once. */
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
 * Reads an artifact and, for an index, every manifest below it.
 * @returns null if the artifact doesn't exist
 * @throws ACRT6003 if an index lists a manifest that doesn't exist, ACRT6004 if the registry can't be read or indexes are
 *   nested too deeply
 */
export async function inspectArtifact(
  registry: Pick<Registry, 'loginServer' | 'manifest'>,
  reference: Reference,
): Promise<InspectedArtifact | null> {
  const { repository } = reference;
  const top = await registry.manifest(repository, reference.kind === 'tag' ? reference.tag : reference.digest);
  if (top === null) return null;
  const below = await manifestsBelow(registry, reference, top, MAX_INDEX_DEPTH);
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

async function manifestsBelow(
  registry: Pick<Registry, 'loginServer' | 'manifest'>,
  reference: Reference,
  index: Manifest,
  depth: number,
): Promise<readonly Manifest[]> {
  if (index.children.length === 0) return [];
  if (depth === 0) {
    const values = { reference: formatReference(reference), registry: registry.loginServer };
    throw transferError('ACRT6004', {
      ...values,
      reason: `its indexes are nested more than ${MAX_INDEX_DEPTH} levels deep`,
    });
  }
  const found = await Promise.all(
    index.children.map(async (child) => {
      const manifest = await registry.manifest(reference.repository, child);
      if (manifest === null) {
        const values = { reference: formatReference(reference), registry: registry.loginServer, child };
        throw transferError('ACRT6003', values);
      }
      return [manifest, ...(await manifestsBelow(registry, reference, manifest, depth - 1))];
    }),
  );
  return found.flat();
}
