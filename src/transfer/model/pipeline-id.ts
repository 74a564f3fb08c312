/** Resource ID and options of a pipeline. */
import type { Parsed } from '../errors/index.ts';

/** An export or import pipeline, by its ARM resource ID. Registry, subscription and resource group follow from it. */
export interface PipelineId {
  readonly kind: 'export' | 'import';
  /** The whole ID as it was given. */
  readonly resourceId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registry: string;
  /** ID of the registry that the pipeline belongs to. */
  readonly registryId: string;
  readonly name: string;
}

// A resource group does not end in a full stop (Microsoft: "Naming rules and restrictions"); one that is nothing else would
// lead to another place of the URL.
const PIPELINE_ID =
  /^\/subscriptions\/(?<subscription>[\da-f-]{36})\/resourceGroups\/(?<group>[\w().-]{0,89}[\w()-])\/providers\/Microsoft\.ContainerRegistry\/registries\/(?<registry>[A-Za-z\d]{5,50})\/(?<kind>export|import)Pipelines\/(?<name>[A-Za-z\d]{5,50})$/i;

const FORM =
  '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<registry>/KINDPipelines/<name>';

/**
 * Reads a pipeline's resource ID. ARM compares IDs without case; names have 5 to 50 letters and digits (service spec).
 * @param text the resource ID
 * @param kind the kind that is expected here
 */
export function parsePipelineId(text: string, kind: 'export' | 'import'): Parsed<PipelineId> {
  const groups = PIPELINE_ID.exec(text)?.groups;
  if (!groups) return { problem: `not a pipeline's resource ID, which reads ${FORM.replace('KIND', kind)}` };
  const { subscription = '', group = '', registry = '', name = '' } = groups;
  if (groups['kind']?.toLowerCase() !== kind) {
    return { problem: `this is an ${kind === 'export' ? 'import' : 'export'} pipeline; an ${kind} pipeline is needed` };
  }
  return {
    value: {
      kind,
      resourceId: text,
      subscriptionId: subscription,
      resourceGroup: group,
      registry,
      registryId: text.slice(0, text.lastIndexOf('/', text.lastIndexOf('/') - 1)),
      name,
    },
  };
}

/** What a pipeline may be told to do (service spec); each side has its own of them. */
export const OPTIONS_OF = {
  export: ['OverwriteBlobs', 'ContinueOnErrors'],
  import: ['OverwriteTags', 'DeleteSourceBlobOnSuccess', 'ContinueOnErrors'],
} as const;
