/** Blob container. */
import type { BlobFacts } from '../model/blob.ts';

/** Properties of a committed blob. */
export interface BlobProperties {
  /** Content-MD5, base64; null if it is unknown. */
  readonly md5: string | null;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Access tier; null: the default of the account. */
  readonly tier: string | null;
}

/** Start of a range in a version of a blob. */
export interface BlobRange {
  /** Bytes. */
  readonly offset: number;
  readonly etag: string;
}

/** An uncommitted block at the target. */
export interface ArrivedBlock {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** A block to upload. */
export interface StagedBlock {
  /** Base64; all ids of a blob have the same length. */
  readonly id: string;
  /** Position in the blob, bytes. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** Base64. */
  readonly md5: string;
}

/** A block that the target storage copies from the source. */
export interface PulledBlock extends BlobRange {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** Base64, verified by the service; null if it is unknown. */
  readonly md5: string | null;
}

/** Temporary authorization for another storage account to read one blob. Secret, and masked before it is returned. */
export interface SourceAuthorization {
  /** With the SAS, if the authorization is a SAS. */
  readonly url: string;
  /** Authorization header of the request to the source (`Bearer …`); null if the URL contains a SAS. */
  readonly authorization: string | null;
}

/** Copies between storage accounts without the runner. */
export interface DirectCopy {
  /** Authorizes the target storage to read a blob. Called for every block, so that an expiring authorization is replaced in time. */
  readonly authorizeSource: (blob: string) => Promise<SourceAuthorization>;
  /**
   * Stages a block that this account reads directly from the source.
   * @throws ACRT5003 the source has changed, ACRT5008 this account can't read the source
   */
  readonly pull: (blob: string, block: PulledBlock, source: SourceAuthorization, signal: AbortSignal) => Promise<void>;
}

/** A version of a small text. */
export interface TextVersion {
  readonly text: string;
  readonly etag: string;
}

/**
 * A storage container, or a directory. Throws ACRT3006, ACRT5004, ACRT5005; a directory throws ACRT5014. `read`, `stage`,
 * `pull` and `commit` make one attempt, and throw a temporary error if a retry can succeed.
 */
export interface BlobContainer {
  /** URI without SAS, or the path of a directory. */
  readonly uri: string;
  /** Null for a directory, and if the service can't copy. */
  readonly direct: DirectCopy | null;
  /** Expiry of the SAS from the inputs, milliseconds since the epoch; null if the access doesn't expire or is renewed. */
  readonly accessEndsAt: number | null;
  /**
   * Whether `find` computes the MD5 from the bytes. Otherwise, it is a property that every writer of the container can set
   * to any value, and proves nothing.
   */
  readonly computesMd5: boolean;
  /** Null if the blob doesn't exist. */
  readonly find: (blob: string) => Promise<BlobFacts | null>;
  /**
   * Reads bytes `offset` to `offset + into.length` if the blob has this ETag (ACRT5003 otherwise).
   * @param into buffer of the caller, filled completely; limits the memory of a large blob to its blocks in flight
   * @returns MD5 of these bytes as computed by the service, base64; null if the service didn't compute it
   */
  readonly read: (blob: string, range: BlobRange, into: Buffer, signal: AbortSignal) => Promise<string | null>;
  /** Uncommitted blocks of a blob. */
  readonly arrived: (blob: string) => Promise<readonly ArrivedBlock[]>;
  /** Stages one block. The service verifies its MD5; a mismatch is a temporary error. Throws ACRT5013. */
  readonly stage: (blob: string, block: StagedBlock, signal: AbortSignal) => Promise<void>;
  /**
   * Creates the blob from staged blocks.
   * @param replaces ETag of the blob that it replaces; null if there is none
   * @returns ETag of the new blob; null if another writer changed the blob
   */
  readonly commit: (
    blob: string,
    blockIds: readonly string[],
    properties: BlobProperties,
    replaces: string | null,
    signal: AbortSignal,
  ) => Promise<string | null>;
  /** Replaces the metadata of a blob if it has this ETag. Returns its new ETag; null if it has another one. */
  readonly describe: (blob: string, metadata: Readonly<Record<string, string>>, etag: string) => Promise<string | null>;
  /** Reads a small text, for documents; null if the blob doesn't exist. */
  readonly readText: (blob: string) => Promise<string | null>;
  /** Writes a small JSON text, and overwrites an existing blob. */
  readonly writeText: (blob: string, text: string) => Promise<void>;
  /** Reads a small text with its ETag; null if the blob doesn't exist. */
  readonly readVersion: (blob: string) => Promise<TextVersion | null>;
  /**
   * Writes a small JSON text if the blob still has this ETag; false otherwise.
   * @param etag of the version to replace; null: the blob must not exist
   */
  readonly replaceText: (blob: string, text: string, etag: string | null) => Promise<boolean>;
  /** Names of all blobs with this suffix, sorted by name. */
  readonly list: (suffix: string) => Promise<readonly string[]>;
  /**
   * Removes a blob if it has this ETag; false if it doesn't exist or has another ETag. Null for a directory: the user empties
   * the medium.
   */
  readonly remove: ((blob: string, etag: string) => Promise<boolean>) | null;
}
