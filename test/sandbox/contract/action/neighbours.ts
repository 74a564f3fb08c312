import { expect } from '@jest/globals';
import { policyAllowsRead } from '../../../../src/azure/access/roles.ts';
import { accountFacts, accountOf, listAccounts } from '../../../../src/azure/arm/storage-accounts.ts';
import { listVaults, parseSecretUri, vaultAt } from '../../../../src/azure/key-vault/vaults.ts';
import { openConnection } from '../../../../src/azure/connection.ts';
import { connectProvisioning } from '../../../../src/azure/provisioning/client.ts';
import { allowSecrets, vaultResource } from '../../../../src/azure/provisioning/key-vault.ts';
import { createSas } from '../../../../src/azure/provisioning/sas.ts';
import type { ProvisioningClient } from '../../../../src/provisioning/ports.ts';
import { systemClock } from '../../../../src/transfer/ports/clock.ts';
import { PLACES } from '../../../fixtures/contract/facts.ts';
import type { Fact } from '../../../fixtures/contract/facts.ts';
import type { Comparisons } from '../compared.ts';
import { armAt, CREDENTIAL, json, pipelineId, startReplay } from '../replay.ts';
import type { Replay } from '../replay.ts';

const SUBSCRIPTION = PLACES.subscription.slice('/subscriptions/'.length);
const ACCOUNT = `${PLACES.group}/providers/Microsoft.Storage/storageAccounts/account`;
const CONTAINER = 'https://account.blob.core.windows.net/container';

/** A list of the one resource that was recorded. */
const listed = ({ body }: Fact) => json({ value: [body] });

const TENANT = '11111111-1111-4111-8111-111111111111';

/** Signs in as setup does: metadata of the cloud, then Entra. */
function connectClient(replay: Replay, fact: Fact): Promise<ProvisioningClient> {
  const { origin } = replay;
  replay.answer(
    json({ name: 'replay', authentication: { loginEndpoint: origin, audiences: [origin] } }),
    json({
      issuer: `${origin}/${TENANT}/v2.0`,
      authorization_endpoint: `${origin}/${TENANT}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/${TENANT}/oauth2/v2.0/token`,
      jwks_uri: `${origin}/${TENANT}/discovery/v2.0/keys`,
    }),
    json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 }),
    fact,
  );
  const identity = { kind: 'secret', tenantId: TENANT, clientId: 'client', clientSecret: 'secret' } as const;
  const options = {
    idToken: () => Promise.resolve(null),
    mask: () => undefined,
    clock: systemClock,
    log: () => undefined,
  };
  const side = { cloud: origin, identity, allowedHosts: [], sas: null };
  return connectProvisioning(openConnection('source', side, options), pipelineId('export'));
}

/** The other resources in ARM. */
export const neighbours: Comparisons<Replay> = {
  open: startReplay,
  close: (replay) => replay.close(),
  facts: {
    'storage-GET-account-200-2024-01-01': async (fact, replay) => {
      replay.answer(listed(fact));
      const account = accountOf(await listAccounts(armAt(replay), SUBSCRIPTION), CONTAINER);
      expect(account === undefined ? null : accountFacts(account)).toEqual({
        name: 'account',
        resourceId: ACCOUNT,
        network: { publicAccess: true, restricted: false, trustedServices: true },
      });
    },
    'storage-POST-listKeys-200': async (fact, replay) => {
      replay.answer(fact);
      const access = {
        arm: armAt(replay),
        credential: CREDENTIAL,
        audience: null,
        now: Date.now,
        mask: (secret: string) => {
          replay.masked.push(secret);
        },
      };
      const place = { account: 'account', accountId: ACCOUNT, containerId: `${ACCOUNT}/container` };
      const { sas } = await createSas(CONTAINER, place, 'rl', { days: 1, key: 'account-key' }, access);
      expect(replay.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        `POST ${ACCOUNT}/listKeys?api-version=2023-05-01`,
      ]);
      expect(replay.masked).toEqual(['bm90IGEga2V5', sas]);
    },
    'kv-arm-GET-vault-200': async (fact, replay) => {
      const secret = parseSecretUri('https://vault.vault.azure.net/secrets/sas');
      if (secret === null) throw new Error('the address of a secret is not understood');
      replay.answer(listed(fact));
      const vault = vaultAt(await listVaults(armAt(replay), SUBSCRIPTION), secret);
      if (vault === undefined) throw new Error('the vault is not found by its address');
      // Its member enableRbacAuthorization is absent, and "all" is allowed.
      expect(vaultResource(vault, secret)).toMatchObject({ name: 'vault', authorization: 'policies' });
      expect(policyAllowsRead(vault, '22222222-1111-4111-8111-111111111111')).toEqual({ ok: true, value: true });
      replay.answer(fact, json({}));
      expect(await allowSecrets(armAt(replay), vaultResource(vault, secret), 'reader')).toBe('done');
      const [tenantId, secrets] = ['11111111-1111-4111-8111-111111111111', ['get']];
      expect(JSON.parse(replay.asked[1]?.body ?? '')).toEqual({
        properties: { accessPolicies: [{ tenantId, objectId: 'reader', permissions: { secrets } }] },
      });
    },
    'identity-GET-200': async (fact, replay) => {
      const id = (fact.body as { id: string }).id;
      const client = await connectClient(replay, fact);
      expect(await client.principalOf(id)).toBe('22222222-1111-4111-8111-111111111111');
      expect(replay.asked.at(-1)?.path).toBe(`${id}?api-version=2023-01-31`);
    },
  },
};
