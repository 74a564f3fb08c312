import { isRestError } from '@azure/storage-blob';
import type { BlobItem } from '@azure/storage-blob';
import { RunFailure } from '../contracts.ts';
import type { PipelineAccess, TriggerBlob } from '../contracts.ts';
import { openContainer } from './container.ts';
import type { EngineParts } from './parts.ts';

/** The metadata that marks a transfer blob (Microsoft Learn, "Troubleshoot": added by the export run; a copy can lose it). */
export const CATEGORY = { category: 'acr-transfer-blob' } as const;

/** The trigger ignores blobs that were last modified more than 60 days ago (Microsoft Learn, "Troubleshoot"). */
const MAX_AGE_MS = 60 * 86_400_000;

function isSeen({ properties, metadata }: BlobItem): boolean {
  const age = Date.now() - properties.lastModified.getTime();
  return properties.contentMD5 !== undefined && metadata?.['category'] === CATEGORY.category && age <= MAX_AGE_MS;
}

/** The blobs that the source trigger of an import pipeline sees. None if it isn't allowed to list the container. */
export async function findTriggerBlobs(
  parts: EngineParts,
  containerUri: string,
  access: PipelineAccess,
): Promise<readonly TriggerBlob[]> {
  try {
    const container = await openContainer(parts, containerUri, access);
    const seen: TriggerBlob[] = [];
    for await (const item of container.listBlobsFlat({ includeMetadata: true }))
      if (isSeen(item)) seen.push({ name: item.name, etag: item.properties.etag });
    return seen;
  } catch (error) {
    if (isRestError(error) || error instanceof RunFailure) return [];
    throw error;
  }
}
