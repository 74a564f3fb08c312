/** Blob container. */
import type { BlobFacts } from '../model/blob.ts';

/** What a blob is committed with. */
export interface BlobProperties {
  /** Content-MD5, base64; null only where nobody knows it. */
  readonly md5: string | null;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Access tier; null: the account's own. */
  readonly tier: string | null;
}

/** Where a part of a blob begins, in bytes, and the version of the blob that it is part of. */
export interface BlobRange {
  readonly offset: number;
  readonly etag: string;
}

/** A block that has arrived and waits for its blob to be committed. */
export interface ArrivedBlock {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** A block on its way up. */
export interface StagedBlock {
  /** Base64; all ids of a blob have the same length. */
  readonly id: string;
  /** Where it belongs in the blob. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** Base64. */
  readonly md5: string;
}

/** A block that the service fetches by itself. */
export interface PulledBlock extends BlobRange {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** Base64, checked by the service; null when nobody knows it. */
  readonly md5: string | null;
}

/** The right to read one blob, for a while, lent to another storage account. Secret, and masked before it is lent. */
export interface SourceAuthorization {
  /** With its SAS, if that is what it is lent by. */
  readonly url: string;
  /** Authorization of the request to the source (`Bearer …`); null when the URL is enough. */
  readonly authorization: string | null;
}

/** What lets one storage account read from another, without the runner. */
export interface DirectCopy {
  /** Lends a blob. Asked again for every block, so that a loan that is about to end is replaced in time. */
  readonly lend: (blob: string) => Promise<SourceAuthorization>;
  /**
   * Stages a block that this account reads from the lender by itself.
   * @throws ACRT5003 the source has changed, ACRT5008 this account cannot read the source
   */
  readonly pull: (blob: string, block: PulledBlock, loan: SourceAuthorization, signal: AbortSignal) => Promise<void>;
}

/** A small text at one moment. */
export interface TextVersion {
  readonly text: string;
  readonly etag: string;
}

/**
 * A storage container, or a directory. Throws ACRT3006, ACRT5004, ACRT5005; a directory ACRT5014. `read`, `stage`, `pull`
 * and `commit` make one attempt: what may go better the next time is thrown as a temporary failure.
 */
export interface BlobContainer {
  /** Without SAS; the path of a directory. */
  readonly uri: string;
  /** Null where no service copies by itself. */
  readonly direct: DirectCopy | null;
  /** When the access that was given ends, milliseconds since the epoch; null when it does not, or is renewed. */
  readonly accessEndsAt: number | null;
  /** Null when there is no such blob. */
  readonly find: (blob: string) => Promise<BlobFacts | null>;
  /**
   * Reads bytes `offset` to `offset + into.length`, as long as the blob has this ETag (ACRT5003 otherwise).
   * @param into filled whole; the caller's own memory, so that a large blob needs no more than its blocks in flight
   * @returns MD5 of these bytes as the other end computed it, base64; null when it did not
   */
  readonly read: (blob: string, range: BlobRange, into: Buffer, signal: AbortSignal) => Promise<string | null>;
  /** Blocks that have arrived for a blob and are not committed. */
  readonly arrived: (blob: string) => Promise<readonly ArrivedBlock[]>;
  /** Stages one block; its MD5 is checked where it arrives (a mismatch is a temporary failure). Throws ACRT5013. */
  readonly stage: (blob: string, block: StagedBlock, signal: AbortSignal) => Promise<void>;
  /**
   * Makes the blob appear, whole, out of staged blocks.
   * @param replaces ETag of the blob that it takes the place of; null when there is none
   * @returns false when somebody else has written the blob since
   */
  readonly commit: (
    blob: string,
    blockIds: readonly string[],
    properties: BlobProperties,
    replaces: string | null,
    signal: AbortSignal,
  ) => Promise<boolean>;
  /** Replaces the metadata of a blob as long as it has this ETag; false otherwise. */
  readonly describe: (blob: string, metadata: Readonly<Record<string, string>>, etag: string) => Promise<boolean>;
  /** A small text, for documents; null when there is no such blob. */
  readonly readText: (blob: string) => Promise<string | null>;
  /** Writes a small JSON text whole, over whatever was there. */
  readonly writeText: (blob: string, text: string) => Promise<void>;
  /** A small text with the version it has; null when there is no such blob. */
  readonly readVersion: (blob: string) => Promise<TextVersion | null>;
  /**
   * Writes a small JSON text whole, unless somebody else has written the blob meanwhile: then nothing is written, and the
   * answer is false.
   * @param etag of the version that is replaced; null: the blob must not be there yet
   */
  readonly replaceText: (blob: string, text: string, etag: string | null) => Promise<boolean>;
  /** Names of all blobs that end in this text, in the order of their names. */
  readonly list: (suffix: string) => Promise<readonly string[]>;
  /**
   * Removes a blob as long as it has this ETag; false when it is not there any more, or another one is. Null where nothing
   * is removed: a medium is emptied by who carries it.
   */
  readonly remove: ((blob: string, etag: string) => Promise<boolean>) | null;
}
