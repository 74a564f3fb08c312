/** Deletes what a run of the suite has created, and reports what it isn't allowed to delete. */
import type { PipelineId } from '../../src/transfer/model/pipeline-id.ts';
import type { BlobContainer } from '../../src/transfer/ports/blob-container.ts';
import type { RunArchive } from '../../src/transfer/ports/pipelines.ts';
import type { PushClient } from '../sandbox/content/index.ts';

/** Resources that the suite has created on one side. */
export interface Made {
  /** Names of the repositories that it can have pushed to. */
  readonly repositories: ReadonlySet<string>;
  /** Names of the pipeline runs in the logs of steps. */
  readonly runs: ReadonlySet<string>;
  /** Prefix of the names of all its blobs. */
  readonly blobs: string;
}

/** Clients of one side. */
export interface MadeAt {
  readonly pipeline: PipelineId;
  readonly content: () => PushClient;
  readonly container: BlobContainer;
  readonly archive: RunArchive;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Deletes each one, also if others fail. Returns a line for each one that remains. */
async function removeEach(
  what: string,
  names: Iterable<string>,
  remove: (name: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of names) {
    await remove(name).catch((error: unknown) => lines.push(`${what} ${name} stays: ${reasonOf(error)}`));
  }
  return lines;
}

async function removeBlob(container: BlobContainer, name: string): Promise<void> {
  const facts = await container.find(name);
  if (facts !== null) await container.remove?.(name, facts.etag);
}

/** Removes everything. Resolves to a line for each resource that couldn't be removed. */
export async function removeMade(
  made: Made,
  { pipeline, content, container, archive }: MadeAt,
): Promise<readonly string[]> {
  const client = content();
  try {
    const listed = await container.list('').catch((error: unknown) => reasonOf(error));
    const blobs = typeof listed === 'string' ? [] : listed.filter((name) => name.startsWith(made.blobs));
    const unlisted = typeof listed === 'string' ? [`blobs ${made.blobs}* in ${container.uri} stay: ${listed}`] : [];
    return [
      ...(await removeEach(`${pipeline.registry}: repository`, made.repositories, client.deleteRepository)),
      ...unlisted,
      ...(await removeEach(`${container.uri}: blob`, blobs, (name) => removeBlob(container, name))),
      ...(await removeEach(`${pipeline.registry}: pipeline run`, made.runs, archive.remove)),
    ];
  } finally {
    client.close();
  }
}
