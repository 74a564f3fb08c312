import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { BlobContainer } from '../../../../src/transfer/ports/blob-container.ts';

/** A request that moves something. */
export interface Call {
  readonly kind: 'read' | 'stage' | 'pull' | 'commit';
  /** Where its bytes lie in the blob; 0 for a commit. */
  readonly offset: number;
  /** The bytes that a read has filled, or that a stage sends; empty otherwise. */
  readonly bytes: Buffer;
}

/** What comes between a request and its container: it waits, throws, or changes bytes. */
export interface Trouble {
  readonly before?: (call: Call) => unknown;
  /** The container has done it: who throws here loses the answer. */
  readonly after?: (call: Call) => unknown;
}

/** A container with faults in transit. A block that is damaged during its upload stays intact at the source. */
export function troubled(container: BlobContainer, { before, after }: Trouble): BlobContainer {
  const met = async <Result>(call: Call, work: () => Promise<Result>): Promise<Result> => {
    await before?.(call);
    const result = await work();
    await after?.(call);
    return result;
  };
  const nothing = Buffer.alloc(0);
  const { direct } = container;
  return {
    ...container,
    read: (blob, range, into, signal) =>
      met({ kind: 'read', offset: range.offset, bytes: into }, () => container.read(blob, range, into, signal)),
    stage: (blob, block, signal) => {
      const bytes = Buffer.from(block.bytes);
      return met({ kind: 'stage', offset: block.offset, bytes }, () =>
        container.stage(blob, { ...block, bytes }, signal),
      );
    },
    commit: (...order) => met({ kind: 'commit', offset: 0, bytes: nothing }, () => container.commit(...order)),
    direct: direct && {
      authorizeSource: direct.authorizeSource,
      pull: (blob, block, authorization, signal) =>
        met({ kind: 'pull', offset: block.offset, bytes: nothing }, () =>
          direct.pull(blob, block, authorization, signal),
        ),
    },
  };
}

/** A temporary error. */
export const passing = (retryAfterSeconds: number | null = null, throttled = false): Error =>
  transferError(
    'ACRT5005',
    { container: 'https://a/b', blob: 'a.tar', reason: 'ServerBusy' },
    { temporary: { retryAfterSeconds, throttled } },
  );

/** Applies a fault to the first calls of these kinds. */
export function first(times: number, kind: Call['kind'], work: (call: Call) => unknown): (call: Call) => unknown {
  let left = times;
  return (call) => {
    if (call.kind !== kind || left === 0) return undefined;
    left -= 1;
    return work(call);
  };
}

/** Flips a bit. */
export const damage = ({ bytes }: Call): void => {
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
};
