/** Registry, pipelines and permissions. */
import { asTheyAre, type Misconfiguration } from './case.ts';
import type { Bench } from './bench.ts';

const missing = (bench: Bench, side: 'source' | 'target'): string =>
  bench.clouds[side].pipelines.managedIdentity.replace(/[^/]+$/, 'nosuchpipeline');

const TRANSFER_ROLE = 'Container Registry Transfer Pipeline Contributor';

/** See {@link Misconfiguration}. */
export const SETUP_CASES: readonly Misconfiguration[] = [
  {
    name: 'the registry of the pipeline does not exist',
    rule: 'existence',
    id: 'ACRT3004',
    verdict: 'error',
    remedy: 'az resource show',
    arrange: asTheyAre,
    inputs: ({ clouds }) => ({
      'export-pipeline': clouds.source.pipelines.managedIdentity.replace(clouds.source.registry.name, 'nosuchregistry'),
    }),
  },
  {
    name: 'the source registry is not Premium',
    rule: 'registry',
    id: 'ACRT3007',
    verdict: 'error',
    remedy: '--sku Premium',
    arrange: ({ sandbox }) => sandbox.settings('source', { registry: { sku: 'Standard' } }),
  },
  {
    name: 'the target registry is not Premium',
    rule: 'registry',
    id: 'ACRT3007',
    verdict: 'error',
    remedy: '--sku Premium',
    arrange: ({ sandbox }) => sandbox.settings('target', { registry: { sku: 'Basic' } }),
  },
  {
    name: 'the source registry forbids exports',
    rule: 'registry',
    id: 'ACRT3008',
    verdict: 'error',
    remedy: 'az acr update',
    arrange: ({ sandbox }) => sandbox.settings('source', { registry: { exportPolicy: 'disabled' } }),
  },
  {
    name: 'the registry is closed to the public network',
    rule: 'registry',
    id: 'ACRT3015',
    verdict: 'warning',
    remedy: 'az acr network-rule add',
    arrange: ({ sandbox }) => sandbox.settings('target', { registry: { publicNetworkAccess: 'Disabled' } }),
  },
  {
    name: 'the restricted registry lets no trusted services in',
    rule: 'registry',
    id: 'ACRT3016',
    verdict: 'warning',
    remedy: '--allow-trusted-services true',
    arrange: ({ sandbox }) =>
      sandbox.settings('source', { registry: { networkDefaultAction: 'Deny', networkRuleBypassOptions: 'None' } }),
  },
  {
    name: 'the export pipeline does not exist',
    rule: 'existence',
    id: 'ACRT3001',
    verdict: 'error',
    remedy: 'export-pipeline',
    arrange: asTheyAre,
    inputs: (bench) => ({ 'export-pipeline': missing(bench, 'source') }),
  },
  {
    name: 'the import pipeline does not exist',
    rule: 'existence',
    id: 'ACRT3001',
    verdict: 'error',
    remedy: 'import-pipeline',
    arrange: asTheyAre,
    inputs: (bench) => ({ 'import-pipeline': missing(bench, 'target') }),
  },
  {
    name: 'the import pipeline is not provisioned',
    rule: 'pipeline',
    id: 'ACRT3003',
    verdict: 'error',
    remedy: 'az acr',
    arrange: ({ sandbox }) => sandbox.settings('target', { pipelines: { provisioningState: 'Failed' } }),
  },
  {
    name: 'the export pipeline has no identity',
    rule: 'pipeline',
    id: 'ACRT3014',
    verdict: 'error',
    remedy: 'identity.type=SystemAssigned',
    arrange: ({ sandbox }) => sandbox.settings('source', { pipelines: { identity: 'none' } }),
  },
  {
    name: 'a blob is in the way and may not be overwritten',
    rule: 'what is in the way',
    id: 'ACRT3017',
    verdict: 'error',
    remedy: 'OverwriteBlobs',
    arrange: async (bench) => {
      // The name of the blob depends on its content, so a plan provides it.
      const planned = await bench.step({
        ...bench.inputs(),
        ...ORDER,
        mode: 'full',
        artifacts: bench.artifact,
        'dry-run': 'true',
      });
      const [blob = ''] = JSON.parse(planned.outputs['blobs'] ?? '[]') as string[];
      await bench.putPipeline('source', { options: [] });
      await bench.containers.put('source', blob, Buffer.from('of another writer'));
    },
    inputs: () => ORDER,
  },
  {
    name: 'a tag has another digest at the target and may not be moved',
    rule: 'what is in the way',
    id: 'ACRT3018',
    verdict: 'error',
    remedy: 'OverwriteTags',
    arrange: async (bench) => {
      await bench.putPipeline('target', { options: [] });
      await bench.pushOther();
    },
  },
  {
    name: 'a tag at the target is locked',
    rule: 'what is in the way',
    id: 'ACRT3030',
    verdict: 'error',
    remedy: '--write-enabled true',
    arrange: async (bench) => {
      await bench.pushOther();
      await bench.sandbox.lock('target', 'team/app', 'v1', { writeEnabled: false });
    },
  },
  {
    name: 'the export pipeline leaves out artifacts without failing, and the step does not verify',
    rule: 'continuation',
    id: 'ACRT3056',
    verdict: 'warning',
    remedy: 'properties.options=["OverwriteBlobs"]',
    arrange: (bench) => bench.putPipeline('source', { options: ['OverwriteBlobs', 'ContinueOnErrors'] }),
    inputs: () => ({ verify: 'false' }),
  },
  {
    name: 'the source trigger is enabled and the step imports by run',
    rule: 'trigger',
    id: 'ACRT3020',
    verdict: 'warning',
    remedy: 'import-by: trigger',
    arrange: (bench) => bench.putPipeline('target', { trigger: 'Enabled' }),
  },
  {
    name: 'the step waits for a source trigger that is disabled',
    rule: 'trigger',
    id: 'ACRT3021',
    verdict: 'error',
    remedy: 'import-by: run',
    arrange: asTheyAre,
    inputs: () => ({ 'import-by': 'trigger' }),
  },
  {
    name: 'this workflow may not read the pipeline',
    rule: 'rights on pipelines',
    id: 'ACRT3002',
    verdict: 'error',
    remedy: 'az role assignment create',
    arrange: (bench) => bench.withoutRoles('source', ({ role }) => role === TRANSFER_ROLE || role === 'Reader'),
  },
  {
    name: 'this workflow may look, but not start runs',
    rule: 'rights on pipelines',
    id: 'ACRT3028',
    verdict: 'error',
    remedy: TRANSFER_ROLE,
    arrange: async (bench) => {
      const { objectId } = bench.clouds.source.client;
      const roles = await bench.sandbox.roles('source');
      await bench.sandbox.setRoles('source', [
        ...roles.filter(({ role }) => role !== TRANSFER_ROLE),
        { principalId: objectId, role: 'Reader' },
      ]);
    },
  },
];

const ORDER = { 'transfer-name': 'nightly' };
