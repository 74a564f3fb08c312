/** Two clouds without pipelines, and the steps that set them up. */
import type { Inventory, Side } from '../../sandbox/description.ts';
import type { SettingsPatch } from '../../sandbox/settings.ts';
import { sideInputs, type Inputs, type StepOptions, type StepResult } from '../runner.ts';
import { openScene, smallImage, type Scene } from '../scene.ts';

/** How a pipeline reaches its container, and who it is. */
export interface Combination {
  readonly access: 'ManagedIdentity' | 'SasToken';
  readonly identity: 'system' | 'user';
  /** What decides who reads secrets. */
  readonly vault: 'rbac' | 'policies';
}

/** Every storage access mode with every kind of identity; vaults of both kinds where there is a secret. */
export const COMBINATIONS: readonly Combination[] = [
  { access: 'ManagedIdentity', identity: 'system', vault: 'rbac' },
  { access: 'ManagedIdentity', identity: 'user', vault: 'rbac' },
  { access: 'SasToken', identity: 'system', vault: 'rbac' },
  { access: 'SasToken', identity: 'user', vault: 'rbac' },
  { access: 'SasToken', identity: 'system', vault: 'policies' },
  { access: 'SasToken', identity: 'user', vault: 'policies' },
];

/** In a few words. */
export const titleOf = ({ access, identity, vault }: Combination): string =>
  `${access}, ${identity}-assigned${access === 'SasToken' ? `, vault by ${vault}` : ''}`;

const SIDES: readonly Side[] = ['source', 'target'];

/** What a change of an output is. */
export interface ToldChange {
  readonly subject: string;
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly done: boolean;
}

/** The changes that a step tells of in its outputs. */
export const changesOf = ({ outputs }: StepResult): readonly ToldChange[] =>
  JSON.parse(outputs['changes'] ?? '[]') as readonly ToldChange[];

/** Two clouds that are to be set up. */
export interface Ground {
  readonly scene: Scene;
  /** The inputs of a setup step of one side. */
  readonly inputs: (side: Side, combination?: Combination, more?: Inputs) => Inputs;
  /** Runs the built setup action. */
  readonly setup: (inputs: Inputs, options?: Pick<StepOptions, 'onLine'>) => Promise<StepResult>;
  /** Sets up both sides at once. */
  readonly both: (combination: Combination) => Promise<readonly StepResult[]>;
  /** Transfers one new artifact with what has been set up. */
  readonly transfer: () => Promise<StepResult>;
  /** What there is on both sides, but for what a transfer leaves. */
  readonly inventories: () => Promise<readonly Inventory[]>;
  readonly close: () => Promise<void>;
}

/** The simplest combination. */
export const PLAIN: Combination = { access: 'ManagedIdentity', identity: 'system', vault: 'rbac' };

/** The simplest one with a secret. */
export const BY_SAS: Combination = { access: 'SasToken', identity: 'system', vault: 'rbac' };

const NAME = 'nightly';

/** Opens two clouds with nothing in them that a transfer needs but registry, account and vault. */
export async function openGround(settings: SettingsPatch = {}): Promise<Ground> {
  const scene = await openScene(settings, true);
  const { clouds, sandbox } = scene;
  let artifacts = 0;
  // Something to try an export with.
  await scene.push('source', 'team/base', { v1: await smallImage('base') });
  const kindOf = (side: Side): string => (side === 'source' ? 'export' : 'import');
  const pipelineOf = (side: Side): string => `${clouds[side].registry.id}/${kindOf(side)}Pipelines/${NAME}`;

  const inputs: Ground['inputs'] = (side, combination = PLAIN, more = {}) => {
    const { arm, tenantId, client, storage, managedIdentity, vault } = clouds[side];
    const bySas = combination.access === 'SasToken';
    return {
      pipeline: pipelineOf(side),
      cloud: arm,
      'tenant-id': tenantId,
      'client-id': client.clientId,
      ...(more['state'] === undefined && {
        container: storage.containerUri,
        'storage-access-mode': combination.access,
        identity: combination.identity === 'user' ? managedIdentity.resourceId : 'system',
        options: side === 'source' ? 'OverwriteBlobs' : 'OverwriteTags',
        ...(bySas && { 'secret-uri': `${vault}/secrets/nightly-sas` }),
      }),
      ...more,
    };
  };
  const setup: Ground['setup'] = (given, options = {}) => scene.step(given, { ...options, action: 'setup' });
  return {
    scene,
    inputs,
    setup,
    both: async (combination) => {
      for (const side of SIDES) await sandbox.settings(side, { vault: { authorization: combination.vault } });
      return Promise.all(SIDES.map((side) => setup(inputs(side, combination))));
    },
    transfer: async () => {
      artifacts += 1;
      const lines = await scene.push('source', 'team/app', { [`v${artifacts}`]: await smallImage(`app ${artifacts}`) });
      const sides = SIDES.map((side) => ({
        ...sideInputs(side, clouds),
        [`${kindOf(side)}-pipeline`]: pipelineOf(side),
      }));
      return scene.step({ mode: 'full', artifacts: lines.join('\n'), ...sides[0], ...sides[1] });
    },
    inventories: () => Promise.all(SIDES.map((side) => sandbox.inventory(side))),
    close: scene.close,
  };
}
