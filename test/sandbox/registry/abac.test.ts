import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { image, registryLogin } from '../content/index.ts';
import type { Answer } from '../content/connection.ts';
import type { RoleAssignment } from '../description.ts';
import { jsonOf, startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

const REPOSITORY = '/acr/v1/team/app/_manifests';
const CATALOG = '/acr/v1/_catalog';
let cloud: RegistryCloud;

beforeAll(async () => {
  cloud = await startRegistryCloud();
  await cloud.pusher.push('team/app', await image({ seed: 'abac' }), 'v1');
});

afterAll(async () => {
  await cloud.close();
});

beforeEach(() => {
  cloud.state.patch({ registry: { roleAssignmentMode: 'AbacRepositoryPermissions' } });
});

/** Signs in again, because a token keeps the permissions of its issue. */
async function ask(method: string, path: string, scope: string): Promise<Answer> {
  const token = await registryLogin(cloud.signIn, cloud.ca)(scope);
  return cloud.ask({ method, path, headers: { authorization: `Bearer ${token}` } });
}

const readRepository = (): Promise<Answer> => ask('GET', REPOSITORY, 'repository:team/app:metadata_read');
const listCatalog = (): Promise<Answer> => ask('GET', CATALOG, 'registry:catalog:*');

describe('a registry with repository permissions', () => {
  it.each(['AcrPull', 'AcrPush', 'AcrDelete'] as const)('rejects %s', async (role) => {
    cloud.setRoles(role);
    await expect(readRepository()).rejects.toThrow(/oauth2\/exchange answered 401/);
  });

  it('gives Repository Reader repositories and no catalog', async () => {
    cloud.setRoles('Container Registry Repository Reader');
    expect((await readRepository()).status).toBe(200);
    expect((await ask('GET', '/v2/team/app/manifests/v1', 'repository:team/app:pull')).status).toBe(200);
    const refused = await listCatalog();
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/scope="registry:catalog:\*",error="insufficient_scope"$/);
    expect(jsonOf(refused)).toMatchObject({ errors: [{ code: 'DENIED' }, { code: 'UNAUTHORIZED' }] });
    const push = await ask('POST', '/v2/team/app/blobs/uploads/', 'repository:team/app:pull,push');
    expect(push.status).toBe(401);
  });

  it('gives Catalog Lister the catalog and no repository', async () => {
    cloud.setRoles('Container Registry Repository Catalog Lister');
    expect(jsonOf(await listCatalog())).toEqual({ repositories: ['team/app'] });
    expect((await readRepository()).status).toBe(401);
  });

  it.each([
    ['Container Registry Repository Writer', [202, 401]],
    ['Container Registry Repository Contributor', [202, 404]],
  ] satisfies [RoleAssignment['role'], number[]][])('lets %s push, and delete or not', async (role, expected) => {
    cloud.setRoles(role);
    const upload = await ask('POST', '/v2/team/app/blobs/uploads/', 'repository:team/app:pull,push');
    const removal = await ask('DELETE', '/acr/v1/team/app/_tags/none', 'repository:team/app:delete');
    expect([upload.status, removal.status]).toEqual(expected);
  });
});

describe('a registry of the legacy mode', () => {
  it("doesn't have the repository roles", async () => {
    cloud.state.patch({ registry: { roleAssignmentMode: 'LegacyRegistryPermissions' } });
    cloud.setRoles('Container Registry Repository Contributor', 'Container Registry Repository Catalog Lister');
    await expect(readRepository()).rejects.toThrow(/oauth2\/exchange answered 401/);
    cloud.setRoles('AcrPull');
    expect([(await readRepository()).status, (await listCatalog()).status]).toEqual([200, 200]);
  });
});
