/**
 * Commits a blob at the target, and decides whether a blob that exists there is the same.
 *
 * Size, MD5 and metadata of a blob in a storage container prove nothing: every writer can set them (Microsoft: Put Block
 * List, x-ms-blob-content-md5). Proof is an ETag that this process got when it wrote the blob, or the bytes. No ETag is
 * recorded where writers of the container can't write, so a blob of an earlier attempt is hashed: one read of the blob.
 */
import { TransferError, transferError } from '../errors/index.ts';
import type { BlobFacts, ExpectedBlob, SeenBlob } from '../model/blob.ts';
import type { BlobContainer, BlobProperties } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import { describeContent, differentBlobError, sameContent, type BlobContent } from './blob-identity.ts';
import { retryBlock, type BlobUpload, type UploadedBlocks } from './block-upload.ts';
import type { CopyContext } from './copy-context.ts';
import { hashBlob } from './stream-copy.ts';

/** The source trigger imports only blobs with this metadata (Microsoft: ACR Transfer troubleshooting). */
const CATEGORY = { category: 'acr-transfer-blob' };

/** A blob at the target. */
interface TargetBlob {
  readonly target: BlobContainer;
  readonly name: string;
  readonly copyContext: CopyContext;
  readonly stageContext: StageContext;
}

/** Content of a blob at the target. */
interface Comparison {
  /** The blob, if it has the wanted bytes. */
  readonly seen: SeenBlob | null;
  /** Its content, with the MD5 of its bytes if they were read. */
  readonly actual: BlobContent;
}

/** Error for a blob with this name and other content at the target (ACRT5009). */
export const conflictError = (name: string, container: BlobContainer, wanted: BlobContent, actual: string): Error =>
  transferError('ACRT5009', { blob: name, container: container.uri, expected: describeContent(wanted), actual });

/** Whether the blob has the wanted bytes. Its properties only decide whether the bytes are worth reading. */
async function compareBytes(blob: TargetBlob, wanted: BlobContent, found: BlobFacts): Promise<Comparison> {
  if (!sameContent(found, wanted)) return { seen: null, actual: found };
  const md5 = blob.target.computesMd5 ? found.md5 : await hashBlob(blob.target, { ...blob, facts: found });
  const seen = md5 === wanted.md5 ? { etag: found.etag } : null;
  return { seen, actual: { size: found.size, md5 } };
}

/**
 * Checks that the bytes of a blob are those that the transfer manifest records. Reads the whole blob.
 * @throws ACRT5001 missing, ACRT5002 different, ACRT5003 changed meanwhile
 */
export async function checkBlob(blob: TargetBlob, expected: ExpectedBlob): Promise<SeenBlob> {
  const { name, target } = blob;
  const found = await target.find(name);
  if (found === null) throw transferError('ACRT5001', { blob: name, container: target.uri });
  const { seen, actual } = await compareBytes(blob, expected, found);
  if (seen === null) throw differentBlobError(name, target, expected, actual);
  return seen;
}

/** The blob at the target: up to date, or with other content. Null: there is none. */
type FoundAtTarget =
  { readonly kind: 'same'; readonly seen: SeenBlob } | { readonly kind: 'other'; readonly facts: BlobFacts } | null;

/** How often a blob that changes while it is hashed is hashed again: other runners add its category at the same time. */
const MAX_LOOKS = 5;

const hasChanged = (error: unknown): boolean => error instanceof TransferError && error.facts.id === 'ACRT5003';

/** Looks at the blob once. Null if it changed meanwhile. */
async function look(
  blob: TargetBlob,
  wanted: BlobContent,
  found: BlobFacts,
): Promise<NonNullable<FoundAtTarget> | null> {
  const { seen, actual } = await compareBytes(blob, wanted, found).catch((error: unknown) => {
    if (hasChanged(error)) return { seen: null, actual: null };
    throw error;
  });
  if (actual === null) return null;
  if (seen === null) return { kind: 'other', facts: { ...found, md5: actual.md5 } };
  if (found.metadata['category'] === CATEGORY.category) return { kind: 'same', seen };
  const etag = await blob.target.describe(blob.name, { ...found.metadata, ...CATEGORY }, found.etag);
  return etag === null ? null : { kind: 'same', seen: { etag } };
}

/**
 * Whether the blob is up to date at the target, by its bytes. Adds a missing category, because the trigger ignores blobs
 * without it.
 * @throws ACRT5003 if the blob changes again and again
 */
export async function checkUpToDate(
  blob: TargetBlob,
  wanted: BlobContent,
  found: BlobFacts | null,
  looks = MAX_LOOKS,
): Promise<FoundAtTarget> {
  if (found === null) return null;
  const result = await look(blob, wanted, found);
  if (result !== null) return result;
  // Another runner changed the blob first, probably in the same way.
  if (looks <= 1) throw transferError('ACRT5003', { blob: blob.name });
  return checkUpToDate(blob, wanted, await blob.target.find(blob.name), looks - 1);
}

function propertiesOf({ facts, copyContext }: BlobUpload, md5: string, expected: ExpectedBlob | null): BlobProperties {
  const { tier } = copyContext;
  return {
    md5,
    contentType: expected?.contentType ?? facts.contentType,
    metadata: { ...facts.metadata, ...expected?.metadata, ...CATEGORY },
    tier: tier === 'source' ? facts.tier : tier,
  };
}

const targetBlobOf = ({ containers, name, copyContext, stageContext }: BlobUpload): TargetBlob => ({
  target: containers.target,
  name,
  copyContext,
  stageContext,
});

/** The blob at the target after a commit of any runner, if it has the wanted bytes. */
async function requireCommitted(upload: BlobUpload, wanted: BlobContent): Promise<SeenBlob> {
  const { containers, name } = upload;
  const { target } = containers;
  const committed = await checkUpToDate(targetBlobOf(upload), wanted, await target.find(name));
  if (committed?.kind === 'same') return committed.seen;
  const actual = committed === null ? 'a blob that was deleted in the meantime' : describeContent(committed.facts);
  throw conflictError(name, target, wanted, actual);
}

const withoutCategory = ({ category: _, ...metadata }: BlobProperties['metadata']): BlobProperties['metadata'] =>
  metadata;

/**
 * Commits the blob.
 *
 * The ETag of the new blob is proof if this process sent all of its blocks, or let the target fetch them from the source:
 * the source is pinned by its ETag, and is this side's own container, which the export has just written. Otherwise the
 * bytes are hashed: if blocks of an earlier attempt are in the blob, which any writer of the container can have uploaded;
 * if the response is lost; or if another runner is faster. A blob with reused blocks gets its category only after that,
 * because the source trigger imports a blob that has one. A directory reads each file back when it commits it.
 * @throws ACRT5003, ACRT5009
 */
export async function commitBlob(
  upload: BlobUpload,
  { blockIds, md5, reused }: UploadedBlocks,
  expected: ExpectedBlob | null,
  replaces: string | null,
): Promise<SeenBlob> {
  const { containers, name, facts, stageContext } = upload;
  const { target } = containers;
  const isUnproven = reused > 0 && !target.computesMd5;
  const properties = propertiesOf(upload, md5, expected);
  const written = isUnproven ? { ...properties, metadata: withoutCategory(properties.metadata) } : properties;
  const etag = await retryBlock(upload, stageContext.signal, () =>
    target.commit(name, blockIds, written, replaces, stageContext.signal),
  );
  if (etag !== null && !isUnproven) return { etag };
  return requireCommitted(upload, { size: facts.size, md5 });
}
