/** Resource ID and options of a pipeline. */
import { failed, ok, type Result } from '../errors/index.ts';

/** An export or import pipeline, identified by its ARM resource ID, with the parts of the ID. */
export interface PipelineId {
  readonly kind: 'export' | 'import';
  /** The ID as written in the input. */
  readonly resourceId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly registry: string;
  /** ID of the registry that the pipeline belongs to. */
  readonly registryId: string;
  readonly name: string;
}

/** Compares names, IDs, or URIs of Azure resources without case, as Azure does. Null equals only null. */
export const isSameResource = (one: string | null, other: string | null): boolean =>
  one?.toLowerCase() === other?.toLowerCase();

// A resource group does not end in a period (Microsoft: "Naming rules and restrictions"). A name of periods would change
// the path of the URL.
const PIPELINE_ID =
  /^\/subscriptions\/(?<subscription>[\da-f-]{36})\/resourceGroups\/(?<group>[\w().-]{0,89}[\w()-])\/providers\/Microsoft\.ContainerRegistry\/registries\/(?<registry>[A-Za-z\d]{5,50})\/(?<kind>export|import)Pipelines\/(?<name>[A-Za-z\d]{5,50})$/i;

const FORM =
  '/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<registry>/KINDPipelines/<name>';

/**
 * Parses the resource ID of a pipeline. ARM IDs are case-insensitive; names have 5 to 50 letters and digits (service spec).
 * @param kind the expected kind
 */
export function parsePipelineId(text: string, kind: 'export' | 'import'): Result<PipelineId, string> {
  const groups = PIPELINE_ID.exec(text)?.groups;
  if (!groups) return failed(`not the resource ID of a pipeline; use ${FORM.replace('KIND', kind)}`);
  const { subscription = '', group = '', registry = '', name = '' } = groups;
  if (groups['kind']?.toLowerCase() !== kind) {
    return failed(`this is an ${kind === 'export' ? 'import' : 'export'} pipeline; use an ${kind} pipeline`);
  }
  return ok({
    kind,
    resourceId: text,
    subscriptionId: subscription,
    resourceGroup: group,
    registry,
    registryId: text.slice(0, text.lastIndexOf('/', text.lastIndexOf('/') - 1)),
    name,
  });
}

/** The option with which a run leaves out what it can't transfer, and succeeds nevertheless (Microsoft: ACR Transfer). */
export const CONTINUE_ON_ERRORS = 'ContinueOnErrors';

/** Options of pipelines by kind (service spec). */
export const OPTIONS_OF = {
  export: ['OverwriteBlobs', CONTINUE_ON_ERRORS],
  import: ['OverwriteTags', 'DeleteSourceBlobOnSuccess', CONTINUE_ON_ERRORS],
} as const;
