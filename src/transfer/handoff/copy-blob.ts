/** Copies one transfer blob to the target container. */
import { TransferError, transferError } from '../errors/index.ts';
import type { BlobFacts, ExpectedBlob, SeenBlob } from '../model/blob.ts';
import { formatBytes } from '../model/bytes.ts';
import type { HandoffFacts } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import type { BlobContainer } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import { couldMatch, describeContent, differentBlobError } from './blob-identity.ts';
import type { BlobUpload, CopyContainers, UploadedBlocks } from './block-upload.ts';
import { checkUpToDate, commitBlob, conflictError } from './commit-blob.ts';
import type { CopyContext } from './copy-context.ts';
import { directCopyOf, probe, pullBlob, requireVerifiableMd5, verifiableMd5 } from './server-copy.ts';
import { streamBlob } from './stream-copy.ts';

/** Result of a copy, with the blob at the target. */
export type CopyResult =
  | { readonly outcome: 'skipped'; readonly handoff: null; readonly seen: SeenBlob }
  | { readonly outcome: 'done'; readonly handoff: HandoffFacts; readonly seen: SeenBlob };

/** Remaining lifetime that a SAS needs at the start of a copy. */
const MIN_SAS_MINUTES = 5;

function checkAccess(side: Side, { uri, accessEndsAt }: BlobContainer, now: number): void {
  if (accessEndsAt === null || accessEndsAt - now > MIN_SAS_MINUTES * 60_000) return;
  throw transferError('ACRT5010', { side, container: uri, ends: new Date(accessEndsAt).toISOString() });
}

interface Blocks extends UploadedBlocks {
  readonly method: HandoffFacts['method'];
}

const copyThroughRunner = async (upload: BlobUpload): Promise<Blocks> => {
  const uploaded = await streamBlob(upload, false);
  return { ...uploaded, method: 'stream' };
};

/** Copies the bytes by the requested method. With `auto`, the target storage copies if it can read the source. */
async function copyBytes(upload: BlobUpload, md5: string | null): Promise<Blocks> {
  const { copyContext, stageContext, facts } = upload;
  const direct = directCopyOf(upload);
  // An empty blob has no blocks to fetch, so the service wouldn't check its MD5.
  if (copyContext.method === 'stream' || direct === null || facts.size === 0) return copyThroughRunner(upload);
  if (copyContext.method === 'server') {
    return { ...(await pullBlob(upload, direct, requireVerifiableMd5(upload, md5), false)), method: 'server' };
  }
  const verifiable = verifiableMd5(upload, md5);
  // If a server copy can't verify the MD5, the runner must read the bytes.
  if (verifiable === null) return copyThroughRunner(upload);
  const onUnreadable = (reason: string): void => {
    stageContext.onNote(`The bytes pass through this runner: ${reason}`);
  };
  let probed = false;
  const canRead = await copyContext.serverCopyProbe.canRead(async () => {
    probed = await probe(upload, direct, verifiable, onUnreadable);
    return probed;
  });
  if (!canRead) return copyThroughRunner(upload);
  try {
    return { ...(await pullBlob(upload, direct, verifiable, probed)), method: 'server' };
  } catch (error) {
    // The probe shows only that the target can read the source in general. A single read can fail nevertheless.
    if (!(error instanceof TransferError) || error.facts.id !== 'ACRT5008') throw error;
    onUnreadable(error.facts.message);
    return copyThroughRunner(upload);
  }
}

/** Copies the bytes and compares their MD5. After a mismatch with reused blocks, copies all blocks again, once. */
async function copyAndCheck(upload: BlobUpload, md5: string | null): Promise<Blocks> {
  const blocks = await copyBytes(upload, md5);
  if (md5 === null || blocks.md5 === md5) return blocks;
  const { containers, name, facts } = upload;
  const restarted = blocks.reused > 0 ? await streamBlob(upload, true) : blocks;
  if (restarted.md5 === md5) return { ...restarted, method: 'stream' };
  throw differentBlobError(
    name,
    containers.source,
    { size: facts.size, md5 },
    { size: facts.size, md5: restarted.md5 },
  );
}

