/** Errors of the setup action, for existing pipelines. */
import type { Side } from '../../sandbox/description.ts';
import type { HandoffScene } from '../handoff.fixture.ts';
import type { Inputs } from '../runner.ts';
import { smallImage } from '../scene.ts';
import { FAST, type ErrorCase } from './case.ts';

const STORAGE_REFUSED = 'Failed to access storage. Service request failed. Status: 403 (Forbidden)';

const setup = () => ({ action: 'setup' }) as const;

const signedIn = ({ clouds }: HandoffScene, side: Side): Inputs => {
  const { arm, tenantId, client } = clouds[side];
  return { cloud: arm, 'tenant-id': tenantId, 'client-id': client.clientId };
};

const rotation =
  (side: Side, access: 'managedIdentity' | 'sasToken') =>
  (scene: HandoffScene): Inputs => ({
    ...signedIn(scene, side),
    pipeline: scene.clouds[side].pipelines[access],
    state: 'rotate',
  });

/** An existing export pipeline with other options. */
const changed = (scene: HandoffScene, more: Inputs): Inputs => {
  const { pipelines, storage } = scene.clouds.source;
  return {
    ...signedIn(scene, 'source'),
    pipeline: pipelines.managedIdentity,
    container: storage.containerUri,
    options: 'OverwriteBlobs\nContinueOnErrors',
    ...more,
  };
};

/** Stores an expired SAS, so that setup creates a new one. */
async function endSas({ sandbox }: HandoffScene, side: Side): Promise<void> {
  const expiresOn = new Date(Date.now() - 60_000);
  const value = await sandbox.containerSas(side, { permissions: 'rl', expiresOn });
  await sandbox.setSecret(side, 'transfersas', { value, expires: expiresOn.toISOString() });
}

/** See {@link ErrorCase}. */
export const SETUP_CASES: readonly ErrorCase[] = [
  {
    name: 'a user-assigned identity that does not exist',
    ids: ['ACRT3044'],
    inputs: (scene) => {
      const { resourceId } = scene.clouds.source.managedIdentity;
      return changed(scene, { identity: resourceId.replace(/[^/]+$/, 'missing') });
    },
    options: setup,
  },
  {
    name: 'a pipeline that does not reach its container in time',
    ids: ['ACRT3045'],
    arrange: async (scene) => {
      await scene.push('source', 'errors/base', { v1: await smallImage('errors base') });
      await scene.sandbox.settings('source', { runs: { failAtOnce: STORAGE_REFUSED } });
    },
    inputs: (scene) => changed(scene, { 'timeout-minutes': '1' }),
    options: () => ({ ...setup(), env: FAST }),
  },
  {
    name: 'an account that gives no key to sign a SAS with',
    ids: ['ACRT3046'],
    arrange: async (scene) => {
      await endSas(scene, 'source');
      await scene.sandbox.settings('source', { storage: { delegation: 'refused' } });
    },
    inputs: rotation('source', 'sasToken'),
    options: setup,
  },
  {
    name: 'a vault that stores no secret for this workflow',
    ids: ['ACRT3048'],
    arrange: (scene) => endSas(scene, 'target'),
    inputs: rotation('target', 'sasToken'),
    options: setup,
  },
  {
    name: 'a pipeline without a SAS to rotate',
    ids: ['ACRT3049'],
    inputs: rotation('source', 'managedIdentity'),
    options: setup,
  },
];
