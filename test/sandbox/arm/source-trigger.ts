import { randomUUID } from 'node:crypto';
import type { TransferEngine } from '../contracts.ts';
import { accessOf } from './pipelines.ts';
import type { Pipeline, PipelineStore } from './pipelines.ts';
import type { RunStore } from './runs.ts';

/** Everything that the trigger needs. */
export interface SourceTriggerParts {
  readonly pipelines: PipelineStore;
  readonly runs: RunStore;
  readonly engine: TransferEngine;
  /** Seconds between two checks. */
  readonly everySeconds: () => number;
}

/** Milliseconds between two reads of the clock. A shorter interval takes effect within this time. */
const TICK = 100;

/**
 * Names of runs of the source trigger contain an underscore, which names of other runs can't contain. The official command line
 * identifies them by it. Assumed: the rest of the name.
 */
const runName = (pipeline: Pipeline): string => `${pipeline.name.slice(0, 17)}_${randomUUID().replaceAll('-', '')}`;

/**
 * Checks the container of every import pipeline with an enabled trigger, and starts a run for each new blob (by name and ETag).
 * The service does so within 15 minutes after a blob arrives. The engine decides which blobs count.
 * @returns stops the trigger
 */
export function startSourceTrigger({ pipelines, runs, engine, everySeconds }: SourceTriggerParts): () => void {
  const seen = new Set<string>();
  let lookedAt = Date.now();
  let looking = false;

  const start = (pipeline: Pipeline, blobName: string): void => {
    const source = { type: 'AzureStorageBlob' as const, name: blobName };
    runs.start(
      runName(pipeline),
      { request: { request: { pipelineResourceId: pipeline.id, source } }, pipeline, blobName },
      true,
    );
  };

  const look = async (pipeline: Pipeline): Promise<void> => {
    for (const { name, etag } of await engine.triggerBlobs(pipeline.container.uri, accessOf(pipeline))) {
      const mark = `${pipeline.id} ${name} ${etag}`;
      if (seen.has(mark)) continue;
      seen.add(mark);
      start(pipeline, name);
    }
  };

  const tick = async (): Promise<void> => {
    if (looking || Date.now() - lookedAt < everySeconds() * 1000) return;
    looking = true;
    lookedAt = Date.now();
    const enabled = pipelines
      .list('importPipelines')
      .filter(({ trigger }) => trigger?.sourceTrigger.status === 'Enabled');
    await Promise.allSettled(enabled.map(look));
    looking = false;
  };

  const timer = setInterval(() => void tick(), TICK);
  return () => {
    clearInterval(timer);
  };
}
