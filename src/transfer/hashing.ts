/** MD5 as the handoff needs it: beside the main thread, and so that another process can go on where this one ended. */

/** How far the MD5 of a blob has come: all that MD5 (RFC 1321) keeps between two chunks of 64 bytes. */
export interface Md5Chain {
  /** Bytes so far, a multiple of 64. */
  readonly bytes: number;
  /** The four words, 16 bytes. */
  readonly state: Buffer;
}

/** Hashes bytes that lie in shared memory. Nobody may write them until the promise has settled. */
export interface Hashing {
  /** Memory for blocks, shared with the threads that hash. */
  readonly allocate: (bytes: number) => Buffer;
  /** MD5 of these bytes, 16 bytes. */
  readonly md5: (bytes: Buffer) => Promise<Buffer>;
  /**
   * Goes on with the MD5 of a blob.
   * @param bytes a multiple of 64
   * @param chain null: these are the first bytes
   */
  readonly link: (bytes: Buffer, chain: Md5Chain | null) => Promise<Md5Chain>;
  /** MD5 of a blob that ends with these bytes (of any length, also none), 16 bytes. */
  readonly finish: (bytes: Buffer, chain: Md5Chain | null) => Promise<Buffer>;
  /** Ends the threads. */
  readonly close: () => void;
}
