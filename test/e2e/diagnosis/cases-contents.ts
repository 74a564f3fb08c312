/** Artifacts, and blobs for the source trigger. */
import { asTheyAre, type Misconfiguration } from './case.ts';
import type { Bench } from './bench.ts';

const BLOB = 'arrived/one.tar';
const DIGEST = `sha256:${'0'.repeat(64)}`;
const GIB = 1024 ** 3;

/** A manifest with a layer that can't be transferred. It is never read. */
const manifestWith = (layer: object): object => ({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: DIGEST, size: 2 },
  layers: [layer],
});

const putManifest = ({ sandbox }: Bench, tag: string, layer: object): Promise<unknown> =>
  sandbox.putManifests('source', [
    {
      repository: 'team/odd',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      content: manifestWith(layer),
      tag,
    },
  ]);

/** Waits until the trigger imports a blob at the target. */
const byTrigger = { mode: 'import', 'import-by': 'trigger', blobs: BLOB };

const trigger = (bench: Bench): Promise<void> => bench.putPipeline('target', { trigger: 'Enabled' });

/** See {@link Misconfiguration}. */
export const CONTENT_CASES: readonly Misconfiguration[] = [
  {
    name: 'an artifact does not exist',
    rule: 'existence of artifacts',
    id: 'ACRT3005',
    verdict: 'error',
    remedy: 'az acr',
    arrange: asTheyAre,
    inputs: () => ({ artifacts: 'team/app:v9' }),
  },
  {
    name: 'a layer is larger than the limit of the service',
    rule: 'layers',
    id: 'ACRT3013',
    verdict: 'error',
    remedy: 'layer',
    arrange: (bench) =>
      putManifest(bench, 'large', {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: DIGEST,
        size: 9 * GIB,
      }),
    inputs: () => ({ artifacts: 'team/odd:large' }),
  },
  {
    name: 'a layer is kept by another registry',
    rule: 'layers',
    id: 'ACRT3012',
    verdict: 'error',
    remedy: 'layer',
    arrange: (bench) =>
      putManifest(bench, 'foreign', {
        mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
        digest: DIGEST,
        size: 5,
        urls: ['https://elsewhere.example/layer'],
      }),
    inputs: () => ({ artifacts: 'team/odd:foreign' }),
  },
  {
    name: 'an artifact is locked for readers',
    rule: 'locks',
    id: 'ACRT3031',
    verdict: 'error',
    remedy: '--read-enabled true',
    arrange: ({ sandbox }) => sandbox.lock('source', 'team/app', 'v1', { readEnabled: false }),
  },
  {
    name: 'an artifact is in quarantine',
    rule: 'locks',
    id: 'ACRT3031',
    verdict: 'error',
    remedy: 'scan',
    arrange: ({ sandbox }) => sandbox.lock('source', 'team/app', 'v1', { quarantineState: 'Quarantined' }),
  },
  {
    name: 'a blob for the trigger has no Content-MD5',
    rule: 'blobs for the trigger',
    id: 'ACRT5006',
    verdict: 'error',
    remedy: 'MD5',
    arrange: async (bench) => {
      await trigger(bench);
      const client = bench.containers.client('target').getBlockBlobClient(BLOB);
      await client.stageBlock('AAAA', 'x', 1);
      await client.commitBlockList(['AAAA'], { metadata: { category: 'acr-transfer-blob' } });
    },
    inputs: () => byTrigger,
  },
  {
    name: 'a blob for the trigger has lost its metadata',
    rule: 'blobs for the trigger',
    id: 'ACRT3032',
    verdict: 'error',
    remedy: 'category=acr-transfer-blob',
    arrange: async (bench) => {
      await trigger(bench);
      await bench.containers.put('target', BLOB, Buffer.from('x'));
      await bench.containers.client('target').getBlockBlobClient(BLOB).setMetadata({});
    },
    inputs: () => byTrigger,
  },
  {
    name: 'a blob for the trigger is older than 60 days',
    rule: 'blobs for the trigger',
    id: 'ACRT3033',
    verdict: 'error',
    remedy: 'import-by: run',
    arrange: async (bench) => {
      await trigger(bench);
      await bench.containers.put('target', BLOB, Buffer.from('x'));
      await bench.sandbox.settings('target', { storage: { ageDays: 61 } });
    },
    inputs: () => byTrigger,
  },
];