function checkSource(
  containers: CopyContainers,
  name: string,
  source: BlobFacts | null,
  expected: ExpectedBlob | null,
  { maxBlobBytes }: CopyContext,
): asserts source is BlobFacts {
  if (source === null) throw transferError('ACRT5001', { blob: name, container: containers.source.uri });
  if (expected !== null && !couldMatch(source, expected))
    throw differentBlobError(name, containers.source, expected, source);
  if (maxBlobBytes !== null && source.size > maxBlobBytes) {
    throw transferError('ACRT5007', { blob: name, size: formatBytes(source.size), limit: formatBytes(maxBlobBytes) });
  }
}

/** The blob to copy. */
export interface BlobToCopy {
  readonly name: string;
  /** Content that the transfer manifest records. Null if only the blob's name is known. */
  readonly expected: ExpectedBlob | null;
  /** ETag of the source blob that this process saw after its export. Null: the blob as it is found. */
  readonly sourceEtag: string | null;
}

async function copyToTarget(
  containers: CopyContainers,
  { name, expected }: BlobToCopy,
  source: BlobFacts,
  target: BlobFacts | null,
  copyContext: CopyContext,
  stageContext: StageContext,
): Promise<CopyResult> {
  const wanted = expected ?? source;
  if (target !== null && !copyContext.overwrite)
    throw conflictError(name, containers.target, wanted, describeContent(target));
  const upload: BlobUpload = { containers, name, facts: source, copyContext, stageContext };
  const startedAt = stageContext.clock.now();
  const blocks = await copyAndCheck(upload, wanted.md5);
  const seen = await commitBlob(upload, blocks, expected, target?.etag ?? null);
  const seconds = (stageContext.clock.now() - startedAt) / 1000;
  return {
    outcome: 'done',
    handoff: { method: blocks.method, bytes: blocks.moved, reused: blocks.reused, seconds },
    seen,
  };
}

/**
 * Copies one transfer blob to the target, with its properties and metadata. Skips a blob that exists with the same bytes.
 * Replaces a different blob only with `overwrite`. The target blob appears complete and checked, or not at all.
 * @throws ACRT5001 missing at the source, ACRT5002 unexpected content, ACRT5003 changed during the copy or since its export,
 *   ACRT5006 to ACRT5014
 */
export async function copyBlob(
  containers: CopyContainers,
  blob: BlobToCopy,
  copyContext: CopyContext,
  stageContext: StageContext,
): Promise<CopyResult> {
  const { name, expected, sourceEtag } = blob;
  checkAccess('source', containers.source, stageContext.clock.now());
  checkAccess('target', containers.target, stageContext.clock.now());
  const findBlobs = (): Promise<[BlobFacts | null, BlobFacts | null]> =>
    Promise.all([containers.target.find(name), expected === null ? containers.source.find(name) : null]);
  // A directory reads the whole file to find it, and needs no connection. The limit is for connections.
  const [target, first] = await (containers.target.direct === null ? findBlobs() : copyContext.lookups(findBlobs));
  const wanted = expected ?? first;
  const targetBlob = { target: containers.target, name, copyContext, stageContext };
  const found = wanted === null ? null : await checkUpToDate(targetBlob, wanted, target);
  if (found?.kind === 'same') return { outcome: 'skipped', handoff: null, seen: found.seen };
  const source = expected === null ? first : await containers.source.find(name);
  checkSource(containers, name, source, expected, copyContext);
  if (sourceEtag !== null && source.etag !== sourceEtag) throw transferError('ACRT5003', { blob: name });
  return copyToTarget(containers, blob, source, found?.facts ?? target, copyContext, stageContext);
}
