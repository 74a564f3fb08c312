/** Facts of a blob: expected, and as storage reports them. */

/** A transfer blob as its export or its transfer manifest describes it. */
export interface ExpectedBlob {
  readonly size: number;
  /** Base64. */
  readonly md5: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A blob as storage describes it. */
export interface BlobFacts {
  /** Bytes. */
  readonly size: number;
  /** Content-MD5, base64; null if the blob has none. */
  readonly md5: string | null;
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Last write, milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Access tier: `Hot`, `Cool` …; null if there is none. */
  readonly tier: string | null;
}

/** A blob whose bytes this process has written or hashed, by the ETag of the blob with these bytes. */
export type SeenBlob = Pick<BlobFacts, 'etag'>;

/** An exported blob, which always has a Content-MD5. */
export interface ExportedBlob extends BlobFacts {
  /** Base64. */
  readonly md5: string;
}
