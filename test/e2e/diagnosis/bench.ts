/** Two clouds in which one thing at a time is misconfigured and restored. */
import { connectRegistry } from '../../sandbox/content/index.ts';
import type { RoleAssignment, Side } from '../../sandbox/description.ts';
import type { SettingsPatch } from '../../sandbox/settings.ts';
import { openContainers, type Containers } from '../containers.ts';
import { sideInputs, type Inputs, type StepResult } from '../runner.ts';
import { openScene, smallImage, type Scene } from '../scene.ts';
import { askArm } from './ask-arm.ts';

/** Changes of a pipeline. */
export interface PipelineChanges {
  readonly options?: readonly string[];
  readonly trigger?: 'Enabled' | 'Disabled';
}

/** A scene, and its misconfigurations. */
export interface Bench extends Scene {
  readonly containers: Containers;
  /** An image at the source, which a valid configuration transfers. */
  readonly artifact: string;
  /** Replaces the pipeline with a managed identity by one with these changes. */
  readonly putPipeline: (side: Side, changes: PipelineChanges, access?: Access) => Promise<void>;
  /** Pushes another image under the same name to the target. */
  readonly pushOther: () => Promise<void>;
  /** Removes roles. */
  readonly withoutRoles: (side: Side, taken: (role: RoleAssignment) => boolean) => Promise<void>;
  /** Inputs of both sides, with pipelines of this access. */
  readonly inputs: (access?: Access) => Inputs;
  /** Object ID of the identity of a pipeline. */
  readonly identity: (side: Side, access: Access) => Promise<string>;
  /** Names of runs that either side has executed. */
  readonly runs: () => Promise<readonly string[]>;
  /** Restores everything. */
  readonly reset: () => Promise<void>;
}

/** The access of a pipeline to its storage. */
export type Access = 'managedIdentity' | 'sasToken';

interface PipelineBody {
  readonly identity: { readonly type: string; readonly principalId: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

const SIDES = ['source', 'target'] as const;
const ACCESSES = ['managedIdentity', 'sasToken'] as const;

/** The valid settings, which cases change. */
const HEALTHY: SettingsPatch = {
  runs: { failAtOnce: null, failLate: null, corruptImports: [] },
  tokenLifetimeSeconds: 3600,
  registry: {
    sku: 'Premium',
    exportPolicy: 'enabled',
    publicNetworkAccess: 'Enabled',
    networkDefaultAction: 'Allow',
    networkRuleBypassOptions: 'AzureServices',
  },
  pipelines: { provisioningState: 'Succeeded', identity: 'given' },
  storage: { publicNetworkAccess: 'Enabled', defaultAction: 'Allow', bypass: 'AzureServices', ageDays: 0 },
};

type Pipelines = Pick<Bench, 'putPipeline' | 'identity'>;

function pipelinesOf(scene: Scene): Pipelines {
  const idOf = (side: Side, access: Access): string => scene.clouds[side].pipelines[access];
  const read = (side: Side, access: Access): Promise<PipelineBody> =>
    askArm(scene, side, 'GET', idOf(side, access)) as Promise<PipelineBody>;
  return {
    putPipeline: async (side, { options, trigger }, access = 'managedIdentity') => {
      const { identity, properties } = await read(side, access);
      await askArm(scene, side, 'PUT', idOf(side, access), {
        identity: { type: identity.type },
        properties: {
          ...properties,
          ...(options === undefined ? {} : { options }),
          ...(trigger === undefined ? {} : { trigger: { sourceTrigger: { status: trigger } } }),
        },
      });
    },
    identity: async (side, access) => (await read(side, access)).identity.principalId,
  };
}

const MONTH = 30 * 24 * 3600_000;

const IN_ORDER: Readonly<Record<Side, PipelineChanges>> = {
  source: { options: ['OverwriteBlobs'] },
  target: { options: ['OverwriteTags'], trigger: 'Disabled' },
};

type Roles = Readonly<Record<Side, readonly RoleAssignment[]>>;

async function resetSide(scene: Scene, { putPipeline }: Pipelines, roles: Roles, side: Side): Promise<void> {
  const { sandbox } = scene;
  await sandbox.clearFaults(side);
  await sandbox.settings(side, HEALTHY);
  await sandbox.setRoles(side, roles[side]);
  const sas = await sandbox.containerSas(side, { permissions: 'racwdl', expiresOn: new Date(Date.now() + MONTH) });
  await sandbox.setSecret(side, 'transfersas', { value: sas });
  for (const access of ACCESSES) await putPipeline(side, IN_ORDER[side], access);
}

async function emptyContainer(scene: Scene, containers: Containers, side: Side): Promise<void> {
  await containers.restore(side);
  for (const name of await scene.blobs(side)) await containers.client(side).deleteBlob(name);
}

async function unlock({ sandbox, clouds }: Scene): Promise<void> {
  await sandbox.lock('source', 'team/app', 'v1', { readEnabled: true, quarantineState: 'Passed' });
  await sandbox.lock('target', 'team/app', 'v1', { writeEnabled: true }).catch(() => undefined);
  const client = await connectRegistry(clouds.target);
  await client.deleteTag('team/app', 'v1').catch(() => undefined);
  client.close();
}

/** Opens two valid clouds with one image to transfer. */
export async function openBench(): Promise<Bench> {
  const scene = await openScene();
  const { sandbox, clouds } = scene;
  const containers = openContainers(scene);
  const [artifact = ''] = await scene.push('source', 'team/app', { v1: await smallImage('diagnosed') });
  const roles = { source: await sandbox.roles('source'), target: await sandbox.roles('target') };
  const pipelines = pipelinesOf(scene);
  return {
    ...scene,
    ...pipelines,
    containers,
    artifact,
    pushOther: async () => {
      await scene.push('target', 'team/app', { v1: await smallImage('another') });
    },
    withoutRoles: async (side, taken) => {
      await sandbox.setRoles(
        side,
        roles[side].filter((role) => !taken(role)),
      );
    },
    inputs: (access = 'managedIdentity') => ({
      ...sideInputs('source', clouds, 'oidc', access),
      ...sideInputs('target', clouds, 'oidc', access),
    }),
    runs: async () => {
      const executed = await Promise.all(SIDES.map((side) => sandbox.transfers(side)));
      return executed.flat().map(({ run }) => run);
    },
    reset: async () => {
      for (const side of SIDES) {
        await resetSide(scene, pipelines, roles, side);
        await emptyContainer(scene, containers, side);
      }
      await unlock(scene);
    },
  };
}

/** IDs of all errors and warnings of a step. */
export const idsIn = ({ log, summary }: StepResult): ReadonlySet<string> =>
  new Set([...`${log}${summary}`.matchAll(/ACRT\d{4}/g)].map(([id]) => id));
