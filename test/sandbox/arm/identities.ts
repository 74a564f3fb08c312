/** User-assigned identities (Microsoft REST reference, "User Assigned Identities - Get"). */
import type { CloudContext } from '../contracts.ts';
import type { Identity } from '../entra/directory.ts';
import type { Operation } from './endpoint.ts';
import { resourceNotFound } from './errors.ts';
import type { Neighbours } from './neighbours.ts';

const TYPE = 'Microsoft.ManagedIdentity/userAssignedIdentities';

/** GET of one. */
export const identityOperations = (
  { place }: Neighbours,
  { tenantId }: Pick<CloudContext, 'tenantId'>,
  identityOf: (resourceId: string) => Identity | undefined,
): readonly Operation[] => [
  {
    method: 'GET',
    path: `/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/${TYPE.replace('.', '\\.')}/(?<name>[^/]+)`,
    action: 'read',
    foreignAction: `${TYPE}/read`,
    versions: ['2023-01-31'],
    handle: ({ name }) => {
      const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
      const id = `${group}/providers/${TYPE}/${name}`;
      const identity = identityOf(id);
      if (identity === undefined) throw resourceNotFound(`${TYPE}/${name}`, place.resourceGroup);
      const { clientId, objectId: principalId } = identity;
      return {
        status: 200,
        body: { id, name, type: TYPE, location: 'westus', properties: { tenantId, principalId, clientId } },
      };
    },
  },
];
