import type { Readable } from 'node:stream';
import type { BlobTraffic, StorageTraffic } from '../description.ts';

/** Counts the bytes of blobs that one account receives and sends. */
export interface TrafficMeter {
  /**
   * Counts the bytes of a body that are read from now on. Must be called when a reader is about to be attached, because it
   * starts the flow.
   * @param url of the request
   */
  readonly watch: (body: Readable, kind: keyof BlobTraffic, url: URL) => void;
  readonly all: () => StorageTraffic;
  readonly reset: () => void;
}

/** `CONTAINER/BLOB` of a request's URL, decoded; null for requests on the account or on a container. */
export function blobOf({ pathname }: URL): string | null {
  const [, , container, ...blob] = pathname.split('/');
  return container === undefined || blob.join('') === '' ? null : decodeURIComponent([container, ...blob].join('/'));
}

/** Starts at zero. */
export function createTrafficMeter(): TrafficMeter {
  let traffic = new Map<string, Record<keyof BlobTraffic, number>>();
  return {
    watch: (body, kind, url) => {
      const blob = blobOf(url);
      if (blob === null) return;
      body.on('data', (chunk: Buffer) => {
        const entry = traffic.get(blob) ?? { downloaded: 0, uploaded: 0, pulled: 0 };
        entry[kind] += chunk.length;
        traffic.set(blob, entry);
      });
    },
    all: () => Object.fromEntries(traffic),
    reset: () => {
      traffic = new Map();
    },
  };
}
