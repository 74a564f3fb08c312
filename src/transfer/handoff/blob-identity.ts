/** Same blob or not. */
import { transferError } from '../errors/index.ts';
import type { BlobFacts, ExpectedBlob } from '../model/blob.ts';
import type { BlobContainer } from '../ports/blob-container.ts';

/** What tells a blob's content from another. */
export interface BlobContent {
  readonly size: number;
  /** Base64; null when nobody knows it. */
  readonly md5: string | null;
}

/** A blob's content, for messages. */
export const describeContent = ({ size, md5 }: BlobContent): string => `${size} bytes with MD5 ${md5 ?? 'unknown'}`;

/** Whether two blobs are known to be the same. */
export const sameContent = (blob: BlobContent, other: BlobContent): boolean =>
  blob.size === other.size && blob.md5 !== null && blob.md5 === other.md5;

/** Whether a blob is what it should be, as far as storage can tell: one that has lost its MD5 is judged when it is read. */
export const canBe = (blob: BlobContent, expected: BlobContent): boolean =>
  blob.size === expected.size && (blob.md5 === null || blob.md5 === expected.md5);

/** A blob is not what it must be (ACRT5002). */
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

/**
 * Checks that a blob in a container is the one that a transfer manifest names.
 * @throws ACRT5001 missing, ACRT5002 different
 */
export async function checkBlob(container: BlobContainer, name: string, expected: ExpectedBlob): Promise<BlobFacts> {
  const facts = await container.find(name);
  if (facts === null) throw transferError('ACRT5001', { blob: name, container: container.uri });
  if (!sameContent(facts, expected)) throw differentBlobError(name, container, expected, facts);
  return facts;
}
