/** Compares blobs by size and MD5. */
import { transferError } from '../errors/index.ts';
import type { BlobContainer } from '../ports/blob-container.ts';

/** Identifies a blob's content. */
export interface BlobContent {
  readonly size: number;
  /** Base64. Null if unknown. */
  readonly md5: string | null;
}

/** Describes a blob's content for messages. */
export const describeContent = ({ size, md5 }: BlobContent): string => `${size} bytes with MD5 ${md5 ?? 'unknown'}`;

/** Whether two blobs are known to be the same. */
export const sameContent = (blob: BlobContent, other: BlobContent): boolean =>
  blob.size === other.size && blob.md5 !== null && blob.md5 === other.md5;

/** Whether a blob might have the expected content. A blob without an MD5 is checked when it is read. */
export const couldMatch = (blob: BlobContent, expected: BlobContent): boolean =>
  blob.size === expected.size && (blob.md5 === null || blob.md5 === expected.md5);

/** Error for a blob with unexpected content (ACRT5002). */
export const differentBlobError = (
  name: string,
  container: BlobContainer,
  expected: BlobContent,
  actual: BlobContent,
): Error =>
  transferError('ACRT5002', {
    blob: name,
    container: container.uri,
    expected: describeContent(expected),
    actual: describeContent(actual),
  });
