/** Registry, pipeline, identity, trigger. */
import { transferError, type TransferError } from '../errors/index.ts';
import type { CheckResult } from '../model/check-result.ts';
import type { PipelineId } from '../model/pipeline-id.ts';
import type { ImportBy } from '../model/request.ts';
import type { Side } from '../model/side.ts';
import type { PipelineFacts, RegistryFacts } from '../ports/pipelines.ts';
import { checkResultsOf } from './check-results.ts';

/** What a check is about: a side and its pipeline. */
export interface CheckedPipeline {
  readonly side: Side;
  readonly id: PipelineId;
}

/** Name and resource ID of a pipeline, for messages. */
export const namesOf = ({ name, resourceId }: PipelineId): { readonly pipeline: string; readonly id: string } => ({
  pipeline: name,
  id: resourceId,
});

/** The options of a pipeline with one more, or one fewer, as JSON for messages. */
export const optionsWith = ({ options }: PipelineFacts, option: string): string => JSON.stringify([...options, option]);

/** See {@link optionsWith}. */
export const optionsWithout = ({ options }: PipelineFacts, option: string): string =>
  JSON.stringify(options.filter((kept) => kept !== option));

/** What is wrong with a registry that Transfer is to work with; null when nothing is. */
function registryFault({ id }: CheckedPipeline, registry: RegistryFacts): TransferError | null {
  if (registry.sku.toLowerCase() !== 'premium') {
    return transferError('ACRT3007', { registry: id.registry, sku: registry.sku });
  }
  if (id.kind === 'export' && !registry.exportsAllowed) return transferError('ACRT3008', { registry: id.registry });
  return null;
}

function registryNetwork({ side, id }: CheckedPipeline, { network }: RegistryFacts): readonly CheckResult[] {
  const verdicts = checkResultsOf(side, 'registry-network');
  if (network === null) return [verdicts.unknown('ARM does not say how far the registry is open')];
  const { publicAccess, restricted, trustedServices } = network;
  if (publicAccess && !restricted) return [verdicts.ok('open to the public network')];
  const rule = publicAccess ? 'lets chosen networks in only' : 'is closed to the public network';
  const { registry } = id;
  return [
    verdicts.warning(transferError('ACRT3015', { side, registry, rule })),
    ...(trustedServices ? [] : [verdicts.warning(transferError('ACRT3016', { side, registry }))]),
  ];
}

/** Judges the registry of a side. */
export function judgeRegistry(subject: CheckedPipeline, registry: RegistryFacts | null): readonly CheckResult[] {
  const { side, id } = subject;
  const verdicts = checkResultsOf(side, 'registry');
  if (registry === null) return [verdicts.error(transferError('ACRT3004', { side, registry: id.registryId }))];
  const fault = registryFault(subject, registry);
  const exports = id.kind === 'export' ? ', exports allowed' : '';
  const state =
    fault === null ? verdicts.ok(`${registry.loginServer}: ${registry.sku}${exports}`) : verdicts.error(fault);
  return [state, ...registryNetwork(subject, registry)];
}

function judgeIdentity({ side, id }: CheckedPipeline, { principalId, access }: PipelineFacts): CheckResult {
  const verdicts = checkResultsOf(side, 'pipeline-identity');
  if (principalId === null) return verdicts.error(transferError('ACRT3014', { side, ...namesOf(id) }));
  const how = access.kind === 'identity' ? 'reaches the storage with it' : 'reads a SAS from Key Vault with it';
  return verdicts.ok(`identity ${principalId}; ${id.name} ${how}`);
}

/** Judges the pipeline of a side, as far as it does not depend on what travels. */
export const judgePipeline = (subject: CheckedPipeline, pipeline: PipelineFacts): readonly CheckResult[] => [
  checkResultsOf(subject.side, 'pipeline').ok(
    `${subject.id.name}: ${pipeline.provisioningState}, ${pipeline.containerUri}`,
  ),
  judgeIdentity(subject, pipeline),
];

/** Judges the source trigger of an import pipeline against how this step imports. */
export function judgeTrigger(
  { side, id }: CheckedPipeline,
  { sourceTrigger }: PipelineFacts,
  importBy: ImportBy,
): CheckResult {
  const verdicts = checkResultsOf(side, 'pipeline-options');
  const values = namesOf(id);
  if (importBy === 'run' && sourceTrigger === 'enabled') return verdicts.warning(transferError('ACRT3020', values));
  if (importBy === 'trigger' && sourceTrigger === 'disabled') return verdicts.error(transferError('ACRT3021', values));
  return verdicts.ok(`source trigger ${sourceTrigger ?? 'not told'}, imports by ${importBy}`);
}
