/** Manifests of a registry for planning only: as large as real ones, without stored content. */
import { createHash } from 'node:crypto';
import type { ManifestEntry } from '../sandbox/description.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

const MEBIBYTE = 1024 * 1024;

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const layer = (seed: string, size: number): object => ({ mediaType: LAYER, digest: digestOf(seed), size });

/**
 * Images of many repositories: five layers of one of three bases, one layer for each repository, one for each tag.
 * @param repositories number of repositories
 * @param tags number of tags of each
 */
export function manyImages(repositories: number, tags: number): readonly ManifestEntry[] {
  return Array.from({ length: repositories * tags }, (_, index): ManifestEntry => {
    const repository = Math.floor(index / tags);
    const tag = index % tags;
    const base = repository % 3;
    const layers = [
      ...Array.from({ length: 5 }, (_unused, part) => layer(`base ${base} ${part}`, 20 * MEBIBYTE + base + part)),
      layer(`dependencies ${repository}`, 30 * MEBIBYTE + repository),
      layer(`application ${repository} ${tag}`, 4 * MEBIBYTE + tag),
    ];
    const config = { mediaType: CONFIG, digest: digestOf(`config ${repository} ${tag}`), size: 4096 };
    return {
      repository: `team/service-${String(repository).padStart(3, '0')}`,
      tag: `v1.${tag}.0`,
      mediaType: MANIFEST,
      content: { schemaVersion: 2, mediaType: MANIFEST, config, layers },
    };
  });
}
