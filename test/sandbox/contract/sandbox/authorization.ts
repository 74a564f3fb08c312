import { expect } from '@jest/globals';
import type { ArmCloud } from '../../arm/arm.fixture.ts';
import type { RoleAssignment } from '../../description.ts';
import { parseRoles } from '../../roles.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import { jsonOf, normalise, sameArmHeaders, someMembers } from '../answers.ts';
import type { Comparisons } from '../compared.ts';
import { armScene, ask, repeat } from './arm.ts';

const ASSIGNMENTS = '/providers/Microsoft.Authorization/roleAssignments';

/** `createdOn`, `updatedOn`, `createdBy`, `updatedBy`, `delegatedManagedIdentityResourceId`, `description`. */
const LEFT_OUT = 6;

interface Definition {
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly permissions: readonly { readonly actions: string[]; readonly dataActions: string[] }[];
  };
}

const definitionsIn = ({ body }: Fact): readonly Definition[] => (body as { value: Definition[] }).value;

/** The sandbox's roles by name, without unknown names. */
function asRole(name: string): RoleAssignment['role'] | null {
  try {
    return parseRoles([{ principalId: 'p', role: name }])[0]?.role ?? null;
  } catch {
    return null;
  }
}

interface Permission {
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}

/** The permissions of one role at the registry, as the service reports them to its holder. */
async function permissionsOf(cloud: ArmCloud, role: RoleAssignment['role']): Promise<Permission> {
  const principalId = `holder of ${role}`;
  const scope = cloud.registryId.replace(/\/resourceGroups\/.*/, '');
  cloud.state.roles.add({ principalId, role, scope });
  const url = `${cloud.origin}${cloud.registryId}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
  const answer = await cloud.ask('GET', url, undefined, await cloud.token(cloud.audience, principalId));
  const { value } = jsonOf(answer) as { value: readonly Permission[] };
  return value[0] ?? { actions: [], dataActions: [] };
}

const covered = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.toLowerCase().split('*').map(RegExp.escape).join('.*')}$`).test(action.toLowerCase());

/** Each action of the sandbox is in the definition, or matches one of its wildcards. */
function areRecorded(given: readonly string[], recorded: readonly string[]): boolean {
  return given.every((action) => recorded.some((one) => covered(one, action) || covered(action, one)));
}

/** Role assignments and roles. */
export const authorization: Comparisons<ArmCloud> = {
  ...armScene,
  facts: {
    'roleAssignments-PUT-201-2022-04-01': async (fact, cloud) => {
      const answer = await repeat(cloud, fact);
      someMembers(answer, fact, LEFT_OUT);
      await ask(cloud, 'DELETE', fact.path);
    },
    'roleAssignments-DELETE-200-2022-04-01': async (fact, cloud) => {
      const roleDefinitionId = `${PLACES.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
      await ask(cloud, 'PUT', fact.path, { properties: { roleDefinitionId, principalId: 'principal' } });
      someMembers(await repeat(cloud, fact), fact, LEFT_OUT);
    },
    'roleAssignments-PUT-409-RoleAssignmentExists': async (fact, cloud) => {
      await repeat(cloud, { ...fact, path: fact.path.replace('44444444', '99999999') });
      const answer = await repeat(cloud, fact);
      expect([answer.status, normalise(answer.body)]).toEqual([fact.status, normalise(fact.text)]);
    },
    'roleAssignments-LIST-atScope-200-2022-04-01': async (fact, cloud) => {
      const answer = await ask(cloud, 'GET', fact.path.replace('$filter=atScope()', '%24filter=atScope()'));
      someMembers(answer, fact, LEFT_OUT);
      sameArmHeaders(answer, fact);
    },
    'roleAssignments-LIST-filter-principalId-200-2022-04-01': async (fact, cloud) => {
      const filter = encodeURIComponent(`principalId eq '${cloud.client}'`);
      const path = `${PLACES.registry}${ASSIGNMENTS}?api-version=2022-04-01&$filter=${filter}`;
      someMembers(await ask(cloud, 'GET', path), fact, LEFT_OUT);
    },
    'roleDefinitions-LIST-200-acr-storage-keyvault-roles': async (fact, cloud) => {
      const compared: string[] = [];
      for (const { name, properties } of definitionsIn(fact)) {
        const role = asRole(properties.roleName);
        if (role === null) continue;
        compared.push(role);
        const path = `${PLACES.registry}${ASSIGNMENTS}/${name}?api-version=2022-04-01`;
        const roleDefinitionId = `${PLACES.subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
        await ask(cloud, 'PUT', path, { properties: { roleDefinitionId, principalId: `assigned ${role}` } });
        // The ID belongs to this role, and its permissions are part of those of the definition.
        expect(cloud.state.roles.all()).toContainEqual(
          expect.objectContaining({ role, principalId: `assigned ${role}` }),
        );
        const { actions, dataActions } = await permissionsOf(cloud, role);
        const [recorded] = properties.permissions;
        expect([role, areRecorded(actions, recorded?.actions ?? [])]).toEqual([role, true]);
        expect([role, areRecorded(dataActions, recorded?.dataActions ?? [])]).toEqual([role, true]);
      }
      expect(compared.length).toBeGreaterThan(12);
    },
  },
};
