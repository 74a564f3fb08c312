import * as tls from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { connectRegistry } from '../../../src/azure/registry/client.ts';
import type { Clock } from '../../../src/transfer/ports/clock.ts';
import type { Registry } from '../../../src/transfer/ports/registry.ts';
import { image, multiArchImage, signature } from '../content/index.ts';
import type { Artifact } from '../content/index.ts';
import type { FaultRule } from '../fault-rule.ts';
import { startRegistryCloud } from './cloud.fixture.ts';
import type { RegistryCloud } from './cloud.fixture.ts';

/** The media type of OCI images. */
export const IMAGE_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** Manifests, and tags, of `long/app`: more than two pages. */
export const MANY = 2300;

/** More repositories than one page holds, each with one manifest and the tag `v1`. */
export const REPOSITORIES = Array.from({ length: 1050 }, (_, number) => `many/app${String(number).padStart(4, '0')}`);

/** A clock that only sleeping moves, at once; it can be set forward. */
export interface TestClock extends Clock {
  /** Seconds, in order. */
  readonly slept: number[];
  readonly forward: (seconds: number) => void;
}

/** Starts at the time of this machine. */
export function testClock(): TestClock {
  const slept: number[] = [];
  let now = Date.now();
  const forward = (seconds: number): void => {
    now += seconds * 1000;
  };
  return {
    slept,
    forward,
    now: () => now,
    sleep: (seconds) => {
      slept.push(seconds);
      forward(seconds);
      return Promise.resolve();
    },
  };
}

/** A registry with content, and clients of it as the action has them. */
export interface AdapterScene {
  readonly cloud: RegistryCloud;
  /** `team/multi:latest`. */
  readonly index: Artifact;
  /** A signature of it, without a tag. */
  readonly signed: Artifact;
  /** A client that has not signed in yet. */
  readonly connect: (clock?: Clock) => Registry;
  /** Requests that the registry saw while something was done. */
  readonly requestsOf: (work: () => Promise<unknown>) => Promise<number>;
  readonly disturb: (path: string, fault: FaultRule['fault'], times?: number) => void;
  /** Undoes what a test has changed: roles, faults, the kind of roles that count. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
}

const documentOf = (seed: string): object => ({
  schemaVersion: 2,
  mediaType: IMAGE_TYPE,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'c'.repeat(64)}`, size: 3 },
  layers: [],
  annotations: { seed },
});

async function fill({ pusher, registry }: RegistryCloud): Promise<Pick<AdapterScene, 'index' | 'signed'>> {
  const index = await multiArchImage({ seed: 'adapter', layerBytes: [3000, 200] });
  const signed = signature(index, 'team/multi');
  await pusher.push('team/multi', index, 'latest');
  await pusher.push('team/multi', signed);
  await pusher.push('docker', await image({ seed: 'docker', format: 'docker' }), 'v1');
  registry.putManifests([
    ...REPOSITORIES.map((repository) => ({ repository, mediaType: IMAGE_TYPE, content: documentOf('one'), tag: 'v1' })),
    ...Array.from({ length: MANY }, (_, number) => ({
      repository: 'long/app',
      mediaType: IMAGE_TYPE,
      content: documentOf(String(number)),
      tag: `v${String(number).padStart(5, '0')}`,
    })),
  ]);
  return { index, signed };
}

const credentialOf = ({ entra, signIn }: RegistryCloud): TokenCredential => ({
  getToken: async (scope) => ({
    token: await entra.mintFor(signIn.client.objectId, String(scope).replace('/.default', '')),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
});

/** Starts a registry whose certificate this process trusts until the scene is closed. */
export async function openAdapterScene(): Promise<AdapterScene> {
  const savedCertificates = tls.getCACertificates('default');
  const cloud = await startRegistryCloud();
  tls.setDefaultCACertificates([...savedCertificates, cloud.ca]);
  const { faults } = cloud.state;
  return {
    cloud,
    ...(await fill(cloud)),
    connect: (clock = testClock()) =>
      connectRegistry(
        cloud.signIn.registry.loginServer,
        {
          credential: credentialOf(cloud),
          audiences: ['https://management.azure.com'],
          mask: () => undefined,
          onAudience: () => undefined,
        },
        clock,
      ),
    requestsOf: async (work) => {
      faults.resetCounts();
      await work();
      return faults.counts().registry;
    },
    disturb: (path, fault, times = 1) => {
      faults.add({ service: 'registry', path, times, fault });
    },
    reset: () => {
      cloud.setRoles('AcrPull');
      faults.clear();
      cloud.state.patch({ registry: { roleAssignmentMode: 'LegacyRegistryPermissions' } });
    },
    close: async () => {
      tls.setDefaultCACertificates(savedCertificates);
      await cloud.close();
    },
  };
}
