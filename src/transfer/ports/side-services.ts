/** All services of one side; a side found ready. */
import type { PipelineId } from '../model/pipeline-id.ts';
import type { AccessInspector } from './access-inspector.ts';
import type { BlobContainer } from './blob-container.ts';
import type { PipelineFacts, PipelineRuns, RegistryFacts, RunArchive } from './pipelines.ts';
import type { Registry } from './registry.ts';

/** One side, found ready to work with. */
export interface ReadySide {
  readonly pipeline: PipelineId;
  readonly facts: PipelineFacts;
  readonly runs: PipelineRuns;
  readonly registry: Registry;
  readonly container: BlobContainer;
}

/** Everything one side offers, signed in lazily: a side that only lends a container by SAS needs no credential. */
export interface SideServices {
  /** Null when there is no such pipeline. */
  readonly pipeline: (id: PipelineId) => Promise<PipelineFacts | null>;
  /** Null when there is no such registry. */
  readonly registryFacts: (id: PipelineId) => Promise<RegistryFacts | null>;
  readonly registry: (loginServer: string) => Promise<Registry>;
  readonly runs: (id: PipelineId) => Promise<PipelineRuns>;
  /** Runs that have ended, to be removed. */
  readonly archive: (id: PipelineId) => Promise<RunArchive>;
  readonly container: (uri: string) => Promise<BlobContainer>;
  /** Where people see this cloud in a browser (`https://portal.azure.com`); null when nobody knows. Never throws. */
  readonly portal: () => Promise<string | null>;
  /** What preflight looks around with. */
  readonly inspector: (id: PipelineId) => AccessInspector;
}
