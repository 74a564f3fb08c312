/** Registry and pipeline, as ARM describes them. */
import { failure, type Failure } from '../failure.ts';
import type { PipelineId } from '../pipeline-id.ts';
import type { ImportBy } from '../request.ts';
import type { PipelineFacts, RegistryFacts, Side } from '../services.ts';
import { namesOf, type Subject } from './subject.ts';
import { verdictsOf, type Finding } from './finding.ts';

const READY = 'succeeded';

/** What is wrong with a registry that Transfer is to work with; null when nothing is. */
function registryFault({ id }: Subject, registry: RegistryFacts): Failure | null {
  if (registry.sku.toLowerCase() !== 'premium') {
    return failure('ACRT3007', { registry: id.registry, sku: registry.sku });
  }
  if (id.kind === 'export' && !registry.exportsAllowed) return failure('ACRT3008', { registry: id.registry });
  return null;
}

function registryNetwork({ side, id }: Subject, { network }: RegistryFacts): readonly Finding[] {
  const verdicts = verdictsOf(side, 'registry-network');
  if (network === null) return [verdicts.unknown('ARM does not say how far the registry is open')];
  const { publicAccess, restricted, trustedServices } = network;
  if (publicAccess && !restricted) return [verdicts.ok('open to the public network')];
  const rule = publicAccess ? 'lets chosen networks in only' : 'is closed to the public network';
  const { registry } = id;
  return [
    verdicts.warning(failure('ACRT3015', { side, registry, rule })),
    ...(trustedServices ? [] : [verdicts.warning(failure('ACRT3016', { side, registry }))]),
  ];
}

/** Judges the registry of a side. */
export function judgeRegistry(subject: Subject, registry: RegistryFacts | null): readonly Finding[] {
  const { side, id } = subject;
  const verdicts = verdictsOf(side, 'registry');
  if (registry === null) return [verdicts.error(failure('ACRT3004', { side, registry: id.registryId }))];
  const fault = registryFault(subject, registry);
  const exports = id.kind === 'export' ? ', exports allowed' : '';
  const state =
    fault === null ? verdicts.ok(`${registry.loginServer}: ${registry.sku}${exports}`) : verdicts.error(fault);
  return [state, ...registryNetwork(subject, registry)];
}

/** A pipeline that exists and is ready; ACRT3001 or ACRT3003 otherwise. */
export function readyPipeline(side: Side, id: PipelineId, pipeline: PipelineFacts | null): PipelineFacts {
  if (pipeline === null) throw failure('ACRT3001', { side, pipeline: id.resourceId });
  if (pipeline.provisioningState.toLowerCase() === READY) return pipeline;
  throw failure('ACRT3003', { pipeline: id.name, state: pipeline.provisioningState });
}

function judgeIdentity({ side, id }: Subject, { principalId, access }: PipelineFacts): Finding {
  const verdicts = verdictsOf(side, 'pipeline-identity');
  if (principalId === null) return verdicts.error(failure('ACRT3014', { side, ...namesOf(id) }));
  const how = access.kind === 'identity' ? 'reaches the storage with it' : 'reads a SAS from Key Vault with it';
  return verdicts.ok(`identity ${principalId}; ${id.name} ${how}`);
}

/** Judges the pipeline of a side, as far as it does not depend on what travels. */
export const judgePipeline = (subject: Subject, pipeline: PipelineFacts): readonly Finding[] => [
  verdictsOf(subject.side, 'pipeline').ok(
    `${subject.id.name}: ${pipeline.provisioningState}, ${pipeline.containerUri}`,
  ),
  judgeIdentity(subject, pipeline),
];

/** Judges the source trigger of an import pipeline against how this step imports. */
export function judgeTrigger({ side, id }: Subject, { sourceTrigger }: PipelineFacts, importBy: ImportBy): Finding {
  const verdicts = verdictsOf(side, 'pipeline-options');
  const values = namesOf(id);
  if (importBy === 'run' && sourceTrigger === 'enabled') return verdicts.warning(failure('ACRT3020', values));
  if (importBy === 'trigger' && sourceTrigger === 'disabled') return verdicts.error(failure('ACRT3021', values));
  return verdicts.ok(`source trigger ${sourceTrigger ?? 'not told'}, imports by ${importBy}`);
}
