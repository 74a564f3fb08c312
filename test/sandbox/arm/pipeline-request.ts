import { z } from 'zod';
import { badRequest } from './errors.ts';

/** The two kinds, with their names in resource IDs. */
export type PipelineKind = 'exportPipelines' | 'importPipelines';

const container = z.object({
  type: z.literal('AzureStorageBlobContainer').default('AzureStorageBlobContainer'),
  uri: z.url(),
  keyVaultUri: z.url().optional(),
  storageAccessMode: z.enum(['ManagedIdentity', 'SasToken']).default('SasToken'),
});

const identity = z.object({
  type: z.string(),
  userAssignedIdentities: z.record(z.string(), z.unknown()).optional(),
});

const options = z.array(z.enum(['OverwriteBlobs', 'OverwriteTags', 'DeleteSourceBlobOnSuccess', 'ContinueOnErrors']));

const trigger = z.object({ sourceTrigger: z.object({ status: z.enum(['Enabled', 'Disabled']) }) });

const envelope = { location: z.string().optional(), identity: identity.default({ type: 'SystemAssigned' }) };

const requestSchemas = {
  exportPipelines: z.object({ ...envelope, properties: z.object({ target: container, options: options.optional() }) }),
  importPipelines: z.object({
    ...envelope,
    properties: z.object({
      source: container,
      trigger: trigger.default({ sourceTrigger: { status: 'Enabled' } }),
      options: options.optional(),
    }),
  }),
};

/** The container of a pipeline, and its access to it. */
export type PipelineContainer = z.output<typeof container>;

/** Body of a PUT, with the defaults of the service: the trigger is enabled by default (recorded 2021). */
export interface PipelineRequest {
  readonly location?: string;
  readonly identity: z.output<typeof identity>;
  readonly container: PipelineContainer;
  readonly options?: z.output<typeof options>;
  /** Import pipelines only. */
  readonly trigger?: z.output<typeof trigger>;
}

function checkAccess({ storageAccessMode: mode, keyVaultUri }: PipelineContainer): void {
  if (mode === 'SasToken' && keyVaultUri === undefined) {
    throw badRequest(`The property 'keyVaultUri' is required when 'storageAccessMode' is 'SasToken'.`);
  }
  if (mode === 'ManagedIdentity' && keyVaultUri !== undefined) {
    throw badRequest(`The property 'keyVaultUri' must not be set when 'storageAccessMode' is 'ManagedIdentity'.`);
  }
}

/**
 * Parses the body of a PUT. Drops unknown members. Throws 400.
 * Assumed: `SasToken` without a storage access mode (the only mode before 2025-06-01-preview), a system-assigned identity
 * without an identity, and the refusals.
 */
export function parsePipeline(kind: PipelineKind, json: unknown): PipelineRequest {
  const parsed = requestSchemas[kind].safeParse(json);
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  const { location, identity: sentIdentity, properties } = parsed.data;
  const sentContainer = 'target' in properties ? properties.target : properties.source;
  checkAccess(sentContainer);
  return {
    ...(location !== undefined && { location }),
    identity: sentIdentity,
    container: sentContainer,
    ...(properties.options && { options: properties.options }),
    ...('trigger' in properties && { trigger: properties.trigger }),
  };
}
