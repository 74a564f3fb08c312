import { describe, expect, it } from '@jest/globals';
import type { Cloud } from '../../../../src/azure/cloud/cloud.ts';
import { sideCredential, type CredentialContext } from '../../../../src/azure/identity/credential.ts';

const CLOUD: Cloud = {
  name: 'local',
  arm: 'https://arm.example',
  armScope: 'https://arm.example/.default',
  authority: 'https://login.example',
  registryAudience: 'https://arm.example',
  storageAudience: null,
  idTokenAudience: 'api://cloud',
  custom: true,
  portal: null,
};

const GUID = '00000000-0000-4000-8000-00000000000a';

/** A job that asks for id-tokens and gets none. */
function job(): { readonly asked: string[]; readonly context: CredentialContext } {
  const asked: string[] = [];
  const idToken = (audience: string): Promise<null> => {
    asked.push(audience);
    return Promise.resolve(null);
  };
  return { asked, context: { side: 'target', cloud: CLOUD, idToken, mask: () => undefined } };
}

const oidc = (audience: string | null) => ({ kind: 'oidc', tenantId: GUID, clientId: GUID, audience }) as const;

describe('sideCredential with OIDC, in a job that may not have an id-token', () => {
  it('says so, with the side', async () => {
    const token = sideCredential(oidc(null), job().context).getToken(CLOUD.armScope);

    await expect(token).rejects.toMatchObject({
      facts: { id: 'ACRT2002', message: expect.stringContaining('target side') },
    });
  });

  it.each([
    { name: 'the one of the cloud', audience: null, expected: 'api://cloud' },
    { name: 'the one that was given', audience: 'api://own', expected: 'api://own' },
  ])('asks for the right audience: $name', async ({ audience, expected }) => {
    const { asked, context } = job();
    await sideCredential(oidc(audience), context)
      .getToken(CLOUD.armScope)
      .catch(() => null);

    expect(asked).toEqual([expected]);
  });

  it('asks once for all who ask at the same time, and refuses them alike', async () => {
    const { asked, context } = job();
    const credential = sideCredential(oidc(null), context);
    const requests = [1, 2, 3].map(() => credential.getToken(CLOUD.armScope));
    const refusals = await Promise.allSettled(requests);

    expect(new Set(requests).size).toBe(1);
    expect(asked).toHaveLength(1);
    expect(new Set(refusals.map((item): unknown => (item.status === 'rejected' ? item.reason : null))).size).toBe(1);
  });
});
