import { stageBlob } from './copy-blob.ts';
import { failure } from './failure.ts';
import type { BlobContainer, BlobFacts } from './services.ts';
import type { StageTools } from './stage.ts';

/** Both ends of a handoff. */
export interface HandoffSides {
  readonly source: BlobContainer;
  readonly target: BlobContainer;
}

/** What a transfer blob must be; MD5 in base64. */
export interface ExpectedBlob {
  readonly size: number;
  readonly md5: string;
}

/** A handed-off blob. */
export interface HandedOff {
  readonly outcome: 'done' | 'skipped';
  /** Bytes that moved. */
  readonly bytes: number;
}

/** The source trigger takes up only blobs that have this metadata (Microsoft: ACR Transfer troubleshooting). */
const CATEGORY = { category: 'acr-transfer-blob' };

const describe = (blob: { readonly size: number; readonly md5: string | null }): string =>
  `${blob.size} bytes with MD5 ${blob.md5 ?? 'unknown'}`;

const equals = (blob: { size: number; md5: string | null }, other: { size: number; md5: string | null }): boolean =>
  blob.size === other.size && blob.md5 !== null && blob.md5 === other.md5;

const differs = (name: string, container: BlobContainer, expected: ExpectedBlob, actual: string): Error =>
  failure('ACRT5002', { blob: name, container: container.uri, expected: describe(expected), actual });

/**
 * Checks that a blob in a container is the one that a transfer manifest names.
 * @throws ACRT5001 missing, ACRT5002 different
 */
export async function checkBlob(container: BlobContainer, name: string, expected: ExpectedBlob): Promise<BlobFacts> {
  const facts = await container.find(name);
  if (facts === null) throw failure('ACRT5001', { blob: name, container: container.uri });
  if (!equals(facts, expected)) throw differs(name, container, expected, describe(facts));
  return facts;
}

/** Copies, and commits only what has the MD5 that is known of the blob, from the manifest or from its source. */
async function carry(
  sides: HandoffSides,
  name: string,
  facts: BlobFacts,
  md5: string | null,
  tools: StageTools,
): Promise<void> {
  const staged = await stageBlob(sides.source, sides.target, name, facts, {
    signal: tools.signal,
    onBytes: (done) => {
      tools.onProgress({ unit: 'bytes', done, total: facts.size });
    },
  });
  if (md5 !== null && staged.md5 !== md5) {
    const actual = describe({ size: facts.size, md5: staged.md5 });
    throw differs(name, sides.source, { size: facts.size, md5 }, actual);
  }
  await sides.target.commit(name, staged.blockIds, {
    md5: staged.md5,
    contentType: facts.contentType,
    metadata: { ...facts.metadata, ...CATEGORY },
  });
}

/** Whether a blob is what it should be, as far as storage can tell: one that has lost its MD5 is judged when it is read. */
const mayBe = (blob: BlobFacts, expected: ExpectedBlob): boolean =>
  blob.size === expected.size && (blob.md5 === null || blob.md5 === expected.md5);

/**
 * Carries one transfer blob from container to container, with its properties and metadata. A blob that is already at the
 * target with the same size and MD5 is left alone. The target blob appears whole, checked, or not at all.
 * @param expected what the transfer manifest says of the blob; null when only its name is known
 * @throws ACRT5001 missing at the source, ACRT5002 not what left, ACRT5003 changed under way
 */
export async function handOffBlob(
  sides: HandoffSides,
  name: string,
  expected: ExpectedBlob | null,
  tools: StageTools,
): Promise<HandedOff> {
  const [source, target] = await Promise.all([sides.source.find(name), sides.target.find(name)]);
  const wanted = expected ?? source;
  if (
    wanted !== null &&
    target !== null &&
    equals(target, wanted) &&
    target.metadata['category'] === CATEGORY.category
  ) {
    return { outcome: 'skipped', bytes: 0 };
  }
  if (source === null) throw failure('ACRT5001', { blob: name, container: sides.source.uri });
  if (expected !== null && !mayBe(source, expected)) throw differs(name, sides.source, expected, describe(source));
  await carry(sides, name, source, expected?.md5 ?? source.md5, tools);
  return { outcome: 'done', bytes: source.size };
}
