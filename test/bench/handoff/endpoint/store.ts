import { WORKLOADS } from '../workload.ts';
import type { Content } from './content.ts';

/** A blob of an endpoint. Its bytes are those of the content, from the beginning. */
export interface KeptBlob {
  readonly size: number;
  /** Content-MD5, base64; null if it wasn't set. */
  readonly md5: string | null;
  readonly etag: string;
  readonly contentType: string;
  /** Headers `x-ms-meta-*`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The state of an endpoint: names and sizes of blobs, and of uncommitted blocks. */
export interface Store {
  readonly container: (name: string) => Map<string, KeptBlob>;
  /** Sizes of uncommitted blocks by block id, in bytes. */
  readonly staged: (container: string, blob: string) => Map<string, number>;
  /** The blocks are committed, or overwritten. */
  readonly forget: (container: string, blob: string) => void;
  readonly newEtag: () => string;
}

function orNew<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

/** Creates a store without blobs. */
export function createStore(): Store {
  const containers = new Map<string, Map<string, KeptBlob>>();
  const staged = new Map<string, Map<string, number>>();
  let written = 0;
  return {
    container: (name) => orNew(containers, name, () => new Map<string, KeptBlob>()),
    staged: (container, blob) => orNew(staged, `${container}/${blob}`, () => new Map<string, number>()),
    forget: (container, blob) => staged.delete(`${container}/${blob}`),
    newEtag: () => {
      written += 1;
      return `"0x8DE${String(written).padStart(12, '0')}"`;
    },
  };
}

/** Adds the blobs of every workload to a container with the workload's name, in the form of exported blobs. */
export function seed(store: Store, content: Content): void {
  for (const { name: container, blobs } of Object.values(WORKLOADS)) {
    const kept = store.container(container);
    for (const { name, size } of blobs) {
      kept.set(name, {
        size,
        // Hashing 8 GiB takes long, so it happens only on request.
        get md5() {
          return content.md5(0, size);
        },
        etag: store.newEtag(),
        contentType: 'application/octet-stream',
        metadata: { 'x-ms-meta-category': 'acr-transfer-blob' },
      });
    }
  }
}
