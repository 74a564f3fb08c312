/** MD5 for the handoff: on worker threads, and with a state that another process can continue. */

/** Intermediate MD5 of a blob: the state that MD5 (RFC 1321) keeps between two chunks of 64 bytes. */
export interface Md5Chain {
  /** Number of hashed bytes, a multiple of 64. */
  readonly bytes: number;
  /** The four words of the state, 16 bytes. */
  readonly state: Buffer;
}

/** Hashes of bytes in the middle of a blob, computed in one pass. */
export interface HashedBlock {
  /** MD5 of these bytes alone, 16 bytes. */
  readonly md5: Buffer;
  /** Intermediate MD5 of the blob after these bytes. */
  readonly chain: Md5Chain;
}

/** Hashes of the last bytes of a blob, computed in one pass. */
export interface HashedBlob {
  /** MD5 of these bytes alone, 16 bytes. */
  readonly md5: Buffer;
  /** MD5 of the blob, 16 bytes. */
  readonly whole: Buffer;
}

/** Hashes bytes in shared memory. The caller must not change them until the promise settles. */
export interface Hasher {
  /** Announces blocks of this size, so that the worker threads start in time. */
  readonly expect: (bytes: number) => void;
  /** Allocates memory for blocks, shared with the worker threads. */
  readonly allocate: (bytes: number) => Buffer;
  /** Computes the MD5 of these bytes, 16 bytes. */
  readonly md5: (bytes: Buffer) => Promise<Buffer>;
  /**
   * Computes the MD5 of these bytes, and continues the MD5 of a blob.
   * @param bytes a multiple of 64
   * @param chain null for the first bytes
   */
  readonly link: (bytes: Buffer, chain: Md5Chain | null) => Promise<HashedBlock>;
  /** Computes the MD5 of these bytes (any number, including zero), and of the blob that ends with them. */
  readonly finish: (bytes: Buffer, chain: Md5Chain | null) => Promise<HashedBlob>;
  /** Ends the worker threads. */
  readonly close: () => void;
}
