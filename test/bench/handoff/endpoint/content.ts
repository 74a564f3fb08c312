import { createCipheriv, createHash } from 'node:crypto';

const PATTERN_BYTES = 64 * 1024 * 1024;

/** The content of every blob of an endpoint: a repeated random pattern. */
export interface Content {
  /** Bytes from an offset to the next end of the pattern, at most `most`. They must not be changed. */
  readonly slice: (offset: number, most: number) => Buffer;
  /** MD5 of a range, base64. Computed once for all ranges with the same content. */
  readonly md5: (offset: number, length: number) => string;
}

/** The same in every process, so that discarded bytes of the sink can be read from it. */
const pattern = (): Buffer =>
  createCipheriv('aes-128-ctr', 'one key for all.', Buffer.alloc(16)).update(Buffer.alloc(PATTERN_BYTES));

/** Creates the content. */
export function createContent(): Content {
  const bytes = pattern();
  const known = new Map<string, string>();
  const slice: Content['slice'] = (offset, most) => {
    const start = offset % PATTERN_BYTES;
    return bytes.subarray(start, Math.min(PATTERN_BYTES, start + most));
  };
  const computed = (offset: number, length: number): string => {
    const hash = createHash('md5');
    for (let done = 0; done < length;) {
      const part = slice(offset + done, length - done);
      hash.update(part);
      done += part.length;
    }
    return hash.digest('base64');
  };
  return {
    slice,
    md5: (offset, length) => {
      const key = `${offset % PATTERN_BYTES}+${length}`;
      const md5 = known.get(key) ?? computed(offset, length);
      known.set(key, md5);
      return md5;
    },
  };
}
