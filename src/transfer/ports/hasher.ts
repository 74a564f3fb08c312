/** MD5 as the handoff needs it: beside the main thread, and so that another process can go on where this one ended. */

/** How far the MD5 of a blob has come: all that MD5 (RFC 1321) keeps between two chunks of 64 bytes. */
export interface Md5Chain {
  /** Bytes so far, a multiple of 64. */
  readonly bytes: number;
  /** The four words, 16 bytes. */
  readonly state: Buffer;
}

/** What was computed of bytes in the middle of a blob, in one pass. */
export interface HashedBlock {
  /** MD5 of these bytes by themselves, 16 bytes. */
  readonly md5: Buffer;
  /** How far the MD5 of the blob has come with them. */
  readonly chain: Md5Chain;
}

/** What was computed of the last bytes of a blob, in one pass. */
export interface HashedBlob {
  /** MD5 of these bytes by themselves, 16 bytes. */
  readonly md5: Buffer;
  /** MD5 of the blob, 16 bytes. */
  readonly whole: Buffer;
}

/** Hashes bytes that lie in shared memory. Nobody may write them until the promise has settled. */
export interface Hasher {
  /** Bytes of this number at a time are about to come: what hashes them has the time to start. */
  readonly expect: (bytes: number) => void;
  /** Memory for blocks, shared with the threads that hash. */
  readonly allocate: (bytes: number) => Buffer;
  /** MD5 of these bytes, 16 bytes. */
  readonly md5: (bytes: Buffer) => Promise<Buffer>;
  /**
   * MD5 of these bytes, and goes on with the MD5 of a blob.
   * @param bytes a multiple of 64
   * @param chain null: these are the first bytes
   */
  readonly link: (bytes: Buffer, chain: Md5Chain | null) => Promise<HashedBlock>;
  /** MD5 of these bytes (any number of them, also none), and of the blob that ends with them. */
  readonly finish: (bytes: Buffer, chain: Md5Chain | null) => Promise<HashedBlob>;
  /** Ends the threads. */
  readonly close: () => void;
}
