/** Containers, secrets, SAS and the roles of pipelines. */
import { asTheyAre, type Misconfiguration } from './case.ts';
import type { Bench } from './bench.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const inTime = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

/** Stores another SAS in the secret of a side. */
const storeSas = async (
  { sandbox }: Bench,
  side: 'source' | 'target',
  permissions: string,
  expiresOn: Date,
  change: (sas: string) => string = (sas) => sas,
): Promise<void> => {
  const sas = await sandbox.containerSas(side, { permissions, expiresOn });
  await sandbox.setSecret(side, 'transfersas', { value: change(sas) });
};

const bySas = (bench: Bench): ReturnType<Bench['inputs']> => bench.inputs('sasToken');

/** See {@link Misconfiguration}. */
export const STORAGE_CASES: readonly Misconfiguration[] = [
  ...(['source', 'target'] as const).map((side): Misconfiguration => ({
    name: `the container of the ${side} does not exist`,
    rule: 'existence of containers',
    id: 'ACRT3006',
    verdict: 'error',
    remedy: 'az storage container create',
    arrange: (bench) => bench.containers.remove(side),
  })),
  {
    name: 'the storage account is closed to the public network',
    rule: 'firewall',
    id: 'ACRT3022',
    verdict: 'error',
    remedy: 'az storage account update',
    arrange: ({ sandbox }) => sandbox.settings('source', { storage: { publicNetworkAccess: 'Disabled' } }),
  },
  {
    name: 'the firewall of the storage account rejects all clients',
    rule: 'firewall',
    id: 'ACRT3022',
    verdict: 'error',
    remedy: '--default-action Allow',
    arrange: ({ sandbox }) => sandbox.settings('target', { storage: { defaultAction: 'Deny' } }),
  },
  {
    name: 'this workflow may not read the container',
    rule: 'rights on containers',
    id: 'ACRT5004',
    verdict: 'error',
    remedy: 'Storage Blob Data',
    arrange: (bench) =>
      bench.withoutRoles(
        'target',
        ({ principalId, role }) =>
          principalId === bench.clouds.target.client.objectId && role === 'Storage Blob Data Contributor',
      ),
  },
  {
    name: 'this workflow may read the source container, but not write',
    rule: 'rights on containers',
    id: 'ACRT3034',
    verdict: 'error',
    remedy: 'Storage Blob Data Contributor',
    arrange: async (bench) => {
      const { objectId } = bench.clouds.source.client;
      const roles = await bench.sandbox.roles('source');
      await bench.sandbox.setRoles(
        'source',
        roles.map((item) =>
          item.principalId === objectId && item.role === 'Storage Blob Data Contributor'
            ? { ...item, role: 'Storage Blob Data Reader' }
            : item,
        ),
      );
    },
  },
  {
    name: "the given SAS doesn't allow writing",
    rule: 'SAS that was given',
    id: 'ACRT3029',
    verdict: 'error',
    remedy: 'source-sas',
    arrange: asTheyAre,
    inputs: async ({ sandbox }) => ({
      'source-sas': await sandbox.containerSas('source', { permissions: 'rl', expiresOn: inTime(DAY) }),
    }),
  },
  {
    name: 'the SAS that was given has ended',
    rule: 'SAS that was given',
    id: 'ACRT3029',
    verdict: 'error',
    remedy: 'target-sas',
    arrange: asTheyAre,
    inputs: async ({ sandbox }) => ({
      'target-sas': await sandbox.containerSas('target', {
        permissions: 'racwl',
        startsOn: inTime(-DAY),
        expiresOn: inTime(-HOUR),
      }),
    }),
  },
  {
    name: 'the secret of the pipeline does not exist',
    rule: 'secret',
    id: 'ACRT3023',
    verdict: 'error',
    remedy: 'az keyvault secret set',
    arrange: ({ sandbox }) => sandbox.deleteSecret('source', 'transfersas'),
    inputs: bySas,
  },
  {
    name: 'the secret of the pipeline is disabled',
    rule: 'secret',
    id: 'ACRT3023',
    verdict: 'error',
    remedy: 'az keyvault secret set',
    arrange: ({ sandbox }) => sandbox.setSecret('target', 'transfersas', { enabled: false }),
    inputs: bySas,
  },
  {
    name: 'the secret of the pipeline has expired',
    rule: 'secret',
    id: 'ACRT3023',
    verdict: 'error',
    remedy: 'az keyvault secret set',
    arrange: ({ sandbox }) => sandbox.setSecret('source', 'transfersas', { expires: inTime(-HOUR).toISOString() }),
    inputs: bySas,
  },
  {
    name: 'the SAS of the pipeline has ended',
    rule: 'SAS of the pipeline',
    id: 'ACRT3024',
    verdict: 'error',
    remedy: 'az storage container generate-sas',
    arrange: (bench) => storeSas(bench, 'source', 'racwl', inTime(-HOUR)),
    inputs: bySas,
  },
  {
    name: "the SAS of the export pipeline doesn't allow writing",
    rule: 'SAS of the pipeline',
    id: 'ACRT3024',
    verdict: 'error',
    remedy: '--permissions rwla',
    arrange: (bench) => storeSas(bench, 'source', 'rl', inTime(30 * DAY)),
    inputs: bySas,
  },
  {
    name: "the SAS of the import pipeline doesn't allow listing",
    rule: 'SAS of the pipeline',
    id: 'ACRT3024',
    verdict: 'error',
    remedy: '--permissions rl',
    arrange: (bench) => storeSas(bench, 'target', 'r', inTime(30 * DAY)),
    inputs: bySas,
  },
  {
    name: 'the SAS of the pipeline is of a blob',
    rule: 'SAS of the pipeline',
    id: 'ACRT3024',
    verdict: 'error',
    remedy: 'generate-sas',
    arrange: (bench) => storeSas(bench, 'source', 'racwl', inTime(30 * DAY), (sas) => sas.replace('sr=c', 'sr=b')),
    inputs: bySas,
  },
  {
    name: 'the SAS of the pipeline ends within days',
    rule: 'SAS of the pipeline',
    id: 'ACRT3025',
    verdict: 'warning',
    remedy: 'Renew it',
    arrange: (bench) => storeSas(bench, 'source', 'racwl', inTime(2 * DAY)),
    inputs: bySas,
  },
  {
    name: 'the SAS of the pipeline allows plain HTTP',
    rule: 'SAS of the pipeline',
    id: 'ACRT3035',
    verdict: 'warning',
    remedy: '--https-only',
    arrange: (bench) =>
      storeSas(bench, 'target', 'racwl', inTime(30 * DAY), (sas) => sas.replace('spr=https', 'spr=https,http')),
    inputs: bySas,
  },
  {
    name: "the import deletes blobs with a SAS that doesn't allow deleting",
    rule: 'SAS of the pipeline',
    id: 'ACRT3019',
    verdict: 'warning',
    remedy: 'DeleteSourceBlobOnSuccess',
    arrange: async (bench) => {
      await bench.putPipeline('target', { options: ['OverwriteTags', 'DeleteSourceBlobOnSuccess'] }, 'sasToken');
      await storeSas(bench, 'target', 'rl', inTime(30 * DAY));
    },
    inputs: bySas,
  },
  {
    name: 'the identity of the pipeline may not read its secret',
    rule: 'rights on secrets',
    id: 'ACRT3027',
    verdict: 'error',
    remedy: 'Key Vault Secrets User',
    arrange: async (bench) => {
      const identity = await bench.identity('source', 'sasToken');
      await bench.withoutRoles('source', ({ principalId, role }) => principalId === identity && role.includes('Vault'));
    },
    inputs: bySas,
  },
  {
    name: 'the identity of the export pipeline has no role on the container',
    rule: 'rights of identities',
    id: 'ACRT3026',
    verdict: 'error',
    remedy: 'Storage Blob Data Contributor',
    arrange: async (bench) => {
      const identity = await bench.identity('source', 'managedIdentity');
      await bench.withoutRoles('source', ({ principalId }) => principalId === identity);
    },
  },
  {
    name: 'the identity of the import pipeline has no role on the container',
    rule: 'rights of identities',
    id: 'ACRT3026',
    verdict: 'error',
    remedy: 'Storage Blob Data Reader',
    arrange: async (bench) => {
      const identity = await bench.identity('target', 'managedIdentity');
      await bench.withoutRoles('target', ({ principalId }) => principalId === identity);
    },
  },
];
