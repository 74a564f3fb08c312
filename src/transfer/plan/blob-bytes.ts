/**
 * How large a transfer blob will be. It is a tar (`catalogDigest` in the service's specification); what lies in it beside
 * the content, and whether it is compressed, is not known (service notes, C), so the estimate errs upwards a little.
 */
import type { Content } from '../services.ts';

const TAR_BLOCK = 512;

/** Two closing blocks, and room for documents that list 50 artifacts at some 600 bytes each, bytes. */
const FRAME_BYTES = 2 * TAR_BLOCK + 32 * 1024;

/** What one content takes in a tar: its header, and itself in whole blocks of 512 bytes. */
export const entryBytes = ({ size }: Content): number => TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;

/** What a blob takes whose entries take that much, bytes. */
export const blobBytes = (ofEntries: number): number => FRAME_BYTES + ofEntries;

/** Estimated bytes of the blob that holds this content, each digest counted once. */
export function estimateBlobBytes(content: Iterable<Content>): number {
  const distinct = new Map<string, number>();
  for (const one of content) {
    distinct.set(one.digest, entryBytes(one));
  }
  return blobBytes(distinct.values().reduce((sum, bytes) => sum + bytes, 0));
}
