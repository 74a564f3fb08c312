/** Runners that are lost, or told to end, at random moments; and the next attempt. */
import { setTimeout as after } from 'node:timers/promises';
import { aftermath, prepareOrdeal, undergo } from '../e2e/faults/ordeal.ts';
import type { Scene } from '../e2e/scene.ts';
import { randomNumbers } from '../sandbox/random.ts';
import { isLoaded, underLoad } from './load.ts';
import { numberOption } from './options.ts';
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
  /** From the signal to the end of the process, where the step was told to end. */
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

async function show(scene: Scene, { index, share, by }: Moment, length: number): Promise<Shown> {
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
  console.log(`${complete && doubled.length === 0 ? '✓' : '✗'} ${by} at ${Math.round(share * 100)} %${told}`);
  return { complete, doubled: doubled.length, seconds };
}

/** `npm run show -- kill [--moments N] [--seed N] [--only INDEX] [--load]`: `--only` replays one moment. */
export const showKill = () => underLoad(killAtMoments);

async function killAtMoments() {
  const seed = numberOption('seed', 1);
  const killed = numberOption('moments', KILLED);
  const only = numberOption('only', 0);
  const moments = momentsOf(killed, CANCELLED, seed).filter(({ index }) => only === 0 || index === only - 1);
  const lengths = new Map<Scene, number>();
  const shown = await sideBySide(
    moments,
    async (scene, moment) => {
      const length = lengths.get(scene) ?? (await lengthOf(scene));
      lengths.set(scene, length);
      const shown = await show(scene, moment, length);
      const options = `--moments ${killed} --seed ${seed} --only ${moment.index + 1}${isLoaded() ? ' --load' : ''}`;
      console.log(`  again: npm run show -- kill ${options}`);
      return shown;
    },
    { runs: { seconds: [1], retryAfterSeconds: 1 } },
  );
  const seconds = shown.flatMap((one) => (one.seconds === null ? [] : [one.seconds]));
  return {
    seed,
    load: isLoaded(),
    moments: shown.length,
    complete: shown.filter(({ complete }) => complete).length,
    doubled: shown.reduce((sum, one) => sum + one.doubled, 0),
    cancelled: seconds.length,
    slowestSeconds: seconds.length === 0 ? null : Number(Math.max(...seconds).toFixed(1)),
  };
}

/** Figures of the show. */
export type KillFigures = Awaited<ReturnType<typeof showKill>>;
