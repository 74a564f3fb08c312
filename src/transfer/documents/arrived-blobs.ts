/** Finds the blobs of a manifest that need no handoff, because their artifacts have arrived. */
import { receiptName } from '../model/names.ts';
import { isSameResource } from '../model/pipeline-id.ts';
import { formatReference } from '../model/reference.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import { findDocument } from './codec.ts';
import type { LoadedManifest } from './load-manifest.ts';
import { RECEIPT } from './schemas.ts';

/**
 * Reads the names of blobs whose artifacts are all verified at the target, according to the receipt in the target container.
 * An import can have deleted these blobs (DeleteSourceBlobOnSuccess). A receipt that can't be read, or that answers another
 * source, proves nothing. The receipt decides only whether a blob is copied: an import verifies the artifacts itself.
 * @throws ACRT3006, ACRT5004, ACRT5005 if the container can't be read
 */
export async function arrivedBlobs(
  container: BlobContainer,
  { manifest, batches }: LoadedManifest,
): Promise<ReadonlySet<string>> {
  if (manifest === null) return new Set();
  const { transferName, registry } = manifest.document;
  const receipt = await findDocument(container, RECEIPT, receiptName(transferName));
  if (receipt === null || !isSameResource(receipt.source, registry)) return new Set();
  const verified = new Map(
    receipt.artifacts.flatMap(({ reference, digest, outcome }) =>
      outcome === 'verified' ? [[reference, digest]] : [],
    ),
  );
  const hasArrived = batches.filter((batch) =>
    batch.artifacts.every(({ reference, digest }) => verified.get(formatReference(reference)) === digest),
  );
  return new Set(hasArrived.map(({ blob }) => blob));
}
