/** Loads the transfer manifest for handoff and import. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { Batch } from '../model/artifact.ts';
import type { ExpectedBlob } from '../model/blob.ts';
import type { HandedOverSource } from '../model/request.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { LocalFiles } from '../ports/context.ts';
import { bindManifest } from './bind-manifest.ts';
import { documentDigest, readDocument } from './codec.ts';
import { documentArtifact, MANIFEST, type ManifestDocument } from './schemas.ts';

/** The batches to process, with the expected facts of their blobs. */
export interface LoadedManifest {
  readonly batches: readonly Batch[];
  /** By blob name; empty if only blob names are known. */
  readonly expected: ReadonlyMap<string, ExpectedBlob>;
  /** The transfer manifest; null if only blob names are known. */
  readonly manifest: { readonly text: string; readonly digest: string; readonly document: ManifestDocument } | null;
  /** Artifacts whose export failed. */
  readonly missing: readonly string[];
  /** Sentences for the reader of the log. */
  readonly warnings: readonly string[];
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

/** Where a manifest is looked for, and what this step knows of its target. */
interface ManifestContext {
  /** The container of the transfer blobs. */
  readonly container: BlobContainer;
  readonly files: LocalFiles;
  /** ARM resource ID of the target registry; null if this step doesn't know it. */
  readonly target: string | null;
}

type ManifestSource = Extract<HandedOverSource, { kind: 'manifest' }>;

/** The text of a manifest, and where it was found. */
interface ManifestText {
  readonly text: string;
  readonly isBlob: boolean;
}

async function readManifest(
  { place, named }: ManifestSource,
  { container, files }: ManifestContext,
): Promise<ManifestText> {
  const file = named ? await files.read(place) : null;
  if (file !== null) return { text: file, isBlob: false };
  const text = await container.readText(place);
  if (text !== null) return { text, isBlob: true };
  const hasFile = !named && (await files.list(place)).length > 0;
  const reason = named
    ? `there is neither a file nor a blob of this name in ${container.uri}`
    : `there is no blob of this name in ${container.uri}${hasFile ? '; the file of this name in the workspace is only used if the input manifest names it' : ''}`;
  throw transferError('ACRT7001', { document: MANIFEST.title, place, reason });
}

/** Reports a file that looks like the manifest, but isn't read because no input names it. */
async function unusedFile({ place, named }: ManifestSource, { files }: ManifestContext): Promise<readonly string[]> {
  if (named || (await files.list(place)).length === 0) return [];
  return [
    `The file ${place} in the workspace was not used: without the input manifest, the manifest is read from the container. To use the file, set manifest: ${place}`,
  ];
}

/**
 * Loads the batches from the transfer manifest, or from blob names. The manifest is a blob in the container of the transfer
 * blobs, or a file that the input `manifest` names.
 * @throws ACRT7001, ACRT7002, ACRT7009, ACRT7010
 */
export async function loadManifest(source: HandedOverSource, context: ManifestContext): Promise<LoadedManifest> {
  if (source.kind === 'blobs') {
    const batches = source.names.map((blob, index) => ({ index: index + 1, blob, bytes: 0, artifacts: [] }));
    return { batches, expected: new Map(), manifest: null, missing: [], warnings: [] };
  }
  const { text, isBlob } = await readManifest(source, context);
  const document = readDocument(MANIFEST, text, source.place);
  bindManifest(document, { ...source, isBlob, target: context.target });
  return {
    batches: manifestBatches(document),
    expected: new Map(document.batches.map(({ blob }) => [blob.name, blob])),
    manifest: { text, digest: documentDigest(text), document },
    missing: document.missing,
    warnings: await unusedFile(source, context),
  };
}
