/** What runs do in memory: they really pack and unpack artifacts. */
import { parseReference } from '../../../../src/transfer/model/reference.ts';
import type { RunRequest } from '../../../../src/transfer/ports/pipelines.ts';
import type { Manifest } from '../../../../src/transfer/ports/registry.ts';
import type { MemoryContainer } from './blob-container.fixture.ts';
import type { Engine } from './pipelines.fixture.ts';
import type { MemoryRegistry } from './registry.fixture.ts';

/** Faults of an export whose run succeeds. */
export interface ExportWeather {
  /** References that an export leaves out although its run succeeds, as with ContinueOnErrors. */
  readonly leavesOut?: (order: RunRequest) => readonly string[];
  /** Message of a run that has left out something. */
  readonly errorMessage?: string;
}

interface Packed {
  readonly repository: string;
  readonly tag: string | null;
  readonly reference: string;
  readonly manifests: readonly Manifest[];
}

/** A manifest, and everything below it. */
function closure(registry: MemoryRegistry, repository: string, name: string): readonly Manifest[] {
  const top = registry.peek(repository, name);
  if (top === null) throw new Error(`${repository} ${name} is not there`);
  return [top, ...top.children.flatMap((child) => closure(registry, repository, child))];
}

function pack(registry: MemoryRegistry, references: readonly string[]): Buffer {
  const packed = references.map((text): Packed => {
    const parsed = parseReference(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { repository } = parsed.value;
    const tag = parsed.value.kind === 'tag' ? parsed.value.tag : null;
    const name = parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest;
    return { repository, tag, reference: text, manifests: closure(registry, repository, name) };
  });
  return Buffer.from(JSON.stringify(packed));
}

/** Bytes of the content of artifacts, each counted once. */
function contentBytes(registry: MemoryRegistry, references: readonly string[]): number {
  const manifests = references.flatMap((text) => {
    const parsed = parseReference(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { repository } = parsed.value;
    return closure(registry, repository, parsed.value.kind === 'tag' ? parsed.value.tag : parsed.value.digest);
  });
  const content = manifests.flatMap((manifest) => [manifest, ...manifest.content]);
  return [...new Map(content.map(({ digest, size }) => [digest, size])).values()].reduce((sum, size) => sum + size, 0);
}

/** Like the service with ContinueOnErrors, an export fails if it would leave out everything. */
export const exportEngine =
  (registry: MemoryRegistry, container: MemoryContainer, { leavesOut, errorMessage }: ExportWeather): Engine =>
  (order) => {
    const artifacts = order.kind === 'export' ? order.artifacts : [];
    const dropped = leavesOut?.(order) ?? [];
    const exported = artifacts.filter((reference) => !dropped.includes(reference));
    if (exported.length === 0) return { kind: 'failed', reason: `${artifacts.join(', ')} is damaged` };
    const packed = pack(registry, exported);
    // As large as its content, if it was real content. White space at the end changes nothing.
    const padding = Buffer.alloc(Math.max(0, contentBytes(registry, exported) - packed.length), ' ');
    container.put(order.blob, Buffer.concat([packed, padding]), {
      metadata: { category: 'acr-transfer-blob' },
    });
    const isPartial = exported.length < artifacts.length && errorMessage !== undefined;
    return { kind: 'succeeded', importedArtifacts: [], ...(isPartial && { errorMessage }) };
  };

/** The import deletes the blob that it has read, if its options say so. */
export const importEngine =
  (registry: MemoryRegistry, container: MemoryContainer, deleteBlob: boolean): Engine =>
  (order) => {
    const text = container.text(order.blob);
    if (text === null) return { kind: 'failed', reason: `${order.blob} does not exist` };
    const packed = JSON.parse(text) as readonly Packed[];
    for (const { repository, tag, manifests } of packed) {
      for (const [position, manifest] of manifests.entries()) {
        registry.push(repository, manifest, position === 0 && tag !== null ? tag : undefined);
      }
    }
    if (deleteBlob) container.blobs.delete(order.blob);
    return { kind: 'succeeded', importedArtifacts: packed.map(({ reference }) => reference) };
  };
