/** Ten thousand small blobs in one handoff: does all of it arrive, and is what a person sees still readable? */
import { handOffMany } from '../e2e/many.ts';
import { openScene } from '../e2e/scene.ts';
import { numberOption } from './options.ts';

const BLOBS = 10_000;

/** `npm run show -- many [--blobs N]`; sizes in MB (10⁶ bytes) and KB. */
export async function showMany() {
  const blobs = numberOption('blobs', BLOBS);
  const scene = await openScene();
  try {
    const since = performance.now();
    const { result, arrived } = await handOffMany(scene, blobs);
    const seconds = Math.round((performance.now() - since) / 1000);
    console.log(result.log.split('\n').slice(-20).join('\n'));
    return {
      blobs,
      arrived,
      status: result.outputs['status'] ?? '',
      seconds,
      peakRssMb: Math.round(result.peakRss / 1e6),
      summaryKb: Math.round(Buffer.byteLength(result.summary) / 1e3),
      logLines: result.log.split('\n').length,
    };
  } finally {
    await scene.close();
  }
}

/** Figures of the show. */
export type ManyFigures = Awaited<ReturnType<typeof showMany>>;
