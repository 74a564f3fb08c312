import { describe, expect, it, jest } from '@jest/globals';
import type { Cloud } from '../../../../src/azure/cloud/cloud.ts';
import { sideCredential, type CredentialContext } from '../../../../src/azure/identity/credential.ts';

const CLOUD: Cloud = {
  name: 'local',
  arm: 'https://arm.example',
  armScope: 'https://arm.example/.default',
  authority: 'https://login.example',
  registryAudiences: ['https://arm.example'],
  storageAudience: null,
  idTokenAudience: 'api://cloud',
  custom: true,
  portal: null,
  suffixes: { storage: [], registry: [], vault: [] },
};

const GUID = '00000000-0000-4000-8000-00000000000a';

/** A job without permission for id-tokens. */
function job(): { readonly audiences: string[]; readonly context: CredentialContext } {
  const audiences: string[] = [];
  const idToken = (audience: string): Promise<null> => {
    audiences.push(audience);
    return Promise.resolve(null);
  };
  return { audiences, context: { side: 'target', cloud: CLOUD, idToken, mask: () => undefined } };
}

const oidc = (audience: string | null) => ({ kind: 'oidc', tenantId: GUID, clientId: GUID, audience }) as const;

describe('sideCredential with OIDC, in a job without permission for id-tokens', () => {
  it('throws an error with the side', async () => {
    const token = sideCredential(oidc(null), job().context).getToken(CLOUD.armScope);

    await expect(token).rejects.toMatchObject({
      facts: { id: 'ACRT2002', message: expect.stringContaining('target side') },
    });
  });

  it.each([
    { name: 'the audience of the cloud', audience: null, expected: 'api://cloud' },
    { name: 'the audience of the request', audience: 'api://own', expected: 'api://own' },
  ])('requests an id-token for $name', async ({ audience, expected }) => {
    const { audiences, context } = job();
    await sideCredential(oidc(audience), context)
      .getToken(CLOUD.armScope)
      .catch(() => null);

    expect(audiences).toEqual([expected]);
  });

  it('requests one id-token for concurrent callers, which get the same error', async () => {
    const { audiences, context } = job();
    const credential = sideCredential(oidc(null), context);
    const tokens = [1, 2, 3].map(() => credential.getToken(CLOUD.armScope));
    const outcomes = await Promise.allSettled(tokens);

    expect(new Set(tokens).size).toBe(1);
    expect(audiences).toHaveLength(1);
    expect(new Set(outcomes.map((item): unknown => (item.status === 'rejected' ? item.reason : null))).size).toBe(1);
  });
});

describe('sideCredential, if no token arrives', () => {
  it.each([
    { name: 'OIDC', request: oidc(null), message: 'No connection to login.example: no token within 240 s' },
    {
      name: 'a managed identity',
      request: { kind: 'managed-identity', clientId: GUID } as const,
      message: 'No connection to the endpoint of managed identities: no token within 240 s',
    },
  ])('ends the wait at its limit: $name', async ({ request, message }) => {
    const limit = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    const context: CredentialContext = { ...job().context, idToken: () => new Promise<null>(() => undefined) };
    const token = sideCredential(request, context).getToken(CLOUD.armScope);
    limit.abort(new DOMException('The operation timed out', 'TimeoutError'));
    timeout.mockRestore();

    await expect(token).rejects.toMatchObject({ facts: { id: 'ACRT2005', message } });
  });
});
