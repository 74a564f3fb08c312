/** One transfer of the chaos: it meets a mix of faults, and is run again without them when it was red. */
import { aftermath, inject, prepareOrdeal, undergo, type Aftermath, type Ordeal } from '../../e2e/faults/ordeal.ts';
import { injectionOf, isSurvivable, mixOf, type Mix } from '../../e2e/faults/mix.ts';
import type { StepResult } from '../../e2e/runner.ts';
import { calm, shownIds, type Scene } from '../../e2e/scene.ts';

/** Nothing that was drawn takes as long; what does hangs. */
const HANGS_AFTER_SECONDS = 240;

/** What a run of the chaos came to. */
export interface ChaosRun {
  readonly mix: Mix;
  readonly green: boolean;
  /** Ids of failures that the first attempt has shown. */
  readonly ids: readonly string[];
  /** Artifacts that are not at the target in the end. */
  readonly lost: number;
  readonly doubled: number;
  /** Artifacts that the report calls good, although the target has something else. */
  readonly wrong: number;
  readonly falseGreen: boolean;
  /** Red, although every fault of the mix passes. */
  readonly falseRed: boolean;
  readonly hung: boolean;
  /** What was leaked; null: nothing. */
  readonly leak: string | null;
  /** Requests of both clouds, of the first attempt. */
  readonly requests: number;
  readonly log: string;
}

interface Attempt {
  readonly result: StepResult | null;
  readonly hung: boolean;
  readonly leak: string | null;
}

async function attempt(scene: Scene, ordeal: Ordeal, mix: Mix): Promise<Attempt> {
  const killed = AbortSignal.timeout(HANGS_AFTER_SECONDS * 1000);
  try {
    const result = await undergo(scene, ordeal, mix.inputs, { killed });
    return { result, hung: killed.aborted, leak: null };
  } catch (error) {
    return { result: null, hung: killed.aborted, leak: (error as Error).message };
  }
}

async function countRequests({ sandbox }: Scene): Promise<number> {
  const counts = await Promise.all([sandbox.requests('source'), sandbox.requests('target')]);
  return counts.flatMap((count) => Object.values(count)).reduce((sum, count) => sum + count, 0);
}

/** Blobs that were imported again, although the first attempt reported no problem. */
const doubledIn = (first: Aftermath, last: Aftermath, firstWasGood: boolean): number =>
  firstWasGood ? last.doubled.length : first.doubled.length;

const nothing: Aftermath = { missing: [], doubled: [], falselyGood: [] };

/** Runs the transfer of a seed. */
export async function runChaos(scene: Scene, seed: number): Promise<ChaosRun> {
  const mix = mixOf(seed);
  const ordeal = await prepareOrdeal(scene, `seed-${seed}`, mix.batches);
  for (const side of ['source', 'target'] as const) await scene.sandbox.resetRequests(side);
  await inject(scene, injectionOf(mix, ordeal));
  const first = await attempt(scene, ordeal, mix);
  const requests = await countRequests(scene);
  await calm(scene);
  const after = first.result === null ? nothing : await aftermath(scene, ordeal, first.result);
  const green = first.result?.exitCode === 0;
  const second = green ? first : await attempt(scene, ordeal, mix);
  const end = second.result === null ? after : await aftermath(scene, ordeal, second.result);
  return {
    mix,
    green,
    ids: first.result === null ? [] : shownIds(first.result),
    lost: end.missing.length,
    doubled: doubledIn(after, end, isSurvivable(mix)),
    wrong: after.falselyGood.length + end.falselyGood.length,
    falseGreen: green && after.missing.length > 0,
    falseRed: isSurvivable(mix) && !green,
    hung: first.hung || second.hung,
    leak: first.leak ?? second.leak,
    requests,
    log: first.result?.log ?? '',
  };
}

/** Requests of the same transfers without a fault, by number of batches. */
export async function undisturbed(scene: Scene, batches: number): Promise<number> {
  const ordeal = await prepareOrdeal(scene, `calm-${batches}`, batches);
  for (const side of ['source', 'target'] as const) await scene.sandbox.resetRequests(side);
  await undergo(scene, ordeal);
  return countRequests(scene);
}
