import * as z from 'zod';
import type { PipelineId } from '../transfer/pipeline-id.ts';
import type { PipelineFacts, RegistryFacts } from '../transfer/services.ts';
import { bodyOrNull, type Arm } from './arm.ts';

const endpoint = z.object({ uri: z.url({ protocol: /^https$/ }) });

// Recorded answers: export pipelines have `target`, import pipelines `source`; `options` is absent when none was sent.
const pipelineSchema = z.object({
  properties: z
    .object({
      provisioningState: z.string().default('Unknown'),
      target: endpoint.nullish(),
      source: endpoint.nullish(),
    })
    .refine(({ target, source }) => target ?? source, 'it has neither target nor source'),
});

const registrySchema = z.object({
  sku: z.object({ name: z.string() }),
  properties: z.object({
    loginServer: z.string(),
    policies: z.object({ exportPolicy: z.object({ status: z.string() }).nullish() }).nullish(),
  }),
});

/** Reads a pipeline; null when there is none. */
export async function readPipeline(arm: Arm, id: PipelineId): Promise<PipelineFacts | null> {
  const body = bodyOrNull(arm, await arm.get(id.resourceId), pipelineSchema, `read the pipeline ${id.name}`);
  if (body === null) return null;
  const { properties } = body;
  return {
    provisioningState: properties.provisioningState,
    containerUri: (properties.target ?? properties.source)?.uri ?? '',
  };
}

/** Reads the registry of a pipeline; null when there is none. */
export async function readRegistry(arm: Arm, id: PipelineId): Promise<RegistryFacts | null> {
  const body = bodyOrNull(arm, await arm.get(id.registryId), registrySchema, `read the registry ${id.registry}`);
  if (body === null) return null;
  const { sku, properties } = body;
  return {
    loginServer: properties.loginServer,
    sku: sku.name,
    exportsAllowed: properties.policies?.exportPolicy?.status.toLowerCase() !== 'disabled',
  };
}
