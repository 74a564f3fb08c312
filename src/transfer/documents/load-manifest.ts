/** Loads the transfer manifest that handoff and import start from. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob } from '../model/blob.ts';
import type { HandedOverSource } from '../model/request.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { LocalFiles } from '../ports/context.ts';
import { readDocument } from './codec.ts';
import { documentArtifact, MANIFEST, type ManifestDocument } from './schemas.ts';

/** What was handed over: the batches, and what their blobs must be. */
export interface LoadedManifest {
  readonly batches: readonly Batch[];
  /** By blob name; empty when only names are known. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  /** The transfer manifest as it was found; null when only names are known. */
  readonly manifest: { readonly text: string; readonly document: ManifestDocument } | null;
  /** Artifacts that the export could not bring along. */
  readonly missing: readonly string[];
}

/** The failure of a manifest that is not complete (ACRT7003); none when it is. */
export function missingArtifacts({ missing }: LoadedManifest): readonly TransferError[] {
  if (missing.length === 0) return [];
  const count = missing.length === 1 ? 'One artifact' : `${missing.length} artifacts`;
  return [transferError('ACRT7003', { count, references: missing.map((reference) => `  ${reference}`).join('\n') })];
}

function manifestBatches(document: ManifestDocument): readonly Batch[] {
  return document.batches.map(({ blob, artifacts }, index) => ({
    index: index + 1,
    blob: blob.name,
    bytes: blob.size,
    artifacts: artifacts.map(documentArtifact),
  }));
}

async function readManifest(place: string, container: BlobContainer, files: LocalFiles): Promise<string> {
  const text = (await files.read(place)) ?? (await container.readText(place));
  if (text !== null) return text;
  const reason = `there is neither a file nor a blob of this name in ${container.uri}`;
  throw transferError('ACRT7001', { document: MANIFEST.title, place, reason });
}

/**
 * Takes up what was handed over: by its transfer manifest (a file, or the blob beside the transfer blobs), or by names.
 * @throws ACRT7001, ACRT7002
 */
export async function loadManifest(
  intake: HandedOverSource,
  container: BlobContainer,
  files: LocalFiles,
): Promise<LoadedManifest> {
  if (intake.kind === 'blobs') {
    const batches = intake.names.map((blob, index) => ({ index: index + 1, blob, bytes: 0, artifacts: [] }));
    return { batches, expected: new Map(), manifest: null, missing: [] };
  }
  const text = await readManifest(intake.place, container, files);
  const document = readDocument(MANIFEST, text, intake.place);
  const expected = new Map(document.batches.map(({ blob }) => [blob.name, blob]));
  return { batches: manifestBatches(document), expected, manifest: { text, document }, missing: document.missing };
}
