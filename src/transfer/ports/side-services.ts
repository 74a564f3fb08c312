/** The services of one side, and a side that passed preflight. */
import type { PipelineId } from '../model/pipeline-id.ts';
import type { SignedInIdentity } from '../model/side.ts';
import type { AccessInspector } from './access-inspector.ts';
import type { BlobContainer } from './blob-container.ts';
import type { PipelineFacts, PipelineRuns, RegistryFacts, RunArchive } from './pipelines.ts';
import type { Registry } from './registry.ts';

/** A side that passed preflight. */
export interface ReadySide {
  readonly pipeline: PipelineId;
  readonly facts: PipelineFacts;
  readonly runs: PipelineRuns;
  readonly registry: Registry;
  readonly container: BlobContainer;
}

/** The services of one side. The sign-in happens on first use: a side that only needs a container with a SAS needs no credential. */
export interface SideServices {
  /** Null if the pipeline doesn't exist. */
  readonly pipeline: (id: PipelineId) => Promise<PipelineFacts | null>;
  /** Null if the registry doesn't exist. */
  readonly registryFacts: (id: PipelineId) => Promise<RegistryFacts | null>;
  readonly registry: (loginServer: string) => Promise<Registry>;
  readonly runs: (id: PipelineId) => Promise<PipelineRuns>;
  /** Pipeline runs, for the cleanup. */
  readonly archive: (id: PipelineId) => Promise<RunArchive>;
  readonly container: (uri: string) => Promise<BlobContainer>;
  /** The identity of the job, after the first sign-in; null if the inputs define the identity. */
  readonly identity: () => SignedInIdentity | null;
  /** URL of the cloud's portal (`https://portal.azure.com`); null if it is unknown. Never throws. */
  readonly portal: () => Promise<string | null>;
  /** Access inspector for preflight. */
  readonly inspector: (id: PipelineId) => AccessInspector;
}
