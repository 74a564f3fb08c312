/** `npm run chaos -- --seed N [--load]`: replays one mix of faults against `full`, with the whole log of the step. */
import { mixOf, mixText } from '../e2e/faults/mix.ts';
import { withoutMasks } from '../e2e/leaks.ts';
import { openScene } from '../e2e/scene.ts';
import { verdictOf } from '../verdict.ts';
import { runChaos } from './chaos/run.ts';
import { judgeChaosRun } from './claims.ts';
import { underLoad } from './load.ts';
import { numberOption } from './options.ts';

const seed = numberOption('seed', 1);
console.log(`seed ${seed}: ${mixText(mixOf(seed))}\n`);
const scene = await openScene();
try {
  const result = await underLoad(() => runChaos(scene, seed));
  const { log, mix, ...run } = result;
  const failures = judgeChaosRun(result);
  console.log(withoutMasks(log).replace(/\n{2,}/g, '\n'));
  console.log(JSON.stringify({ seed: mix.seed, ...run, ...verdictOf(failures) }));
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await scene.close();
}
