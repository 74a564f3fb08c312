/** What the identity of a pipeline may do, and is given. */
import type { PipelineAccess } from '../services.ts';
import type { ContainerPlace, Estate, VaultPlace } from './estate.ts';
import type { Change } from './result.ts';
import { assignmentOf, SECRETS_USER, type ContainerNeed, type Role } from './roles.ts';
import { step, type Step } from './steps.ts';

/** Who is given something; not known before the pipeline has been made. */
export interface Grantee {
  /** Null as long as it is not known. */
  readonly known: string | null;
  /** Asked for when it is needed: the pipeline is there then. */
  readonly principalId: () => string;
}

const NEW = 'the new identity';

const roleChange = (subject: Change['subject'], role: Role, scope: string, { known }: Grantee): Change => ({
  subject,
  what: `${role.name} at ${scope}`,
  from: null,
  to: known ?? NEW,
});

async function holds(estate: Estate, scope: string, role: Role, principalId: string): Promise<boolean> {
  const assigned = await estate.assignments(scope);
  return assigned.some(
    (item) => item.roleId === role.id && item.principalId.toLowerCase() === principalId.toLowerCase(),
  );
}

const assigning = (estate: Estate, change: Change, scope: string, role: Role, grantee: Grantee): Step =>
  step(change, () => estate.assign(assignmentOf(scope, grantee.principalId(), role)));

/** The role that a pipeline lacks at its container. Where roles cannot be looked through, its own assignment there counts. */
export async function roleSteps(
  estate: Estate,
  containerUri: string,
  { containerId }: ContainerPlace,
  need: ContainerNeed,
  grantee: Grantee,
): Promise<readonly Step[]> {
  if (grantee.known !== null) {
    const rights = await estate.blobRights(grantee.known, containerUri);
    const isMet =
      rights.kind === 'seen' ? need.isMet(rights.value) : await holds(estate, containerId, need.role, grantee.known);
    if (isMet) return [];
  }
  return [assigning(estate, roleChange('role', need.role, containerId, grantee), containerId, need.role, grantee)];
}

function secretStep(estate: Estate, vault: VaultPlace, grantee: Grantee): Step {
  if (vault.authorization === 'roles') {
    const change = roleChange('secret-access', SECRETS_USER, vault.secretId, grantee);
    return assigning(estate, change, vault.secretId, SECRETS_USER, grantee);
  }
  const change: Change = {
    subject: 'secret-access',
    what: `secrets/get by access policy of ${vault.name}`,
    from: null,
    to: grantee.known ?? NEW,
  };
  return step(change, () => estate.allowSecrets(vault, grantee.principalId()));
}

/** The right that a pipeline lacks to read its SAS. */
export async function secretAccessSteps(
  estate: Estate,
  { secretUri }: Extract<PipelineAccess, { kind: 'sas' }>,
  vault: VaultPlace,
  grantee: Grantee,
): Promise<readonly Step[]> {
  if (grantee.known !== null) {
    const may = await estate.mayReadSecret(grantee.known, secretUri);
    if (may.kind === 'seen' && may.value) return [];
  }
  return [secretStep(estate, vault, grantee)];
}
