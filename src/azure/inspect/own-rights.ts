import type { Arm } from '../arm.ts';
import { permissionSchema, type Permission } from './permissions.ts';
import { readList } from './resources.ts';

const QUERY = { apiVersion: '2022-04-01', filter: null };

/**
 * What this step's own principal may do with a resource, its groups counted. Nobody needs a right to ask for his own
 * (Microsoft REST reference, "Permissions - List For Resource").
 * @throws an Error with the reason when there is no such answer
 */
export const ownPermissions = (arm: Arm, resourceId: string): Promise<readonly Permission[]> =>
  readList(
    arm,
    `${resourceId}/providers/Microsoft.Authorization/permissions`,
    QUERY,
    permissionSchema,
    'list permissions of its own',
  );
