import { randomUUID } from 'node:crypto';
import type { TransferEngine } from '../contracts.ts';
import { accessOf } from './pipelines.ts';
import type { Pipeline, PipelineStore } from './pipelines.ts';
import type { RunStore } from './runs.ts';

/** What the trigger works with. */
export interface SourceTriggerParts {
  readonly pipelines: PipelineStore;
  readonly runs: RunStore;
  readonly engine: TransferEngine;
  /** Seconds between two looks. */
  readonly everySeconds: () => number;
}

/** How often the clock is looked at, milliseconds: a shorter interval that is set takes effect within this time. */
const TICK = 100;

/**
 * Runs of the source trigger have an underscore in their names, which users' runs cannot have: the official command line tells them apart
 * by it. Assumed: all the rest of the name.
 */
const runName = (pipeline: Pipeline): string => `${pipeline.name.slice(0, 17)}_${randomUUID().replaceAll('-', '')}`;

/**
 * Looks at the container of every import pipeline whose trigger is enabled and starts a run for every blob that it has not seen there
 * (same name, same ETag); the service does so within 15 minutes of a blob's arrival. Which blobs count is the engine's knowledge.
 * @returns stops it
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
