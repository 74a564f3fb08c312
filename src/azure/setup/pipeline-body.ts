/** What a pipeline is made of, as ARM takes it (service spec, 2025-06-01-preview; recorded PUTs). */
import type { PipelineId } from '../../transfer/pipeline-id.ts';
import type { PipelineIdentity, PipelineWish } from '../../transfer/setup/request.ts';

const identityBody = (identity: PipelineIdentity): object =>
  identity.kind === 'system'
    ? { type: 'SystemAssigned' }
    : { type: 'UserAssigned', userAssignedIdentities: { [identity.resourceId]: {} } };

/** `keyVaultUri` must not be there at all in the mode ManagedIdentity. */
const endpointBody = ({ containerUri, access }: PipelineWish): object => ({
  type: 'AzureStorageBlobContainer',
  uri: containerUri,
  ...(access.kind === 'identity'
    ? { storageAccessMode: 'ManagedIdentity' }
    : { storageAccessMode: 'SasToken', keyVaultUri: access.secretUri }),
});

const TRIGGER_STATUS = { enabled: 'Enabled', disabled: 'Disabled' } as const;

/**
 * The body of a PUT.
 * @param location of the pipeline that is there; null: the service takes the registry's
 */
export function pipelineBody(kind: PipelineId['kind'], wish: PipelineWish, location: string | null): object {
  const { identity, options, sourceTrigger } = wish;
  return {
    ...(location !== null && { location }),
    identity: identityBody(identity),
    properties: {
      [kind === 'export' ? 'target' : 'source']: endpointBody(wish),
      ...(sourceTrigger !== null && { trigger: { sourceTrigger: { status: TRIGGER_STATUS[sourceTrigger] } } }),
      options: [...options],
    },
  };
}
