/** Runners that are lost, or told to end, at random moments; and the next attempt. */
import { setTimeout as after } from 'node:timers/promises';
import { aftermath, prepareOrdeal, undergo } from '../e2e/faults/ordeal.ts';
import { withoutMasks } from '../e2e/leaks.ts';
import type { StepResult } from '../e2e/runner.ts';
import type { Scene } from '../e2e/scene.ts';
import { randomNumbers } from '../sandbox/random.ts';
import { hasLoad, loadOption, underLoad } from './load.ts';
import { numberOption, optionalNumber } from './options.ts';
import { sideBySide } from './side-by-side.ts';

const KILLED = 100;
const CANCELLED = 20;
const BATCHES = 3;

interface Moment {
  readonly index: number;
  /** Share of an undisturbed transfer, from 0 to 1. */
  readonly share: number;
  /** SIGKILL: the runner is lost; else it tells the step to end. */
  readonly by: 'SIGKILL' | 'SIGINT' | 'SIGTERM';
}

interface Shown {
  readonly complete: boolean;
  readonly doubled: number;
  /** Seconds from the signal to the end of the process, for steps that got a signal. */
  readonly seconds: number | null;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function momentsOf(killed: number, cancelled: number, seed: number): readonly Moment[] {
  const draw = randomNumbers(seed);
  return Array.from({ length: killed + cancelled }, (_, index) => ({
    index,
    share: draw(),
    by: index < killed ? 'SIGKILL' : (SIGNALS[index % SIGNALS.length] ?? 'SIGINT'),
  }));
}

async function lengthOf(scene: Scene): Promise<number> {
  const ordeal = await prepareOrdeal(scene, 'length', BATCHES);
  const since = performance.now();
  await undergo(scene, ordeal);
  return performance.now() - since;
}

/** Prints one moment and how to replay it; if a promise doesn't hold, also the logs of both attempts. */
function print(isGood: boolean, moment: string, replay: string, attempts: readonly StepResult[]): void {
  console.log(`${isGood ? '✓' : '✗'} ${moment}`);
  console.log(`  replay: ${replay}`);
  if (isGood) return;
  for (const { log } of attempts) console.log(withoutMasks(log).replace(/\n{2,}/g, '\n'));
}

async function show(scene: Scene, seed: number, { index, share, by }: Moment, length: number): Promise<Shown> {
  const ordeal = await prepareOrdeal(scene, `moment-${index}`, BATCHES);
  const end = new AbortController();
  let endedAt = 0;
  const first = undergo(
    scene,
    ordeal,
    {},
    by === 'SIGKILL' ? { killed: end.signal } : { cancelled: { by, at: end.signal } },
  );
  await after(share * length);
  endedAt = performance.now();
  end.abort();
  const lost = await first;
  const seconds = by === 'SIGKILL' || lost.exitCode === 0 ? null : (performance.now() - endedAt) / 1000;
  const result = await undergo(scene, ordeal);
  const { missing, doubled, falselyGood } = await aftermath(scene, ordeal, result);
  const complete = result.exitCode === 0 && missing.length === 0 && falselyGood.length === 0;
  const told = seconds === null ? '' : `, ended in ${seconds.toFixed(1)} s`;
  const moment = `moment ${index}: ${by} at ${Math.round(share * 100)} %, after ${Math.round(share * length)} ms${told}`;
  const replay = `npm run show -- kill --seed ${seed} --only ${index}${loadOption()}`;
  print(complete && doubled.length === 0, moment, replay, [lost, result]);
  return { complete, doubled: doubled.length, seconds };
}

/** Shows each moment on a sandbox whose undisturbed transfer was measured before. */
function showMoments(moments: readonly Moment[], seed: number): Promise<readonly Shown[]> {
  const lengths = new Map<Scene, number>();
  return sideBySide(
    moments,
    async (scene, moment) => {
      const length = lengths.get(scene) ?? (await lengthOf(scene));
      lengths.set(scene, length);
      return show(scene, seed, moment, length);
    },
    { runs: { seconds: [1], retryAfterSeconds: 1 } },
  );
}

/**
 * `npm run show -- kill [--moments N] [--seed N] [--only INDEX] [--load]`
 *
 * `--only` shows one moment of those that the seed gives.
 */
export async function showKill() {
  const seed = numberOption('seed', 1);
  const all = momentsOf(numberOption('moments', KILLED), CANCELLED, seed);
  const only = optionalNumber('only');
  const moments = only === null ? all : all.filter(({ index }) => index === only);
  const shown = await underLoad(() => showMoments(moments, seed));
  const seconds = shown.flatMap((one) => (one.seconds === null ? [] : [one.seconds]));
  return {
    seed,
    load: hasLoad(),
    moments: shown.length,
    complete: shown.filter(({ complete }) => complete).length,
    doubled: shown.reduce((sum, one) => sum + one.doubled, 0),
    /** Steps that got a signal before they ended; null if the moments contain none. */
    cancelled: moments.some(({ by }) => by !== 'SIGKILL') ? seconds.length : null,
    slowestSeconds: seconds.length === 0 ? null : Number(Math.max(...seconds).toFixed(1)),
  };
}

/** Figures of the show. */
export type KillFigures = Awaited<ReturnType<typeof showKill>>;
