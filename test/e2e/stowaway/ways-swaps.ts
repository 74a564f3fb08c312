/** Blobs that are replaced: before a transfer, between its steps, and during its run. */
import { setTimeout as after } from 'node:timers/promises';
import { blobName, runName } from '../../../src/transfer/model/artifact.ts';
import type { Side } from '../../sandbox/description.ts';
import type { StepResult } from '../runner.ts';
import { sbom } from '../../sandbox/content/index.ts';
import { forge, padded, putForged, type Packed } from './forge.ts';
import {
  both,
  genuinely,
  handOver,
  seenBlob,
  steps,
  strange,
  swap,
  whileHeld,
  type Prey,
  type SeenBlob,
} from './grounds.ts';
import type { Way } from './way.ts';

/** The name that the blob of the transfer will have. */
const expectedBlob = ({ transfer, repository, genuine }: Prey): string =>
  blobName(transfer, [{ reference: { kind: 'tag', repository, tag: 'v1' }, digest: genuine.manifest.digest }]);

const importRun = (prey: Prey): string =>
  runName('import', prey.grounds.clouds.target.pipelines.managedIdentity, expectedBlob(prey));

/** The second look at the import run is right before its start. */
const beforeRun = (prey: Prey) => ({
  service: 'arm' as const,
  method: 'GET',
  path: `/pipelineRuns/${importRun(prey)}`,
  skip: 1,
});

const startOfRun = (prey: Prey) => ({
  service: 'arm' as const,
  method: 'PUT',
  path: `/pipelineRuns/${importRun(prey)}`,
});

/** Replaces the blob when a request is held. */
const swapWhen =
  (
    rule: (prey: Prey) => Parameters<typeof whileHeld>[2],
    start: (prey: Prey) => Promise<StepResult>,
    side: Side = 'target',
    content: (prey: Prey) => readonly Packed[] = both,
  ) =>
  (prey: Prey): Promise<StepResult> =>
    whileHeld(
      prey.grounds,
      'target',
      rule(prey),
      () => start(prey),
      async () => {
        await swap(prey, side, await seenBlob(prey, side), content(prey));
      },
    );

/** Waits until the run has read its blob, or the step has ended. A run can take longer than the read. */
async function untilRead(prey: Prey, ended: AbortSignal): Promise<void> {
  const blob = expectedBlob(prey);
  while (!ended.aborted) {
    const runs = await prey.grounds.sandbox.transfers('target');
    if (runs.some((run) => run.blob === blob && run.outcome !== 'running')) return;
    await after(50);
  }
}

/** Replaces the blob right before the run reads it, and puts the genuine one back right after. */
async function swapAndRestore(prey: Prey): Promise<StepResult> {
  const { grounds } = prey;
  await grounds.sandbox.settings('target', { runs: { seconds: [6] } });
  const swapped = Promise.withResolvers<SeenBlob>();
  const ended = new AbortController();
  const step = whileHeld(
    grounds,
    'target',
    startOfRun(prey),
    () => steps(prey).full(),
    async () => {
      const genuine = await seenBlob(prey, 'target');
      await swap(prey, 'target', genuine, both(prey));
      swapped.resolve(genuine);
    },
  ).finally(() => {
    ended.abort();
  });
  const { name, bytes, md5 } = await swapped.promise;
  await untilRead(prey, ended.signal);
  await putForged(grounds.containers, 'target', name, bytes, md5);
  const result = await step;
  await grounds.sandbox.settings('target', { runs: { seconds: [0] } });
  return result;
}

/** Places a forged blob under the name that the transfer will use. The attacker has seen a genuine blob of an export. */
async function prePlace(prey: Prey): Promise<void> {
  const exported = await steps(prey).export();
  if (exported.exitCode !== 0) throw new Error(exported.log);
  const { name, bytes, md5 } = await seenBlob(prey, 'source');
  const forged = padded(await forge(both(prey)), bytes.length);
  await putForged(prey.grounds.containers, 'target', name, forged, md5);
}

