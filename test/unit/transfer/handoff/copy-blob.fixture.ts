/** Two containers, and the copy of a blob between them. */
import { TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { CopyContainers } from '../../../../src/transfer/handoff/block-upload.ts';
import { copyBlob, type CopyResult } from '../../../../src/transfer/handoff/copy-blob.ts';
import { createCopyContext, type CopyContext } from '../../../../src/transfer/handoff/copy-context.ts';
import type { BlobFacts, ExpectedBlob } from '../../../../src/transfer/model/blob.ts';
import type { Progress } from '../../../../src/transfer/model/events.ts';
import type { HandoffPart } from '../../../../src/transfer/model/request.ts';
import { randomContent } from '../../../seed.ts';
import { fakeClock, unlimited, type FakeClock } from '../ports/clock.fixture.ts';
import { md5Of, memoryContainer, type MemoryContainer, type Network } from '../ports/blob-container.fixture.ts';
import { memoryHashing, type MemoryHashing } from '../ports/hasher.fixture.ts';

const randomBytes = randomContent('handoff scene');

/** Size of a block at a bandwidth that makes blocks as small as possible. */
export const BLOCK = 256 * 1024;

/** Content for all tests of a file. */
export const CONTENT = randomBytes(12 * BLOCK + 3);

/** Metadata that the source trigger requires. */
export const CATEGORY = { category: 'acr-transfer-blob' };

/** Manifest entry of a blob with these bytes. */
export const expectedOf = (bytes: Buffer): ExpectedBlob => ({
  size: bytes.length,
  md5: md5Of(bytes),
  contentType: 'application/octet-stream',
  metadata: CATEGORY,
});

/** The error of a promise: its id, or its text. Null if it resolves. */
export const failureId = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof TransferError ? error.facts.id : String(error)),
  );

/** A blob in a container. */
export interface Lying {
  readonly bytes: Buffer;
  readonly facts?: Partial<BlobFacts>;
}

/** Initial state of a scene. */
export interface Setting {
  /** The blob at the source. Null: none. */
  readonly at: Lying | null;
  readonly there?: Lying;
  readonly part?: Partial<HandoffPart>;
  /** Whether the target account can read the source account. Null: neither supports server copies. */
  readonly reach?: boolean | null;
  readonly clock?: FakeClock;
}

/** Overrides for one attempt. */
export interface Attempt {
  readonly containers?: Partial<CopyContainers>;
  readonly signal?: AbortSignal;
  readonly name?: string;
  readonly sourceEtag?: string;
  readonly copyContext?: CopyContext;
}

/** A copy and its effects. */
export interface Scene {
  readonly source: MemoryContainer;
  readonly target: MemoryContainer;
  readonly clock: FakeClock;
  readonly hashing: MemoryHashing;
  readonly notes: readonly string[];
  readonly progress: readonly Progress[];
  /** Creates the copy context of another runner, which shares only the containers. */
  readonly cross: () => CopyContext;
  readonly handOff: (expected?: ExpectedBlob | null, attempt?: Attempt) => Promise<CopyResult>;
  /** Content of the blob at the target. Null if there is none. */
  readonly arrived: () => Buffer | null;
}

const PART: HandoffPart = { method: 'stream', overwrite: false, tier: null, bandwidth: BLOCK, maxBlobBytes: null };

function containerPair(reach: boolean | null, now: () => number): { source: MemoryContainer; target: MemoryContainer } {
  const network = (): Network => new Map();
  const [near, far] = reach === null ? [] : [network(), network()];
  return {
    source: memoryContainer('https://source/transfer', now, near),
    target: memoryContainer('https://target/transfer', now, reach === true ? near : far),
  };
}

/** Creates a scene. Blocks are as small as at a low bandwidth, but no copy waits for it. */
export function scene({ at, there, part, reach = null, clock = fakeClock() }: Setting): Scene {
  const { source, target } = containerPair(reach, clock.now);
  if (at !== null) source.put('a.tar', at.bytes, at.facts);
  if (there !== undefined) target.put('a.tar', there.bytes, there.facts);
  const hashing = memoryHashing();
  const cross = (): CopyContext => ({
    ...createCopyContext({ ...PART, ...part }, hashing, clock),
    rateLimit: () => Promise.resolve(),
  });
  const copyContext = cross();
  const notes: string[] = [];
  const progress: Progress[] = [];
  const onProgress = (item: Progress): void => {
    progress.push(item);
  };
  const onNote = (text: string): void => {
    notes.push(text);
  };
  return {
    source,
    target,
    clock,
    hashing,
    notes,
    progress,
    cross,
    handOff: (expected = null, attempt = {}) => {
      const stageContext = { clock, signal: attempt.signal ?? unlimited(), onProgress, onNote, onRun: () => undefined };
      const containers = { source, target, ...attempt.containers };
      const blob = { name: attempt.name ?? 'a.tar', expected, sourceEtag: attempt.sourceEtag ?? null };
      return copyBlob(containers, blob, attempt.copyContext ?? copyContext, stageContext);
    },
    arrived: () => target.blobs.get('a.tar')?.bytes ?? null,
  };
}
