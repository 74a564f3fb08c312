/** Blobs and manifests that are changed together, and documents that don't belong to the step. */
import { multiArchImage, sbom } from '../../sandbox/content/index.ts';
import type { ListForm } from '../../sandbox/list-forms.ts';
import type { Packed } from './forge.ts';
import {
  both,
  changeManifest,
  genuinely,
  handOver,
  replaceBoth,
  steps,
  type ChangeableManifest,
  type Prey,
} from './grounds.ts';
import type { Way } from './way.ts';

const OTHER_TARGET =
  '/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/elsewhere';

const inList = (form: ListForm): Way => ({
  name: `a stowaway, in a list of the form ${form}`,
  ids: ['ACRT6007'],
  attempt: async (prey) => {
    await handOver(prey);
    await replaceBoth(prey, both(prey));
    await prey.grounds.sandbox.settings('target', { runs: { importedArtifacts: form } });
    const result = await steps(prey).import();
    await prey.grounds.sandbox.settings('target', { runs: { importedArtifacts: 'references' } });
    return result;
  },
});

/** A stowaway of another shape, with the manifest changed accordingly. */
const packed = (
  name: string,
  ids: readonly string[],
  content: (prey: Prey) => readonly Packed[] | Promise<readonly Packed[]>,
  foreign: Way['foreign'],
): Way => ({
  name,
  ids,
  attempt: async (prey) => {
    await handOver(prey);
    await replaceBoth(prey, await content(prey));
    return steps(prey).import();
  },
  ...(foreign && { foreign }),
});

const inRepository = ({ repository, foreign }: Prey) => ({ repository, reference: foreign.manifest.digest });

/** A manifest that doesn't belong to the step, with a blob of its own. */
const planted = (
  name: string,
  id: string,
  change: (manifest: ChangeableManifest, prey: Prey) => object,
  inputs: Readonly<Record<string, string>> = {},
  as?: (prey: Prey) => string,
): Way => ({
  name,
  ids: [id],
  attempt: async (prey) => {
    await handOver(prey);
    const transfer = as?.(prey) ?? prey.transfer;
    await changeManifest(prey, (manifest) => change(manifest, prey), transfer);
    return steps(prey).import({ ...inputs, 'transfer-name': transfer });
  },
  foreign: ({ repository }) => ({ repository, reference: 'v1' }),
});

/** Stowaways that the manifest doesn't list. */
export const STOWAWAYS: readonly Way[] = [
  packed('a stowaway, with size and MD5 changed in the manifest', ['ACRT6007'], both, undefined),
  ...(['tags-and-digests', 'digests', 'bare-digests', 'login-server'] as const).map(inList),
  packed(
    'an artifact without tag in the repository of a planned one',
    ['ACRT6007'],
    (prey) => [genuinely(prey), { repository: prey.repository, artifact: prey.foreign }],
    inRepository,
  ),
  packed(
    'an index with the planned image and one more',
    ['ACRT6007'],
    async (prey) => [
      genuinely(prey),
      { repository: prey.repository, tag: 'all', artifact: await multiArchImage({ seed: prey.transfer }) },
    ],
    ({ repository }) => ({ repository, reference: 'all' }),
  ),
  packed(
    'a referrer of the planned artifact that was not planned',
    ['ACRT6007'],
    (prey) => [genuinely(prey), { repository: prey.repository, artifact: sbom(prey.genuine, 'forged') }],
    (prey) => ({ repository: prey.repository, reference: sbom(prey.genuine, 'forged').manifest.digest }),
  ),
  packed(
    'one more tag of the planned digest',
    ['ACRT6007'],
    (prey) => [genuinely(prey), { ...genuinely(prey), tag: 'latest' }],
    ({ repository }) => ({ repository, reference: 'latest' }),
  ),
  packed(
    'the planned tag on another artifact',
    ['ACRT6001'],
    (prey) => [{ repository: prey.repository, tag: 'v1', artifact: prey.foreign }],
    inRepository,
  ),
].map((way) => ({ ...way, imports: 'with its manifest' as const }));

/** Documents that don't belong to the step. */
export const DOCUMENTS: readonly Way[] = [
  planted(
    'a planted manifest of another transfer',
    'ACRT7009',
    (manifest) => manifest,
    {},
    ({ transfer }) => `${transfer}-planted`,
  ),
  {
    name: 'an old transfer under a new name',
    ids: ['ACRT7009'],
    attempt: async (prey) => {
      await handOver(prey);
      const old = prey.foreign;
      await prey.grounds.push('source', prey.repository, { v1: old });
      const next = { ...prey, transfer: `${prey.transfer}-next`, genuine: old };
      await handOver(next);
      await changeManifest(prey, (manifest) => manifest, next.transfer);
      return steps(next).import();
    },
    foreign: ({ repository }) => ({ repository, reference: 'v1' }),
  },
  planted('a manifest for another target', 'ACRT7009', (manifest) => ({ ...manifest, target: OTHER_TARGET })),
  planted('a manifest of another source', 'ACRT7010', (manifest) => ({ ...manifest, registry: 'other.azurecr.io' }), {
    'allowed-sources': 'trusted.azurecr.io',
  }),
  {
    name: 'a manifest whose batch lists no artifact',
    ids: ['ACRT7001'],
    attempt: async (prey) => {
      await handOver(prey);
      await replaceBoth(prey, both(prey));
      await changeManifest(prey, (manifest) => ({
        ...manifest,
        batches: manifest.batches.map((batch) => ({ ...batch, artifacts: [] })),
      }));
      return steps(prey).import();
    },
  },
  planted('a manifest without artifacts', 'ACRT7009', (manifest) => ({ ...manifest, batches: [], missing: [] })),
  {
    name: 'two transfers with swapped names',
    ids: ['ACRT7009'],
    attempt: async (prey) => {
      await handOver(prey);
      const other = { ...prey, transfer: `${prey.transfer}-other` };
      await handOver(other);
      await changeManifest(prey, (manifest) => manifest, other.transfer);
      return steps(other).import();
    },
    foreign: ({ repository }) => ({ repository, reference: 'v1' }),
  },
  {
    name: 'a forged receipt that answers a newer manifest',
    ids: ['ACRT7011'],
    attempt: async (prey) => {
      await handOver(prey);
      const manifest = { digest: `sha256:${'0'.repeat(64)}`, createdAt: '2099-01-01T00:00:00.000Z' };
      const forged = {
        kind: 'acr-transfer/receipt',
        version: 1,
        transferName: prey.transfer,
        createdAt: '2099-01-01T00:00:00.000Z',
        registry: prey.grounds.clouds.target.registry.loginServer,
        registryId: prey.grounds.clouds.target.registry.id,
        source: prey.grounds.clouds.source.registry.loginServer,
        manifest,
        provenance: null,
        artifacts: [],
      };
      const blob = prey.grounds.containers.client('target').getBlockBlobClient(`${prey.transfer}.receipt.json`);
      await blob.uploadData(Buffer.from(JSON.stringify(forged)));
      return steps(prey).import();
    },
    foreign: ({ repository }) => ({ repository, reference: 'v1' }),
  },
];
