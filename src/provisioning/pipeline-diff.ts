/** Compares a pipeline with its desired state. */
import type { PipelineAccess } from '../transfer/ports/pipelines.ts';
import type { PipelineState } from './ports.ts';
import type { DesiredPipeline, PipelineIdentity } from './request.ts';
import type { Change } from './result.ts';

const identityText = (identity: PipelineIdentity): string =>
  identity.kind === 'system' ? 'system-assigned' : identity.resourceId;

const accessText = (access: PipelineAccess): string =>
  access.kind === 'identity' ? 'ManagedIdentity' : `SasToken, ${access.secretUri}`;

const optionsText = (options: readonly string[]): string => [...options].sort().join(', ') || 'none';

/** Removes trailing slashes, which ARM can return. */
const uriText = (uri: string): string => uri.replace(/\/+$/, '');

interface Property {
  readonly what: string;
  readonly of: (pipeline: DesiredPipeline) => string;
  /** URIs and IDs are case-insensitive (the service's command line extension writes them in lowercase). */
  readonly ignoresCase: boolean;
}

const PROPERTIES: readonly Property[] = [
  { what: 'container', of: ({ containerUri }) => uriText(containerUri), ignoresCase: true },
  { what: 'storage access', of: ({ access }) => accessText(access), ignoresCase: true },
  { what: 'identity', of: ({ identity }) => identityText(identity), ignoresCase: true },
  { what: 'options', of: ({ options }) => optionsText(options), ignoresCase: false },
  { what: 'source trigger', of: ({ sourceTrigger }) => sourceTrigger ?? 'none', ignoresCase: false },
];

const asDesired = (state: PipelineState): DesiredPipeline => ({
  ...state,
  identity: state.identity ?? { kind: 'system' },
});

const isReady = ({ provisioningState }: PipelineState): boolean => provisioningState.toLowerCase() === 'succeeded';

/** The changes that a PUT of the pipeline would make; empty if it has its desired state. */
export function pipelineChanges(
  name: string,
  state: PipelineState | null,
  desired: DesiredPipeline,
): readonly Change[] {
  const properties = PROPERTIES.filter(({ what }) => what !== 'source trigger' || desired.sourceTrigger !== null);
  if (state === null) {
    const whole = properties.map(({ what, of }) => `${what}: ${of(desired)}`).join('; ');
    return [{ subject: 'pipeline', what: name, from: null, to: whole }];
  }
  const fold = (text: string, { ignoresCase }: Property): string => (ignoresCase ? text.toLowerCase() : text);
  const different = properties.flatMap((property): readonly Change[] => {
    const [from, to] = [property.of(asDesired(state)), property.of(desired)];
    const hasNone = property.what === 'identity' && state.identity === null;
    if (!hasNone && fold(from, property) === fold(to, property)) return [];
    return [{ subject: 'pipeline', what: property.what, from: hasNone ? 'none' : from, to }];
  });
  if (different.length > 0 || isReady(state)) return different;
  return [{ subject: 'pipeline', what: 'provisioning state', from: state.provisioningState, to: 'Succeeded' }];
}
