/** `npm run chaos -- --seed N`: replays one mix of faults against `full`, with the whole log of the step. */
import { mixOf, mixText } from '../e2e/faults/mix.ts';
import { withoutMasks } from '../e2e/leaks.ts';
import { openScene } from '../e2e/scene.ts';
import { runChaos } from './chaos/run.ts';
import { numberOption } from './options.ts';

const seed = numberOption('seed', 1);
console.log(`seed ${seed}: ${mixText(mixOf(seed))}\n`);
const scene = await openScene();
try {
  const { log, mix, ...run } = await runChaos(scene, seed);
  console.log(withoutMasks(log).replace(/\n{2,}/g, '\n'));
  console.log(JSON.stringify({ seed: mix.seed, ...run }));
} finally {
  await scene.close();
}
