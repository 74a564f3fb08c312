import { transferError } from '../errors/index.ts';
import type { BlobFacts, ExpectedBlob } from '../model/blob.ts';
import { formatBytes } from '../model/bytes.ts';
import type { HandoffFacts } from '../model/result.ts';
import type { Side } from '../model/side.ts';
import type { BlobContainer, BlobProperties } from '../ports/blob-container.ts';
import type { StageContext } from '../ports/context.ts';
import { canBe, describeContent, differentBlobError, sameContent, type BlobContent } from './blob-identity.ts';
import { retryBlock, type BlobUpload, type CopyEnds, type UploadedBlocks } from './block-upload.ts';
import type { CopyContext } from './copy-context.ts';
import { directSides, knownMd5, probe, pullBlob, vouchedMd5 } from './server-copy.ts';
import { streamBlob } from './stream-copy.ts';

/** A handed-off blob. */
export type CopyResult =
  | { readonly outcome: 'skipped'; readonly handoff: null }
  | { readonly outcome: 'done'; readonly handoff: HandoffFacts };

const SKIPPED: CopyResult = { outcome: 'skipped', handoff: null };

/** The source trigger takes up only blobs that have this metadata (Microsoft: ACR Transfer troubleshooting). */
const CATEGORY = { category: 'acr-transfer-blob' };

/** A SAS that ends sooner is not begun with. */
const MIN_MINUTES = 5;

function checkAccess(side: Side, { uri, accessEndsAt }: BlobContainer, now: number): void {
  if (accessEndsAt === null || accessEndsAt - now > MIN_MINUTES * 60_000) return;
  throw transferError('ACRT5010', { side, container: uri, ends: new Date(accessEndsAt).toISOString() });
}

interface Blocks extends UploadedBlocks {
  readonly method: HandoffFacts['method'];
}

const streamed = async (staging: BlobUpload): Promise<Blocks> => {
  const staged = await streamBlob(staging, false);
  return { ...staged, method: 'stream' };
};

/** Carries the bytes, by the way that was asked for or, with auto, by the one that is open. */
async function copyBytes(staging: BlobUpload, md5: string | null): Promise<Blocks> {
  const { crossing, tools, facts } = staging;
  const direct = directSides(staging);
  // Of nothing there is nothing to fetch, and nobody who would check its MD5.
  if (crossing.method === 'stream' || direct === null || facts.size === 0) return streamed(staging);
  if (crossing.method === 'server') {
    return { ...(await pullBlob(staging, direct, knownMd5(staging, md5), false)), method: 'server' };
  }
  const known = vouchedMd5(staging, md5);
  // Where nobody vouches for the MD5, somebody must read the bytes.
  if (known === null) return streamed(staging);
  let probed = false;
  const open = await crossing.reach.isOpen(async () => {
    probed = await probe(staging, direct, known, (reason) => {
      tools.onNote(`The bytes pass through this runner: ${reason}`);
    });
    return probed;
  });
  return open ? { ...(await pullBlob(staging, direct, known, probed)), method: 'server' } : streamed(staging);
}

/** The same with the MD5 that it must have. Blocks of an earlier attempt that do not fit are carried anew, once. */
async function copyChecked(staging: BlobUpload, md5: string | null): Promise<Blocks> {
  const blocks = await copyBytes(staging, md5);
  if (md5 === null || blocks.md5 === md5) return blocks;
  const { sides, name, facts } = staging;
  const anew = blocks.reused > 0 ? await streamBlob(staging, true) : blocks;
  if (anew.md5 === md5) return { ...anew, method: 'stream' };
  throw differentBlobError(name, sides.source, { size: facts.size, md5 }, { size: facts.size, md5: anew.md5 });
}

const tierOf = ({ tier }: CopyContext, facts: BlobFacts): string | null => (tier === 'source' ? facts.tier : tier);

function propertiesOf({ facts, crossing }: BlobUpload, md5: string, expected: ExpectedBlob | null): BlobProperties {
  const metadata = { ...facts.metadata, ...expected?.metadata, ...CATEGORY };
  return { md5, contentType: expected?.contentType ?? facts.contentType, metadata, tier: tierOf(crossing, facts) };
}

const another = (name: string, container: BlobContainer, wanted: BlobContent, actual: string): Error =>
  transferError('ACRT5009', { blob: name, container: container.uri, expected: describeContent(wanted), actual });

