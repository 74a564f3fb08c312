/** Mode `doctor`: preflight alone. */
import type { DoctorRequest, MovingRequest } from '../model/request.ts';
import { endedBeforeBatches, type ModeResult } from '../model/result.ts';
import { blockedErrors, type PreparedPlan } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkResultsOf, type CheckLog } from '../preflight/index.ts';
import { prepareExport } from './export.ts';
import { prepareFull } from './full.ts';
import { prepareHandoff } from './handoff.ts';
import { prepareImport } from './import.ts';
import type { ModeContext, PreparedMode, ReadyExport } from './steps.ts';

/** What was planned, where something was; how it ended otherwise. */
async function prepare(request: MovingRequest, examination: ModeContext): Promise<PreparedMode<PreparedPlan | null>> {
  switch (request.mode) {
    // A plan that is not carried out leaves nothing beside the blobs.
    case 'export':
      return planOf(await prepareExport({ ...request, dryRun: true }, examination));
    case 'full':
      return planOf(await prepareFull({ ...request, dryRun: true }, examination));
    case 'handoff':
      return withoutPlan(await prepareHandoff(request, examination));
    case 'import':
      return withoutPlan(await prepareImport(request, examination));
  }
}

const planOf = (examined: PreparedMode<ReadyExport>): PreparedMode<PreparedPlan> =>
  examined.ok ? { ok: true, value: examined.value.outbound } : examined;

const withoutPlan = (examined: PreparedMode<unknown>): PreparedMode<null> =>
  examined.ok ? { ok: true, value: null } : examined;

/** Checks everything that the other modes make sure of before they start anything, and starts nothing. */
export async function doctorMode(
  { examined }: DoctorRequest,
  world: TransferContext,
  journal: CheckLog,
): Promise<ModeResult> {
  const found = await prepare(examined, { world, journal, plansOnly: false });
  if (!found.ok) return found.stopped;
  const blocked = found.value === null ? [] : blockedErrors(found.value);
  return endedBeforeBatches(journal.note(blocked.map(checkResultsOf('source', 'artifacts').error)));
}
