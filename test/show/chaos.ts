/** Random mixes of faults against `full`: what is lost, doubled, wrong, falsely green, hung or leaked. */
import { mixText } from '../e2e/faults/mix.ts';
import { FAULT_KINDS } from '../e2e/faults/kinds.ts';
import { runChaos, undisturbed, type ChaosRun } from './chaos/run.ts';
import { judgeChaosRun } from './claims.ts';
import { isLoaded, underLoad } from './load.ts';
import { numberOption } from './options.ts';
import { sideBySide } from './side-by-side.ts';

/** Runs of the whole show. Under load, each takes twice as long. */
const RUNS = { calm: 500, loaded: 200 } as const;

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
  console.log(`  again: npm run chaos -- --seed ${mix.seed}${isLoaded() ? ' --load' : ''}`);
}

/** How often each kind was met, and how it went. */
const kindsIn = (runs: readonly ChaosRun[]): readonly object[] =>
  FAULT_KINDS.map(({ name, outcome }) => {
    const met = runs.filter(({ mix }) => mix.kinds.some((kind) => kind.name === name));
    return { name, outcome, met: met.length, good: met.filter(isGood).length };
  });

/**
 * `npm run show -- chaos [--runs N] [--seed N] [--load]`
 *
 * `lost`, `doubled` and `wrong` count artifacts and blobs, the others runs. `falseRed`: red, although every fault of the mix passes.
 * `seed` is that of the first run; each further run has the next one.
 */
export const showChaos = () => underLoad(chaos);

async function chaos() {
  const load = isLoaded();
  const [runs, seed] = [numberOption('runs', load ? RUNS.loaded : RUNS.calm), numberOption('seed', 1)];
  const calm = await sideBySide([1, 2, 3], undisturbed);
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  const results = await sideBySide(seeds, async (scene, one) => {
    const run = await runChaos(scene, one);
    tell(run);
    return run;
  });
  const ratios = results.map(({ requests, mix }) => requests / (calm[mix.batches - 1] ?? Number.NaN));
  return { seed, load, ...figuresOf(results, ratios), kinds: kindsIn(results) };
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
