/** How a pipeline differs from how it is to be. */
import type { PipelineAccess } from '../transfer/ports/pipelines.ts';
import type { PipelineState } from './ports.ts';
import type { DesiredPipeline, PipelineIdentity } from './request.ts';
import type { Change } from './result.ts';

const identityText = (identity: PipelineIdentity): string =>
  identity.kind === 'system' ? 'system-assigned' : identity.resourceId;

const accessText = (access: PipelineAccess): string =>
  access.kind === 'identity' ? 'ManagedIdentity' : `SasToken, ${access.secretUri}`;

const optionsText = (options: readonly string[]): string => [...options].sort().join(', ') || 'none';

/** Without a slash at its end, as ARM may give it. */
const uriText = (uri: string): string => uri.replace(/\/+$/, '');

interface Property {
  readonly what: string;
  readonly of: (pipeline: DesiredPipeline) => string;
  /** Some texts mean the same in any case: URIs of services (the command line of the service writes them small), IDs. */
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

/** Everything that a PUT of the pipeline would change; none: it is as it is to be. */
export function pipelineChanges(name: string, state: PipelineState | null, wish: DesiredPipeline): readonly Change[] {
  const properties = PROPERTIES.filter(({ what }) => what !== 'source trigger' || wish.sourceTrigger !== null);
  if (state === null) {
    const whole = properties.map(({ what, of }) => `${what}: ${of(wish)}`).join('; ');
    return [{ subject: 'pipeline', what: name, from: null, to: whole }];
  }
  const fold = (text: string, { ignoresCase }: Property): string => (ignoresCase ? text.toLowerCase() : text);
  const different = properties.flatMap((property): readonly Change[] => {
    const [from, to] = [property.of(asDesired(state)), property.of(wish)];
    const hasNone = property.what === 'identity' && state.identity === null;
    if (!hasNone && fold(from, property) === fold(to, property)) return [];
    return [{ subject: 'pipeline', what: property.what, from: hasNone ? 'none' : from, to }];
  });
  if (different.length > 0 || isReady(state)) return different;
  return [{ subject: 'pipeline', what: 'provisioning state', from: state.provisioningState, to: 'Succeeded' }];
}
