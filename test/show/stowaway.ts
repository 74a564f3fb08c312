/** Who can write to the containers tries to bring something else into the registry; and transfers that are in order raise no alarm. */
import { registerHooks } from 'node:module';
import { groundsOf } from '../e2e/stowaway/grounds.ts';
import { alarmsOf, LEGITIMATE } from '../e2e/stowaway/legitimate.ts';
import { tryWay, type Attempted } from '../e2e/stowaway/try-way.ts';
import { WAYS } from '../e2e/stowaway/ways.ts';
import { sideBySide } from './side-by-side.ts';

/** GitHub's parser of workflows imports JSON without the attribute that Node requires. */
function allowJsonImports(): void {
  registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
  });
}

function log({ name, caught, imported, ids }: Attempted): void {
  const after = imported ? ', after it was imported' : '';
  console.log(`${caught ? '✓' : '✗'} ${name}: ${caught ? 'caught' : 'not caught'}${after} (${ids.join(', ')})`);
}

const importedIn = (attempted: readonly Attempted[], imports: Attempted['imports']): number =>
  attempted.filter((item) => item.imported && item.imports === imports).length;

async function tryAll(): Promise<readonly Attempted[]> {
  const attempted = await sideBySide(WAYS, async (scene, way) => {
    const result = await tryWay(groundsOf(scene), way, `w${WAYS.indexOf(way)}`);
    log(result);
    return result;
  });
  allowJsonImports();
  const { tryReplacedReport } = await import('./stowaway/replaced-report.ts');
  const report = await tryReplacedReport();
  log(report);
  return [...attempted, report];
}

async function countFalseAlarms(): Promise<number> {
  const alarms = await sideBySide(LEGITIMATE, async (scene, transfer) => {
    const found = alarmsOf(await transfer.run(groundsOf(scene), `l${LEGITIMATE.indexOf(transfer)}`));
    console.log(`${found.length === 0 ? '✓' : '✗'} ${transfer.name}${found.map((text) => `\n    ${text}`).join('')}`);
    return found.length;
  });
  return alarms.filter((count) => count > 0).length;
}

/**
 * `npm run show -- stowaway`
 *
 * `ways` were tried, `caught` of them failed the step with the right id, `green` succeeded. `importedBeforeCaught` counts the
 * ways in which the blob changes while the run reads it, `importedWithManifest` those in which the manifest, which isn't
 * signed, was changed with the blob: both show only in what the run has imported. Nothing else may be imported
 * (`importedOtherwise`). `falseAlarms` counts legitimate transfers that failed, or reported something extra.
 */
export async function showStowaway() {
  const attempted = await tryAll();
  const falseAlarms = await countFalseAlarms();
  return {
    ways: attempted.length,
    caught: attempted.filter(({ caught }) => caught).length,
    importedBeforeCaught: importedIn(attempted, 'during the run'),
    importedWithManifest: importedIn(attempted, 'with its manifest'),
    importedOtherwise: importedIn(attempted, null),
    green: attempted.filter(({ green }) => green).length,
    legitimate: LEGITIMATE.length,
    falseAlarms,
  };
}

/** Figures of the show. */
export type StowawayFigures = Awaited<ReturnType<typeof showStowaway>>;
