/** Two containers and what carries a blob from one to the other. */
import { TransferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { CopyEnds } from '../../../../src/transfer/handoff/block-upload.ts';
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

/** Bytes of a block on a line so thin that blocks are as small as they get. */
export const BLOCK = 256 * 1024;

/** Bytes for all tests of a file. */
export const CONTENT = randomBytes(12 * BLOCK + 3);

/** What makes the source trigger see a blob. */
export const CATEGORY = { category: 'acr-transfer-blob' };

/** What a manifest says of a blob with these bytes. */
export const expectedOf = (bytes: Buffer): ExpectedBlob => ({
  size: bytes.length,
  md5: md5Of(bytes),
  contentType: 'application/octet-stream',
  metadata: CATEGORY,
});

/** How work failed: the id of the failure, or the error; null when it succeeded. */
export const failureId = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof TransferError ? error.facts.id : String(error)),
  );

/** A blob that lies in a container. */
export interface Lying {
  readonly bytes: Buffer;
  readonly facts?: Partial<BlobFacts>;
}

/** What a scene begins with. */
export interface Setting {
  /** The blob at the source; null: none. */
  readonly at: Lying | null;
  readonly there?: Lying;
  readonly part?: Partial<HandoffPart>;
  /** Whether the storage accounts reach each other; null: they do not copy by themselves. */
  readonly reach?: boolean | null;
  readonly clock?: FakeClock;
}

/** What is different in one attempt. */
export interface Attempt {
  readonly sides?: Partial<CopyEnds>;
  readonly signal?: AbortSignal;
  readonly name?: string;
  readonly crossing?: CopyContext;
}

/** A handoff, and what it left. */
export interface Scene {
  readonly source: MemoryContainer;
  readonly target: MemoryContainer;
  readonly clock: FakeClock;
  readonly hashing: MemoryHashing;
  readonly notes: readonly string[];
  readonly progress: readonly Progress[];
  /** As another runner opens it: it shares nothing but the containers. */
  readonly cross: () => CopyContext;
  readonly handOff: (expected?: ExpectedBlob | null, attempt?: Attempt) => Promise<CopyResult>;
  /** Bytes of the blob at the target; null when there is none. */
  readonly arrived: () => Buffer | null;
}

const PART: HandoffPart = { method: 'stream', overwrite: false, tier: null, bandwidth: BLOCK, maxBlobBytes: null };

function ends(reach: boolean | null, now: () => number): { source: MemoryContainer; target: MemoryContainer } {
  const network = (): Network => new Map();
  const [near, far] = reach === null ? [] : [network(), network()];
  return {
    source: memoryContainer('https://source/transfer', now, near),
    target: memoryContainer('https://target/transfer', now, reach === true ? near : far),
  };
}

/** Makes a scene. Blocks are small, as on a thin line, but nothing waits for it. */
export function scene({ at, there, part, reach = null, clock = fakeClock() }: Setting): Scene {
  const { source, target } = ends(reach, clock.now);
  if (at !== null) source.put('a.tar', at.bytes, at.facts);
  if (there !== undefined) target.put('a.tar', there.bytes, there.facts);
  const hashing = memoryHashing();
  const cross = (): CopyContext => ({
    ...createCopyContext({ ...PART, ...part }, hashing, clock),
    pace: () => Promise.resolve(),
  });
  const crossing = cross();
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
      const tools = { clock, signal: attempt.signal ?? unlimited(), onProgress, onNote };
      const sides = { source, target, ...attempt.sides };
      return copyBlob(sides, attempt.name ?? 'a.tar', expected, attempt.crossing ?? crossing, tools);
    },
    arrived: () => target.blobs.get('a.tar')?.bytes ?? null,
  };
}
