import { RunFailure } from '../contracts.ts';
import type { RunOrder, RunOutcome } from '../contracts.ts';
import { openContainer } from './container.ts';
import { payloadBytes, writeLayout } from './layout.ts';
import type { EngineParts } from './parts.ts';
import { percentOf } from './progress.ts';
import { selectArtifacts } from './selection.ts';
import { CATEGORY } from './trigger.ts';
import { upload } from './upload.ts';

/**
 * An export run: writes artifacts of the registry into one tar in a block blob. Throws RunFailure and RestError.
 * Assumed: without OverwriteBlobs, an existing blob fails the run before anything is written.
 */
export async function runExport(parts: EngineParts, order: RunOrder): Promise<RunOutcome> {
  const { artifacts, leftOut } = selectArtifacts(parts, order);
  const container = await openContainer(parts, order.containerUri, order.access);
  const blob = container.getBlockBlobClient(order.blobName);
  const overwrite = order.options.includes('OverwriteBlobs');
  if (!overwrite && (await blob.exists())) throw new RunFailure(`Blob ${order.blobName} already exists.`);
  const { digest } = await upload(blob, writeLayout(parts.store, artifacts), {
    overwrite,
    metadata: CATEGORY,
    progress: percentOf(payloadBytes(parts.store, artifacts), order.progress),
  });
  return { importedArtifacts: [], catalogDigest: digest, leftOut };
}
