import type { BlobRights, Look } from '../../transfer/inspection.ts';
import { mayAct, type Grants } from './grants.ts';
import { seen } from './look.ts';
import { allows, type Permission } from './permissions.ts';

/** Actions on the data of a container; `write` is what new blobs and the replacing of old ones both need. */
const action = (right: keyof BlobRights): string =>
  `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${right}`;

/** The rights of one who has these permissions. */
export const permittedRights = (permissions: readonly Permission[]): BlobRights => ({
  read: allows(permissions, 'dataActions', action('read')),
  write: allows(permissions, 'dataActions', action('write')),
  delete: allows(permissions, 'dataActions', action('delete')),
});

/** The rights of one who holds these roles; seen only when all of them are certain. */
export function grantedRights(grants: Grants): Look<BlobRights> {
  const rights = { read: false, write: false, delete: false };
  for (const right of ['read', 'write', 'delete'] as const) {
    const look = mayAct(grants, action(right));
    if (look.kind === 'unseen') return look;
    rights[right] = look.value;
  }
  return seen(rights);
}