/** Replaced before anything is imported. */
export const BEFORE_RUN: readonly Way[] = [
  {
    name: 'a foreign blob of the same size, with the MD5 property of the genuine one',
    ids: ['ACRT5002'],
    attempt: async (prey) => {
      await swap(prey, 'target', await handOver(prey), both(prey));
      return steps(prey).import();
    },
  },
  {
    name: 'the blob of another artifact under the name of this one',
    ids: ['ACRT5002'],
    attempt: async (prey) => {
      await swap(prey, 'target', await handOver(prey), [strange(prey)]);
      return steps(prey).import();
    },
  },
  {
    name: 'a forged blob that is there before the transfer (full)',
    ids: ['ACRT5009'],
    attempt: async (prey) => {
      await prePlace(prey);
      return steps(prey).full();
    },
  },
  {
    name: 'a forged blob that is there before the handoff',
    ids: ['ACRT5009'],
    attempt: async (prey) => {
      await prePlace(prey);
      return steps(prey).handoff();
    },
  },
  {
    name: 'a blob that is replaced between handoff and import (full)',
    ids: ['ACRT5021'],
    attempt: swapWhen(beforeRun, (prey) => steps(prey).full()),
  },
  {
    name: 'a blob that is replaced between check and import',
    ids: ['ACRT5021'],
    attempt: async (prey) => {
      await handOver(prey);
      return swapWhen(beforeRun, () => steps(prey).import())(prey);
    },
  },
  {
    name: 'a blob that is replaced between export and handoff (full)',
    ids: ['ACRT5003'],
    attempt: swapWhen(
      (prey) => ({ service: 'storage', method: 'HEAD', path: expectedBlob(prey), agent: '^acr-transfer' }),
      (prey) => steps(prey).full(),
      'source',
    ),
  },
  {
    name: 'a blob that appears under a name after the check found none (import by blob name)',
    ids: ['ACRT5021'],
    attempt: async (prey) => {
      const { grounds } = prey;
      const { name } = await handOver(prey);
      await grounds.containers.client('target').deleteBlob(name);
      return whileHeld(
        grounds,
        'target',
        { service: 'arm', method: 'GET', path: '/pipelineRuns/' },
        () => steps(prey).import({ blobs: name }),
        async () => {
          await grounds.containers.put('target', name, await forge(both(prey)));
        },
      );
    },
  },
];

/** Replaced when the run reads the blob. */
export const DURING_RUN: readonly Way[] = (
  [
    {
      name: 'a blob that is replaced while the run starts (full)',
      ids: ['ACRT5022', 'ACRT6007'],
      attempt: swapWhen(startOfRun, (prey) => steps(prey).full()),
    },
    {
      name: 'a blob that is replaced while the run starts (import)',
      ids: ['ACRT5022', 'ACRT6007'],
      attempt: async (prey) => {
        await handOver(prey);
        return swapWhen(startOfRun, () => steps(prey).import())(prey);
      },
    },
    {
      name: 'a blob that is replaced while the run starts, without a list',
      ids: ['ACRT5022'],
      attempt: async (prey) => {
        await prey.grounds.sandbox.settings('target', { runs: { importedArtifacts: 'absent' } });
        const result = await swapWhen(startOfRun, () => steps(prey).full())(prey);
        await prey.grounds.sandbox.settings('target', { runs: { importedArtifacts: 'references' } });
        return result;
      },
    },
    {
      name: 'a blob that is replaced while the run starts, so that the run fails after it has imported a part',
      ids: ['ACRT5022'],
      attempt: swapWhen(
        startOfRun,
        (prey) => steps(prey).full(),
        'target',
        (prey) => [strange(prey), { ...genuinely(prey), tag: 'broken', artifact: sbom(prey.foreign, 'broken') }],
      ),
    },
    {
      name: 'a blob that an earlier attempt imported while it was replaced, without verification (full)',
      ids: ['ACRT6007'],
      attempt: async (prey) => {
        const earlier = await swapWhen(startOfRun, () => steps(prey).full())(prey);
        if (earlier.exitCode === 0) return earlier;
        return steps(prey).full({ verify: 'false' });
      },
    },
    {
      name: 'a blob that is replaced during the run, and put back',
      ids: ['ACRT5022', 'ACRT6007'],
      attempt: swapAndRestore,
    },
  ] satisfies Way[]
).map((way) => ({ ...way, imports: 'during the run' }));
