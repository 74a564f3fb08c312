import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { isRestError } from '@azure/storage-blob';
import { RunFailure } from '../contracts.ts';
import type { RegistryStore, RunOrder, RunOutcome } from '../contracts.ts';
import { receive } from './arrival.ts';
import type { Arrival, Arrivals, Choose } from './arrival.ts';
import { parseArtifact } from './artifact.ts';
import { openContainer } from './container.ts';
import { listImported } from './imported-list.ts';
import { falsified, linksOf } from './manifest.ts';
import type { EngineParts } from './parts.ts';
import { percentOf } from './progress.ts';

/** Artifacts that weren't imported. The first failure ends the run, unless the pipeline continues on errors. */
interface Failures {
  readonly add: (message: string) => void;
  readonly messages: readonly string[];
}

function createFailures(order: RunOrder): Failures {
  const messages: string[] = [];
  return {
    messages,
    add: (message) => {
      if (!order.options.includes('ContinueOnErrors')) throw new RunFailure(message);
      messages.push(message);
    },
  };
}

/** Assumed: a run that names artifacts imports only those, and a tag with the same digest is no conflict. */
function chooser(store: RegistryStore, order: RunOrder, failures: Failures): Choose {
  const wanted = new Set(order.artifacts.map((given) => parseArtifact(given).text));
  return (arrivals) => {
    const brought = new Set(arrivals.map(({ text }) => text));
    for (const name of wanted.difference(brought))
      failures.add(`Artifact ${name} was not found in blob ${order.blobName}.`);
    return arrivals.filter(({ text, repository, tag, root }) => {
      if (wanted.size > 0 && !wanted.has(text)) return false;
      const present = tag === undefined ? null : store.digestOf(repository, tag);
      if (present === null || present === root.digest || order.options.includes('OverwriteTags')) return true;
      failures.add(`Tag ${text} already exists with digest ${present}.`);
      return false;
    });
  };
}

async function* metered(
  content: AsyncIterable<Buffer>,
  hash: Hash,
  progress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    progress((bytes += chunk.length));
    yield chunk;
  }
}

/** Stores an artifact's manifests, children first, as a registry requires. Throws if anything is missing. */
function place(parts: EngineParts, arrivals: Arrivals, arrival: Arrival): void {
  const { store } = parts;
  const { repository, tag, text } = arrival;
  const put = (digest: string): void => {
    const manifest = arrivals.manifests.get(digest);
    if (!manifest) throw new Error(`the blob does not hold manifest ${digest}`);
    const { manifests, blobs } = linksOf(manifest.bytes);
    for (const child of manifests) put(child.digest);
    for (const blob of blobs)
      if (!store.hasBlob(blob.digest))
        throw new Error(arrivals.damaged.get(blob.digest) ?? `${blob.digest} is missing`);
    if (digest !== arrival.root.digest) store.putManifest(repository, manifest);
    else store.putManifest(repository, parts.corruptImports().includes(text) ? falsified(manifest) : manifest, tag);
  };
  put(arrival.root.digest);
}

function placeAll(parts: EngineParts, arrivals: Arrivals, failures: Failures): string[] {
  return arrivals.artifacts.flatMap((arrival) => {
    if (parts.skipImports().includes(arrival.text)) return [];
    try {
      place(parts, arrivals, arrival);
      return [arrival.text];
    } catch (error) {
      failures.add(
        `Artifact ${arrival.text} could not be imported: ${error instanceof Error ? error.message : String(error)}.`,
      );
      return [];
    }
  });
}

function unreadable(blobName: string, error: unknown): unknown {
  if (error instanceof RunFailure || isRestError(error)) return error;
  return new RunFailure(`Blob ${blobName} is not a transfer blob: ${String(error)}`, { cause: error });
}

/**
 * An import run: reads one tar of storage, and stores its artifacts in the registry. Throws RunFailure and RestError.
 * Assumed: a run that imports none of its artifacts fails, and the source blob is kept if any artifact was skipped.
 */
export async function runImport(parts: EngineParts, order: RunOrder): Promise<RunOutcome> {
  const container = await openContainer(parts, order.containerUri, order.access);
  const blob = container.getBlobClient(order.blobName);
  const { readableStreamBody, contentLength = 0 } = await blob.download();
  const hash = createHash('sha256');
  const failures = createFailures(order);
  const content = metered(readableStreamBody as AsyncIterable<Buffer>, hash, percentOf(contentLength, order.progress));
  const arrivals = await receive(content, parts.store, chooser(parts.store, order, failures)).catch(
    (error: unknown): never => {
      throw unreadable(order.blobName, error);
    },
  );
  const importedArtifacts = placeAll(parts, arrivals, failures);
  if (importedArtifacts.length === 0) throw new RunFailure(failures.messages[0] ?? `Blob ${order.blobName} is empty.`);
  if (order.options.includes('DeleteSourceBlobOnSuccess') && failures.messages.length === 0) await blob.delete();
  const listed = listImported(parts, arrivals, importedArtifacts);
  return { importedArtifacts, listed, catalogDigest: `sha256:${hash.digest('hex')}`, leftOut: failures.messages };
}
