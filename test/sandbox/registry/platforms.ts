import { z } from 'zod';
import type { BlobStore } from './blob-store.ts';
import type { Descriptor } from './manifest.ts';

/** Larger configs aren't read for their platform. Bytes. */
const MAX_CONFIG = 1024 * 1024;

const platform = z.object({ architecture: z.string(), os: z.string() });

/** The platform of an image, from its config. */
export type Platform = z.infer<typeof platform>;

/** Undefined for anything but an image, and for an image whose config is missing or has no platform. */
export type PlatformOf = (config: Descriptor | undefined) => Promise<Platform | undefined>;

async function read(blobs: BlobStore, digest: string): Promise<Platform | undefined> {
  const bytes = await blobs.read(digest).toArray();
  try {
    return platform.parse(JSON.parse(Buffer.concat(bytes as Buffer[]).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Caches the platform of every config, because a listing needs those of all its manifests. */
export function createPlatforms(blobs: BlobStore): PlatformOf {
  const known = new Map<string, Promise<Platform | undefined>>();
  return async (config) => {
    if (!config || !/(?:oci|container)\.image/.test(config.mediaType)) return undefined;
    const { digest } = config;
    if (!blobs.has(digest) || blobs.size(digest) > MAX_CONFIG) return undefined;
    const reading = known.get(digest) ?? read(blobs, digest);
    known.set(digest, reading);
    return reading;
  };
}
