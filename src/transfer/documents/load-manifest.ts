/** Loads the transfer manifest for handoff and import. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob } from '../model/blob.ts';
import type { HandedOverSource } from '../model/request.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { LocalFiles } from '../ports/context.ts';
import { readDocument } from './codec.ts';
import { documentArtifact, MANIFEST, type ManifestDocument } from './schemas.ts';

/** The batches to process, with the expected facts of their blobs. */
export interface LoadedManifest {
  readonly batches: readonly Batch[];
  /** By blob name; empty if only blob names are known. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  /** The transfer manifest; null if only blob names are known. */
  readonly manifest: { readonly text: string; readonly document: ManifestDocument } | null;
  /** Artifacts whose export failed. */
  readonly missing: readonly string[];
}

/** The error of an incomplete manifest (ACRT7003); empty if it is complete. */
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
 * Loads the batches from the transfer manifest (a file, or a blob in the container of the transfer blobs), or from blob names.
 * @throws ACRT7001, ACRT7002
 */
export async function loadManifest(
  source: HandedOverSource,
  container: BlobContainer,
  files: LocalFiles,
): Promise<LoadedManifest> {
  if (source.kind === 'blobs') {
    const batches = source.names.map((blob, index) => ({ index: index + 1, blob, bytes: 0, artifacts: [] }));
    return { batches, expected: new Map(), manifest: null, missing: [] };
  }
  const text = await readManifest(source.place, container, files);
  const document = readDocument(MANIFEST, text, source.place);
  const expected = new Map(document.batches.map(({ blob }) => [blob.name, blob]));
  return { batches: manifestBatches(document), expected, manifest: { text, document }, missing: document.missing };
}
