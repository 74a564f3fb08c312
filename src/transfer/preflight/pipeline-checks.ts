/** Checks the registry of a side, and its pipeline: state, identity, and source trigger. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import { CONTINUE_ON_ERRORS, type PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import type { PipelineFacts, RegistryFacts } from '../ports/pipelines.ts';
import { checkResultsOf } from './check-results.ts';

/** The side and the pipeline of a check. */
export interface CheckedPipeline {
  readonly side: Side;
  readonly id: PipelineId;
}

/** Name and resource ID of a pipeline, for messages. */
export const namesOf = ({ name, resourceId }: PipelineId): { readonly pipeline: string; readonly id: string } => ({
  pipeline: name,
  id: resourceId,
});

/** The options of a pipeline plus one, as JSON for messages. */
export const optionsWith = ({ options }: PipelineFacts, option: string): string => JSON.stringify([...options, option]);

/** The options of a pipeline minus one, as JSON for messages. */
export const optionsWithout = ({ options }: PipelineFacts, option: string): string =>
  JSON.stringify(options.filter((kept) => kept !== option));

/** Why ACR Transfer doesn't work with a registry; null if it does. */
function registryError({ id }: CheckedPipeline, registry: RegistryFacts): TransferError | null {
  if (registry.sku.toLowerCase() !== 'premium') {
    return transferError('ACRT3007', { registry: id.registry, sku: registry.sku });
  }
  if (id.kind === 'export' && !registry.exportsAllowed) return transferError('ACRT3008', { registry: id.registry });
  return null;
}

function registryNetworkResults({ side, id }: CheckedPipeline, { network }: RegistryFacts): readonly CheckResult[] {
  const result = checkResultsOf(side, 'registry-network');
  if (network === null) return [result.unknown('ARM does not return the network rules of the registry')];
  const { publicAccess, restricted, trustedServices } = network;
  if (publicAccess && !restricted) return [result.ok('open to the public network')];
  const rule = publicAccess ? 'allows only selected networks' : 'has public network access disabled';
  const { registry } = id;
  return [
    result.warning(transferError('ACRT3015', { side, registry, rule })),
    ...(trustedServices ? [] : [result.warning(transferError('ACRT3016', { side, registry }))]),
  ];
}

/** Checks the registry of a side. */
export function registryResults(subject: CheckedPipeline, registry: RegistryFacts | null): readonly CheckResult[] {
  const { side, id } = subject;
  const result = checkResultsOf(side, 'registry');
  if (registry === null) return [result.error(transferError('ACRT3004', { side, registry: id.registryId }))];
  const error = registryError(subject, registry);
  const exports = id.kind === 'export' ? ', exports allowed' : '';
  const state = error === null ? result.ok(`${registry.loginServer}: ${registry.sku}${exports}`) : result.error(error);
  return [state, ...registryNetworkResults(subject, registry)];
}

function identityResult({ side, id }: CheckedPipeline, { principalId, access }: PipelineFacts): CheckResult {
  const result = checkResultsOf(side, 'pipeline-identity');
  if (principalId === null) return result.error(transferError('ACRT3014', { side, ...namesOf(id) }));
  const use = access.kind === 'identity' ? 'accesses the storage with it' : 'reads a SAS from Key Vault with it';
  return result.ok(`identity ${principalId}; ${id.name} ${use}`);
}

/** Checks the pipeline of a side, except for what depends on the artifacts. */
export const pipelineResults = (subject: CheckedPipeline, pipeline: PipelineFacts): readonly CheckResult[] => [
  checkResultsOf(subject.side, 'pipeline').ok(
    `${subject.id.name}: ${pipeline.provisioningState}, ${pipeline.containerUri}`,
  ),
  identityResult(subject, pipeline),
];

/** Checks that the source trigger of an import pipeline matches how this step imports. */
export function triggerResult(
  { side, id }: CheckedPipeline,
  { sourceTrigger }: PipelineFacts,
  importBy: ImportBy,
): CheckResult {
  const result = checkResultsOf(side, 'pipeline-options');
  const values = namesOf(id);
  if (importBy === 'run' && sourceTrigger === 'enabled') return result.warning(transferError('ACRT3020', values));
  if (importBy === 'trigger' && sourceTrigger === 'disabled') return result.error(transferError('ACRT3021', values));
  return result.ok(`source trigger ${sourceTrigger ?? 'unknown'}, imports by ${importBy}`);
}

/**
 * Checks whether runs of a pipeline leave out what they can't transfer, and succeed nevertheless.
 * @param verifies whether this step verifies the artifacts at the target, and so finds what is missing
 */
export function continuationResults(
  { side, id }: CheckedPipeline,
  facts: PipelineFacts,
  verifies: boolean,
): readonly CheckResult[] {
  if (!facts.options.includes(CONTINUE_ON_ERRORS)) return [];
  const result = checkResultsOf(side, 'pipeline-options');
  if (verifies) return [result.ok(`${CONTINUE_ON_ERRORS}: verification finds artifacts that ${id.name} leaves out`)];
  const options = optionsWithout(facts, CONTINUE_ON_ERRORS);
  return [result.warning(transferError('ACRT3056', { side, ...namesOf(id), run: id.kind, options }))];
}
