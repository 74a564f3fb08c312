/** Handoffs of blobs between the two containers of a scene. */
import { expect } from '@jest/globals';
import type { Side } from '../sandbox/description.ts';
import type { FaultRule } from '../sandbox/fault-rule.ts';
import { CATEGORY, md5Of, openContainers, type Containers } from './containers.ts';
import { sideInputs, type Inputs } from './runner.ts';
import { calm, openScene, type Scene } from './scene.ts';

/** A scene whose containers blobs are handed off between. */
export interface HandoffScene extends Scene {
  readonly containers: Containers;
  /** Inputs for blobs by name, by the SAS of each container. */
  readonly bySas: (names: readonly string[], more?: Inputs) => Inputs;
  /** The same, signed in on both sides. */
  readonly byRole: (names: readonly string[], more?: Inputs) => Inputs;
  readonly addFault: (side: Side, rule: Omit<FaultRule, 'service'>) => Promise<void>;
  /** Expects a blob at the target with its bytes, MD5, type and metadata. */
  readonly expectArrived: (name: string, bytes: Buffer) => Promise<void>;
  /** Back to two clouds in which nothing goes wrong, and counts requests from here. */
  readonly calm: () => Promise<void>;
}

/** Starts a sandbox for handoffs. */
export async function openHandoffScene(): Promise<HandoffScene> {
  const scene = await openScene();
  const containers = openContainers(scene);
  const { source, target } = scene.clouds;
  const blobs = (names: readonly string[]): Inputs => ({ mode: 'handoff', blobs: JSON.stringify(names) });
  return {
    ...scene,
    containers,
    bySas: (names, more = {}) => ({
      ...blobs(names),
      'source-container': source.storage.containerUri,
      'target-container': target.storage.containerUri,
      'source-sas': source.storage.containerSas,
      'target-sas': target.storage.containerSas,
      ...more,
    }),
    byRole: (names, more = {}) => ({
      ...blobs(names),
      ...sideInputs('source', scene.clouds),
      ...sideInputs('target', scene.clouds),
      ...more,
    }),
    addFault: (side, rule) => scene.sandbox.addFault(side, { service: 'storage', ...rule }),
    expectArrived: async (name, bytes) => {
      const blob = await containers.get('target', name);
      expect(blob?.bytes.equals(bytes)).toBe(true);
      const { contentMD5, contentType, metadata } = blob?.properties ?? {};
      expect(Buffer.from(contentMD5 ?? []).toString('base64')).toBe(md5Of(bytes));
      expect({ contentType, metadata }).toEqual({ contentType: 'application/x-tar', metadata: CATEGORY });
    },
    calm: async () => {
      await calm(scene);
      for (const side of ['source', 'target'] as const) await scene.sandbox.resetRequests(side);
    },
  };
}