/** Commits. Who lost the answer, or was overtaken by another runner, finds the same blob there: that is as good. */
async function commit(
  staging: BlobUpload,
  blocks: Blocks,
  expected: ExpectedBlob | null,
  replaces: string | null,
): Promise<void> {
  const { sides, name, facts, tools } = staging;
  const properties = propertiesOf(staging, blocks.md5, expected);
  const committed = await retryBlock(staging, tools.signal, () =>
    sides.target.commit(name, blocks.blockIds, properties, replaces, tools.signal),
  );
  if (committed) return;
  const wanted = { size: facts.size, md5: blocks.md5 };
  const now = await sides.target.find(name);
  if (now !== null && sameContent(now, wanted)) return;
  throw another(name, sides.target, wanted, now === null ? 'a blob that is gone again' : describeContent(now));
}

function checkSource(
  sides: CopyEnds,
  name: string,
  source: BlobFacts | null,
  expected: ExpectedBlob | null,
  { maxBlobBytes }: CopyContext,
): asserts source is BlobFacts {
  if (source === null) throw transferError('ACRT5001', { blob: name, container: sides.source.uri });
  if (expected !== null && !canBe(source, expected)) throw differentBlobError(name, sides.source, expected, source);
  if (maxBlobBytes !== null && source.size > maxBlobBytes) {
    throw transferError('ACRT5007', { blob: name, size: formatBytes(source.size), limit: formatBytes(maxBlobBytes) });
  }
}

/** What was found of a blob at both ends. */
interface Found {
  readonly source: BlobFacts | null;
  readonly target: BlobFacts | null;
}

/** Whether the blob is at the target already. One that only lacks its category, without which no trigger sees it, gets it. */
async function isThere(
  { target }: Pick<CopyEnds, 'target'>,
  name: string,
  wanted: BlobContent,
  found: BlobFacts | null,
): Promise<boolean> {
  if (found === null || !sameContent(found, wanted)) return false;
  if (found.metadata['category'] === CATEGORY.category) return true;
  if (await target.describe(name, { ...found.metadata, ...CATEGORY }, found.etag)) return true;
  // Another runner was faster, most likely with the same.
  return isThere({ target }, name, wanted, await target.find(name));
}

async function copyToTarget(
  sides: CopyEnds,
  name: string,
  { source, target }: Found,
  expected: ExpectedBlob | null,
  crossing: CopyContext,
  tools: StageContext,
): Promise<CopyResult> {
  checkSource(sides, name, source, expected, crossing);
  const wanted = expected ?? source;
  if (target !== null && !crossing.overwrite) throw another(name, sides.target, wanted, describeContent(target));
  const staging: BlobUpload = { sides, name, facts: source, crossing, tools };
  const since = tools.clock.now();
  const blocks = await copyChecked(staging, wanted.md5);
  await commit(staging, blocks, expected, target?.etag ?? null);
  const seconds = (tools.clock.now() - since) / 1000;
  return {
    outcome: 'done',
    handoff: { method: blocks.method, bytes: blocks.moved, reused: blocks.reused, seconds },
  };
}

/**
 * Carries one transfer blob to the target, with its properties and metadata. One that is there with the same size and MD5
 * is left alone (one request, where the manifest tells both), one that differs is replaced only with `overwrite`. The
 * target blob appears whole, checked, or not at all.
 * @param expected what the transfer manifest says of the blob; null when only its name is known
 * @throws ACRT5001 missing at the source, ACRT5002 not what left, ACRT5003 changed under way, ACRT5006 to ACRT5014
 */
export async function copyBlob(
  sides: CopyEnds,
  name: string,
  expected: ExpectedBlob | null,
  crossing: CopyContext,
  tools: StageContext,
): Promise<CopyResult> {
  checkAccess('source', sides.source, tools.clock.now());
  checkAccess('target', sides.target, tools.clock.now());
  const look = (): Promise<[BlobFacts | null, BlobFacts | null]> =>
    Promise.all([sides.target.find(name), expected === null ? sides.source.find(name) : null]);
  // To look into a directory is to read the whole file: that is no matter of connections.
  const [target, first] = await (sides.target.direct === null ? look() : crossing.looks(look));
  const wanted = expected ?? first;
  if (wanted !== null && (await isThere(sides, name, wanted, target))) return SKIPPED;
  const source = expected === null ? first : await sides.source.find(name);
  return copyToTarget(sides, name, { source, target }, expected, crossing, tools);
}
