import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** The checksums to compute: those that are present. */
interface Wanted {
  readonly md5?: unknown;
  readonly crc64?: unknown;
}

/** CRC-64/NVME, the algorithm of `x-ms-content-crc64`: its reflected polynomial, in two halves. */
const [POLYNOMIAL_HIGH, POLYNOMIAL_LOW] = [0x9a6c9329, 0xac4bc9b5];

function makeTables(): { readonly high: Int32Array; readonly low: Int32Array } {
  const [high, low] = [new Int32Array(256), new Int32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    let [h, l] = [0, byte];
    for (let bit = 0; bit < 8; bit += 1) {
      const lowBit = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (lowBit) [h, l] = [h ^ POLYNOMIAL_HIGH, l ^ POLYNOMIAL_LOW];
    }
    [high[byte], low[byte]] = [h, l];
  }
  return { high, low };
}

const tables = makeTables();

/** A running CRC-64/NVME, in halves of 32 bits signed, so that the loop uses only integers. */
export function createCrc64(): { readonly update: (bytes: Uint8Array) => void; readonly digest: () => Uint8Array } {
  let high = -1;
  let low = -1;
  return {
    update: (bytes) => {
      let h = high;
      let l = low;
      // No iterator and no fallbacks, because uploads without MD5 spend their time in this loop.
      for (let position = 0; position < bytes.length; position += 1) {
        const index = (l ^ (bytes[position] as number)) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ (tables.low[index] as number);
        h = (h >>> 8) ^ (tables.high[index] as number);
      }
      high = h;
      low = l;
    },
    digest: () => {
      const result = Buffer.alloc(8);
      result.writeInt32LE(~low, 0);
      result.writeInt32LE(~high, 4);
      return new Uint8Array(result);
    },
  };
}

/**
 * Replaces Azurite's function of the same purpose.
 * @param expected values of the client, which the caller compares
 * @param force additional values that the caller needs
 */
export async function computeChecksums(
  stream: Readable,
  expected: Wanted,
  force: Wanted = {},
): Promise<{ readonly md5: Uint8Array | undefined; readonly crc64: Uint8Array | undefined }> {
  const md5 = (expected.md5 ?? (force.md5 || undefined)) === undefined ? null : createHash('md5');
  const crc64 = (expected.crc64 ?? (force.crc64 || undefined)) === undefined ? null : createCrc64();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    md5?.update(chunk);
    crc64?.update(chunk);
  }
  return { md5: md5 ? new Uint8Array(md5.digest()) : undefined, crc64: crc64?.digest() };
}
