import * as z from 'zod';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { PipelineAccess, PipelineFacts, RegistryFacts } from '../../transfer/ports/pipelines.ts';
import { parseOr404, type Arm } from './client.ts';
import { networkRules } from './resources.ts';

const endpointSchema = z.object({
  uri: z.url({ protocol: /^https$/ }),
  keyVaultUri: z.string().nullish(),
  storageAccessMode: z.string().nullish(),
});

const principalSchema = z.object({ principalId: z.string().nullish() });

const identitySchema = principalSchema.extend({
  type: z.string().nullish(),
  userAssignedIdentities: z.record(z.string(), principalSchema.nullish()).nullish(),
});

/**
 * Body of a pipeline. Recorded: export pipelines have `target`, import pipelines `source`. `options` and `location` are absent
 * if none was sent.
 */
export const pipelineSchema = z.object({
  id: z.string().nullish(),
  location: z.string().nullish(),
  identity: identitySchema.nullish(),
  properties: z
    .object({
      provisioningState: z.string().default('Unknown'),
      target: endpointSchema.nullish(),
      source: endpointSchema.nullish(),
      options: z.array(z.string()).nullish(),
      trigger: z.object({ sourceTrigger: z.object({ status: z.string().nullish() }).nullish() }).nullish(),
    })
    .transform(({ target, source, ...rest }) => ({ ...rest, endpoint: target ?? source }))
    .refine(({ endpoint }) => endpoint, 'it has neither target nor source'),
});

const registrySchema = z.object({
  sku: z.object({ name: z.string() }),
  properties: z.object({
    loginServer: z.string(),
    policies: z.object({ exportPolicy: z.object({ status: z.string() }).nullish() }).nullish(),
    publicNetworkAccess: z.string().nullish(),
    networkRuleSet: z.object({ defaultAction: z.string().nullish() }).nullish(),
    networkRuleBypassOptions: z.string().nullish(),
  }),
});

type Identity = z.infer<typeof identitySchema>;
type Endpoint = z.infer<typeof endpointSchema>;
type RegistryProperties = z.infer<typeof registrySchema>['properties'];

const OPTIONS: ReadonlyMap<string, string> = new Map(
  ['OverwriteBlobs', 'OverwriteTags', 'DeleteSourceBlobOnSuccess', 'ContinueOnErrors'].map((option) => [
    option.toLowerCase(),
    option,
  ]),
);

/** Recorded: the principal of a user-assigned identity is only in `userAssignedIdentities`, not in `principalId`. */
function principalOf({ principalId, userAssignedIdentities }: Identity): string | null {
  const assigned = Object.values(userAssignedIdentities ?? {}).map((identity) => identity?.principalId);
  return [principalId, ...assigned].find((id) => typeof id === 'string' && id !== '') ?? null;
}

/** Recorded: with a managed identity `keyVaultUri` is absent. By the documentation it can also be null or empty. */
function accessOf({ keyVaultUri, storageAccessMode }: Endpoint): PipelineAccess {
  const byIdentity = storageAccessMode?.toLowerCase() === 'managedidentity';
  return byIdentity || !keyVaultUri ? { kind: 'identity' } : { kind: 'sas', secretUri: keyVaultUri };
}

/** Recorded: an import pipeline that was created without a trigger has an enabled one. */
const triggerOf = (kind: PipelineId['kind'], status: string | null | undefined): PipelineFacts['sourceTrigger'] => {
  if (kind === 'export') return null;
  return status?.toLowerCase() === 'disabled' ? 'disabled' : 'enabled';
};

/** A pipeline in a response of ARM. */
export type PipelineBody = z.infer<typeof pipelineSchema>;

/** Reads the body of a pipeline; null if it doesn't exist. */
export const readPipelineBody = async (arm: Arm, id: PipelineId): Promise<PipelineBody | null> =>
  parseOr404(arm, await arm.get(id.resourceId), pipelineSchema, `read the pipeline ${id.name}`);

/** Reads a pipeline; null if it doesn't exist. */
export async function readPipeline(arm: Arm, id: PipelineId): Promise<PipelineFacts | null> {
  const body = await readPipelineBody(arm, id);
  return body === null ? null : pipelineFacts(body, id.kind);
}

/** Converts the body of a pipeline. */
export function pipelineFacts(body: PipelineBody, kind: PipelineId['kind']): PipelineFacts {
  const { provisioningState, endpoint, options, trigger } = body.properties;
  return {
    provisioningState,
    containerUri: endpoint?.uri ?? '',
    principalId: principalOf(body.identity ?? {}),
    access: accessOf(endpoint ?? { uri: '' }),
    options: (options ?? []).map((option) => OPTIONS.get(option.toLowerCase()) ?? option),
    sourceTrigger: triggerOf(kind, trigger?.sourceTrigger?.status),
  };
}

function networkOf(properties: RegistryProperties): RegistryFacts['network'] {
  const { publicNetworkAccess, networkRuleSet, networkRuleBypassOptions } = properties;
  if (publicNetworkAccess == null && networkRuleSet == null) return null;
  return networkRules({
    publicNetworkAccess,
    defaultAction: networkRuleSet?.defaultAction,
    bypass: networkRuleBypassOptions,
  });
}

/** Reads the registry of a pipeline; null if it doesn't exist. */
export async function readRegistry(arm: Arm, id: PipelineId): Promise<RegistryFacts | null> {
  const body = parseOr404(arm, await arm.get(id.registryId), registrySchema, `read the registry ${id.registry}`);
  if (body === null) return null;
  const { sku, properties } = body;
  return {
    loginServer: properties.loginServer,
    sku: sku.name,
    exportsAllowed: properties.policies?.exportPolicy?.status.toLowerCase() !== 'disabled',
    network: networkOf(properties),
  };
}
