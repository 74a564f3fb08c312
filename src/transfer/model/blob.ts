/** What storage says of a blob, and what it must be. */

/** What a transfer blob must be, as its export or its transfer manifest tells. */
export interface ExpectedBlob {
  readonly size: number;
  /** Base64. */
  readonly md5: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What storage says of a blob. */
export interface BlobFacts {
  /** Bytes. */
  readonly size: number;
  /** Content-MD5, base64; null when the blob has none, or when nobody has computed it. */
  readonly md5: string | null;
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was last written, milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Access tier: `Hot`, `Cool` …; null when there is none. */
  readonly tier: string | null;
}

/** An exported blob: storage knows its MD5. */
export interface ExportedBlob extends BlobFacts {
  /** Base64. */
  readonly md5: string;
}
