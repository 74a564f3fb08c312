/** Mode export. */
import { keep, pathOf, putBeside } from '../documents/index.ts';
import { failuresOf } from '../errors/index.ts';
import { carryAll, carryOut } from '../execution/index.ts';
import type { ExportRequest } from '../model/request.ts';
import type { ModeResult } from '../model/result.ts';
import { blockedFailures, countNamed, recordHandedOver, type Preparation } from '../plan/index.ts';
import type { World } from '../ports/context.ts';
import { checkDeparture, type Journal } from '../preflight/index.ts';
import {
  dryRun,
  manifestOf,
  noteSide,
  planFacts,
  planned,
  sourceOf,
  stopped,
  type Examination,
  type Examined,
  type ReadyDeparture,
} from './steps.ts';

/** Examines mode `export`. */
export async function examineExport(
  request: ExportRequest,
  examination: Examination,
): Promise<Examined<ReadyDeparture>> {
  examination.journal.enter('preflight');
  const checkedSource = await sourceOf(request, examination);
  noteSide(examination, 'source', checkedSource);
  const { ready } = checkedSource;
  if (!ready.ok) return stopped(ready.failures, { selected: countNamed(request) });
  const source = ready.value;
  const preparation: Preparation = { request, source, target: null, world: examination.world };
  const ends = { from: source.registry.loginServer, to: source.container.uri };
  const outbound = await planned(preparation, ends, examination, ({ plan }) => checkDeparture(source, plan.batches));
  return outbound.ok ? { ok: true, value: { source, preparation, outbound: outbound.value } } : outbound;
}

/** Mode `export`: plan, export, and leave the transfer manifest beside the blobs. */
export async function exportMode(request: ExportRequest, world: World, journal: Journal): Promise<ModeResult> {
  const examined = await examineExport(request, { world, journal, plansOnly: request.dryRun });
  if (!examined.ok) return examined.stopped;
  const { source, preparation, outbound } = examined.value;
  const { container, registry } = source;
  const ends = { from: registry.loginServer, to: container.uri };
  if (request.dryRun) return dryRun(outbound, ends);
  journal.enter('transfer');
  const { plan, path } = outbound;
  const departure = { ...source, maxBlobBytes: request.maxBlobBytes };
  const results = await carryAll(
    plan.batches,
    (batch, carriage) => carryOut(departure, batch, carriage),
    request,
    world,
  );
  const manifest = await manifestOf(outbound, results, preparation);
  const written = [await keep(world, manifest), await putBeside(world, container, manifest)] as const;
  const recorded = failuresOf(written).length > 0 ? [] : [await recordHandedOver(results, outbound, preparation)];
  const facts = planFacts(outbound);
  const failures = [...blockedFailures(outbound), ...failuresOf([...written, ...recorded])];
  const paths = { plan: path, manifest: pathOf(written[0]) };
  return { ...ends, ...facts, dryRun: false, batches: results, failures, paths };
}
