/** A thousand batches through one process: does its memory stay flat, and is anything left open? */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScene, outcomesOf, smallImage, type Scene } from '../e2e/scene.ts';
import { numberOption } from './options.ts';

const BATCHES = 1000;
const REPOSITORY = 'soak/app';
const PUSHED_AT_A_TIME = 25;
const MEBIBYTE = 1024 * 1024;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function stock(scene: Scene, count: number): Promise<void> {
  for (let from = 0; from < count; from += PUSHED_AT_A_TIME) {
    const tags = Array.from({ length: Math.min(PUSHED_AT_A_TIME, count - from) }, (_, index) => `v${from + index}`);
    const images = await Promise.all(tags.map(async (tag) => [tag, await smallImage(tag)] as const));
    await scene.push('source', REPOSITORY, Object.fromEntries(images));
  }
}

/** Writes what still keeps the process alive when all has been said, before it is ended by the action. */
const probe = (path: string): string =>
  `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(path)},JSON.stringify(process.getActiveResourcesInfo())))`;

/**
 * `npm run show -- soak [--batches N]`: `growth` is the memory of the last quarter by that of the second (medians); `handles`
 * is what still held the process when it ended, without its own output.
 */
export async function showSoak() {
  const batches = numberOption('batches', BATCHES);
  const scene = await openScene();
  try {
    await stock(scene, batches);
    const path = join(scene.workspace, 'handles.json');
    const memory: number[] = [];
    const since = performance.now();
    const result = await scene.step(
      { ...scene.both, artifacts: `${REPOSITORY}:*`, 'max-artifacts-per-run': '1', 'max-parallel-runs': '20' },
      {
        env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(probe(path))}` },
        onMemory: ({ now }) => {
          memory.push(now);
        },
      },
    );
    const quarter = Math.floor(memory.length / 4);
    const [second, last] = [memory.slice(quarter, 2 * quarter), memory.slice(3 * quarter)].map(median);
    const handles = JSON.parse(readFileSync(path, 'utf8')) as readonly string[];
    const verified = Object.values(outcomesOf(result)).filter((outcome) => outcome === 'verified').length;
    return {
      batches,
      verified,
      seconds: Math.round((performance.now() - since) / 1000),
      peakRssMb: Math.round(result.peakRss / 1e6),
      secondQuarterMiB: Math.round((second ?? 0) / MEBIBYTE),
      lastQuarterMiB: Math.round((last ?? 0) / MEBIBYTE),
      growth: Number(((last ?? 0) / (second ?? 1)).toFixed(3)),
      handles: handles.filter((name) => !['PipeWrap', 'TTYWrap'].includes(name)),
    };
  } finally {
    await scene.close();
  }
}

/** Figures of the show. */
export type SoakFigures = Awaited<ReturnType<typeof showSoak>>;
