import { z } from 'zod';
import { badRequest } from './errors.ts';
import type { Pipeline } from './pipelines.ts';

/** Maximum number of artifacts of one run (Microsoft Learn, "ACR Transfer", prerequisites). */
const MAX_ARTIFACTS = 50;

const blob = z.object({ type: z.literal('AzureStorageBlob').default('AzureStorageBlob'), name: z.string().min(1) });

const schema = z.object({
  properties: z.object({
    request: z.object({
      pipelineResourceId: z.string().min(1),
      artifacts: z.array(z.string().min(1)).optional(),
      target: blob.optional(),
      source: blob.optional(),
      catalogDigest: z.string().optional(),
    }),
    forceUpdateTag: z.string().optional(),
  }),
});

/** The known part of the body of a PUT. */
export type RunRequest = z.output<typeof schema>['properties'];

/** The work of a run, after the request was compared with its pipeline. */
export interface RunTask {
  readonly request: RunRequest;
  readonly pipeline: Pipeline;
  readonly blobName: string;
}

/** Parses the body of a PUT. Drops unknown members. Throws 400. */
export function parseRun(json: unknown): RunRequest {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  return parsed.data.properties;
}

/** Throws 400 if the request doesn't match its pipeline. Assumed: that all of this is checked before the start, and the texts. */
export function taskOf(request: RunRequest, pipeline: Pipeline | undefined): RunTask {
  const { pipelineResourceId, artifacts, target, source } = request.request;
  if (!pipeline) throw badRequest(`The pipeline '${pipelineResourceId}' was not found.`);
  const exports = pipeline.kind === 'exportPipelines';
  const blobName = (exports ? target : source)?.name;
  if (blobName === undefined) throw badRequest(`The property '${exports ? 'target' : 'source'}' is required.`);
  if (exports && (artifacts ?? []).length === 0) throw badRequest(`The property 'artifacts' must not be empty.`);
  if ((artifacts ?? []).length > MAX_ARTIFACTS) {
    throw badRequest(`The number of artifacts ${artifacts?.length ?? 0} exceeds the maximum of ${MAX_ARTIFACTS}.`);
  }
  return { request, pipeline, blobName };
}

/** "hello-world … will use the 'latest' tag" (model documentation of the pipeline run's artifacts). */
export function withTag(artifact: string): string {
  const lastSegment = artifact.slice(artifact.lastIndexOf('/') + 1);
  return /[:@]/.test(lastSegment) ? artifact : `${artifact}:latest`;
}
