import { expect } from '@jest/globals';
import { BUILT_IN_ROLES } from '../../../../src/azure/access/permissions.ts';
import { readGrants } from '../../../../src/azure/access/roles.ts';
import { assignRole, listAssignments, unassignRole } from '../../../../src/azure/provisioning/role-assignments.ts';
import type { AssignmentRequest, ChangeOutcome } from '../../../../src/provisioning/ports.ts';
import { systemClock } from '../../../../src/transfer/ports/clock.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import type { Compare, Comparisons } from '../compared.ts';
import { armAt, json, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

/** The part of a role definition that the fixtures contain. */
interface Definition {
  readonly name: string;
  readonly properties: {
    readonly roleName: string;
    readonly permissions: readonly { readonly actions: string[]; readonly dataActions: string[] }[];
  };
}

const PRINCIPAL = '11111111-1111-4111-8111-111111111111';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

/** Key Vault Secrets Officer and Key Vault Administrator are documented, and in no recording. */
const UNRECORDED = ['b86a8fe4-44ce-4948-aee5-eccb2c155cd7', '00482a5a-887f-4fb3-b363-3b7fe8e74483'];

const definitionsIn = ({ body }: Fact): readonly Definition[] => (body as { value: Definition[] }).value;

/** The request behind a recorded PUT. */
function orderOf({ path, sends }: Fact): AssignmentRequest {
  const [scope = '', name = ''] = path.replace(/\?.*/, '').split('/providers/Microsoft.Authorization/roleAssignments/');
  const { principalId, roleDefinitionId } = (sends as { properties: { principalId: string; roleDefinitionId: string } })
    .properties;
  return { name, scope, principalId, roleId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1) };
}

const assign = (replay: Replay, fact: Fact): Promise<ChangeOutcome> =>
  assignRole(armAt(replay), orderOf(fact), { clock: systemClock, signal: new AbortController().signal });

const assigned: Compare<Replay> = async (fact, replay) => {
  replay.answer(fact);
  expect(await assign(replay, fact)).toBe('done');
  const [asked] = replay.asked;
  expect(JSON.parse(asked?.body ?? '')).toMatchObject(fact.sends as object);
  expect(asked?.path.replace(/\?.*/, '')).toBe(fact.path.replace(/\?.*/, ''));
};

/** Role assignments as setup creates and removes them, and roles as preflight reads them. */
export const authorization: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'roleAssignments-PUT-201-2015-07-01': assigned,
    'roleAssignments-PUT-201-2022-04-01': async (fact, replay) => {
      await assigned(fact, replay);
      expect(replay.asked[0]?.path).toBe(fact.path);
    },
    'roleAssignments-PUT-400-PrincipalNotFound': async (fact, replay) => {
      replay.answer(fact, fact, json({}, 201));
      expect(await assign(replay, fact)).toBe('done');
      expect(replay.asked).toHaveLength(3);
      replay.answer(fact);
      await expect(assign(replay, fact)).rejects.toMatchObject({
        facts: { id: 'ACRT3009', message: expect.stringContaining('PrincipalNotFound') },
      });
    },
    'roleAssignments-PUT-409-RoleAssignmentExists': async (fact, replay) => {
      replay.answer(fact);
      expect(await assign(replay, fact)).toBe('unchanged');
    },
    'roleAssignments-DELETE-200-2022-04-01': async (fact, replay) => {
      replay.answer(fact);
      expect(await unassignRole(armAt(replay), fact.path.replace(/\?.*/, ''))).toBe('done');
      expect(replay.asked[0]?.path).toBe(fact.path);
    },
    'roleAssignments-LIST-atScope-200-2022-04-01': async (fact, replay) => {
      replay.answer(fact);
      // The assignment applies above the scope.
      expect(await listAssignments(armAt(replay), PLACES.group)).toEqual([]);
      const { pathname, searchParams } = new URL(replay.asked[0]?.path ?? '', replay.origin);
      expect(`${pathname}?$filter=${searchParams.get('$filter') ?? ''}&api-version=2022-04-01`).toBe(fact.path);
      const assigner = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
      replay.answer(fact, json({ properties: { permissions: [{ actions: ['*'] }] } }));
      const grants = await readGrants(armAt(replay), PRINCIPAL, PLACES.group);
      expect(grants).toMatchObject({ withGroups: true, roles: [{ role: assigner, conditional: false }] });
    },
    'roleAssignments-LIST-filter-principalId-200-2022-04-01': async (fact, replay) => {
      // The directory can't be read, so only the principal is requested.
      replay.answer(json({ error: { code: 'Forbidden', message: 'no' } }, 403), fact);
      const grants = await readGrants(armAt(replay), PRINCIPAL, PLACES.group);
      expect(grants).toMatchObject({ withGroups: false, roles: [{ role: READER, conditional: false }] });
      const asked = decodeURIComponent(replay.asked[1]?.path ?? '');
      expect(asked).toContain(`$filter=principalId eq '${PRINCIPAL}'`);
      expect(fact.path).toContain(`$filter=principalId eq '${PRINCIPAL}'`);
    },
    'roleDefinitions-LIST-200-acr-storage-keyvault-roles': (fact) => {
      const recorded = definitionsIn(fact).filter(({ name }) => BUILT_IN_ROLES.has(name));
      const names = new Set(recorded.map(({ name }) => name));
      expect([...BUILT_IN_ROLES.keys()].filter((name) => !names.has(name))).toEqual(UNRECORDED);
      for (const { name, properties } of recorded) {
        const known = BUILT_IN_ROLES.get(name)?.flatMap(({ dataActions }) => dataActions);
        expect([properties.roleName, known]).toEqual([
          properties.roleName,
          properties.permissions.flatMap(({ dataActions }) => dataActions),
        ]);
      }
    },
    'roleDefinitions-LIST-filter-roleName-200-2022-04-01': async (fact, replay) => {
      const [definition] = definitionsIn(fact);
      const roleDefinitionId = `${PLACES.subscription}/providers/Microsoft.Authorization/roleDefinitions/own`;
      const one = { properties: { scope: PLACES.group, roleDefinitionId, condition: null } };
      replay.answer(json({ value: [one] }), json(definition));
      const { roles } = await readGrants(armAt(replay), PRINCIPAL, PLACES.group);
      expect(roles).toMatchObject([{ role: 'own', permissions: [{ actions: ['*/read'], dataActions: [] }] }]);
    },
  },
};
