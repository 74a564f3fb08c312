import { transferError } from '../../../../src/transfer/errors/transfer-error.ts';
import type { ArrivedBlock } from '../../../../src/transfer/ports/blob-container.ts';

/** Blocks that have arrived in a container in memory and are not committed. */
export interface MemoryBlocks {
  /** Throws ACRT5013 when the blob has blocks whose ids are of another length. */
  readonly keep: (blob: string, id: string, bytes: Buffer) => void;
  readonly arrived: (blob: string) => readonly ArrivedBlock[];
  /** The blob of these blocks; null if one of them is missing. */
  readonly assemble: (blob: string, ids: readonly string[]) => Buffer | null;
  readonly forget: (blob: string) => void;
}

/** Creates the block store of one container. */
export function memoryBlocks(uri: string): MemoryBlocks {
  const blocks = new Map<string, Map<string, Buffer>>();
  const of = (blob: string): ReadonlyMap<string, Buffer> => blocks.get(blob) ?? new Map<string, Buffer>();
  return {
    keep: (blob, id, bytes) => {
      if ([...of(blob).keys()].some((other) => other.length !== id.length)) {
        throw transferError('ACRT5013', { blob, container: uri, reason: 'InvalidBlobOrBlock' });
      }
      blocks.set(blob, new Map([...of(blob), [id, bytes]]));
    },
    arrived: (blob) => [...of(blob)].map(([id, { length }]) => ({ id, size: length })),
    assemble: (blob, ids) => {
      const parts = ids.flatMap((id) => of(blob).get(id) ?? []);
      return parts.length === ids.length ? Buffer.concat(parts) : null;
    },
    forget: (blob) => {
      blocks.delete(blob);
    },
  };
}
