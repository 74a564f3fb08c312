/** Random mixes of faults against `full`: what is lost, doubled, wrong, falsely green, hung or leaked. */
import { mixText } from '../e2e/faults/mix.ts';
import { FAULT_KINDS } from '../e2e/faults/kinds.ts';
import { withoutMasks } from '../e2e/leaks.ts';
import { runChaos, undisturbed, type ChaosRun } from './chaos/run.ts';
import { judgeChaosRun, MAX_REQUEST_RATIO } from './claims.ts';
import { hasLoad, loadOption, underLoad } from './load.ts';
import { numberOption } from './options.ts';
import type { SettingsPatch } from '../sandbox/settings.ts';
import { sideBySide } from './side-by-side.ts';

const RUNS = 500;
const RUNS_UNDER_LOAD = 200;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const count = (runs: readonly ChaosRun[], of: (run: ChaosRun) => number | boolean): number =>
  runs.reduce((sum, run) => sum + Number(of(run)), 0);

const isGood = (run: ChaosRun): boolean => judgeChaosRun(run).length === 0;

function tell(run: ChaosRun): void {
  const { mix, green, ids, leak } = run;
  const came = green ? 'green' : `red (${[...new Set(ids)].join(', ')})`;
  console.log(
    `${isGood(run) ? '✓' : '✗'} seed ${mix.seed}: ${came} · ${mixText(mix)}${leak === null ? '' : ` · ${leak}`}`,
  );
  console.log(`  replay: npm run chaos -- --seed ${mix.seed}${loadOption()}`);
}

/** Prints everything that is known of a run whose promises don't hold, or that sent too many requests. */
function tellMore(run: ChaosRun, ratio: number): void {
  if (isGood(run) && ratio <= MAX_REQUEST_RATIO) return;
  const { log, mix, ...facts } = run;
  console.log(JSON.stringify({ seed: mix.seed, ratio, ...facts }));
  console.log(withoutMasks(log).replace(/\n{2,}/g, '\n'));
}

/** How often each kind was met, and how it went. */
const kindsIn = (runs: readonly ChaosRun[]): readonly object[] =>
  FAULT_KINDS.map(({ name, outcome }) => {
    const met = runs.filter(({ mix }) => mix.kinds.some((kind) => kind.name === name));
    return { name, outcome, met: met.length, good: met.filter(isGood).length };
  });

/**
 * The source trigger of the import pipeline. By default, it looks at the container after 900 s. A show that takes longer would count its
 * imports as imports of the action.
 */
const NO_TRIGGER: SettingsPatch = { sourceTriggerSeconds: 24 * 3600 };

/**
 * `npm run show -- chaos [--runs N] [--seed N] [--load]`
 *
 * `lost`, `doubled` and `wrong` count artifacts and blobs, the others runs. `falseRed`: red, although every fault of the mix passes.
 * `seed` is that of the first run; each further run has the next one.
 */
export async function showChaos() {
  const [runs, seed] = [numberOption('runs', hasLoad() ? RUNS_UNDER_LOAD : RUNS), numberOption('seed', 1)];
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const { results, ratios } = await underLoad(async () => {
    const calm = await sideBySide([1, 2, 3], undisturbed);
    const ratioOf = ({ requests, mix }: ChaosRun): number => requests / (calm[mix.batches - 1] ?? Number.NaN);
    const finished = await sideBySide(
      seeds,
      async (scene, one) => {
        const run = await runChaos(scene, one);
        tell(run);
        tellMore(run, ratioOf(run));
        return run;
      },
      NO_TRIGGER,
    );
    return { results: finished, ratios: finished.map(ratioOf) };
  });
  return { seed, load: hasLoad(), ...figuresOf(results, ratios), kinds: kindsIn(results) };
}

/** What the last line says. */
export function figuresOf(results: readonly ChaosRun[], ratios: readonly number[]) {
  return {
    runs: results.length,
    faultKinds: FAULT_KINDS.length,
    green: count(results, ({ green }) => green),
    lost: count(results, ({ lost }) => lost),
    doubled: count(results, ({ doubled }) => doubled),
    wrong: count(results, ({ wrong }) => wrong),
    falseGreen: count(results, ({ falseGreen }) => falseGreen),
    falseRed: count(results, ({ falseRed }) => falseRed),
    hung: count(results, ({ hung }) => hung),
    leaks: count(results, ({ leak }) => leak !== null),
    requestRatioMedian: Number(median(ratios).toFixed(2)),
    requestRatioMost: Number(Math.max(...ratios).toFixed(2)),
  };
}

/** Figures of the show. */
export type ChaosFigures = Awaited<ReturnType<typeof showChaos>>;
