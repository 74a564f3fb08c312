/** Issue 20, D10: an empty optional input means its default. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actionDefinition } from '../../scripts/action-definition.ts';
import type { Inputs } from './runner.ts';
import { openScene, shownIds, smallImage, type Scene } from './scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
});

afterAll(async () => {
  await scene.close();
});

/** All optional inputs that a step doesn't set, with the value of an empty expression. */
const emptyInputs = (folder: string, given: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(actionDefinition(folder).inputs)
      .filter(([name, { required }]) => required !== true && !(name in given))
      .map(([name]) => [name, ' ']),
  );

describe('D10: a step whose optional inputs are all empty', () => {
  it('transfers with the defaults', async () => {
    const lines = await scene.push('source', 'team/empty', { v1: await smallImage('empty') });
    const given = { ...scene.both, artifacts: lines.join('\n') };
    const result = await scene.step({ ...emptyInputs('', given), ...given });
    expect(shownIds(result)).toEqual([]);
    expect(result.outputs).toMatchObject({ status: 'succeeded', transferred: '1' });
  });

  it('sets up with the defaults', async () => {
    const { arm, tenantId, client, pipelines, storage } = scene.clouds.source;
    const given = {
      pipeline: pipelines.managedIdentity,
      container: storage.containerUri,
      cloud: arm,
      'tenant-id': tenantId,
      'client-id': client.clientId,
      'dry-run': 'true',
    };
    const result = await scene.step({ ...emptyInputs('setup', given), ...given }, { action: 'setup' });
    expect(shownIds(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
  });
});
