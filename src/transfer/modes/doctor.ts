/** Mode `doctor`: preflight alone. */
import type { DoctorRequest, MovingRequest } from '../model/request.ts';
import { endedBeforeBatches, type ModeResult } from '../model/result.ts';
import { blockedErrors, type PreparedPlan } from '../plan/index.ts';
import type { TransferContext } from '../ports/context.ts';
import { checkResultsOf, type CheckLog } from '../preflight/index.ts';
import { examineExport } from './export.ts';
import { examineFull } from './full.ts';
import { examineHandoff } from './handoff.ts';
import { examineImport } from './import.ts';
import type { Examination, Examined, ReadyDeparture } from './steps.ts';

/** What was planned, where something was; how it ended otherwise. */
async function examine(request: MovingRequest, examination: Examination): Promise<Examined<PreparedPlan | null>> {
  switch (request.mode) {
    // A plan that is not carried out leaves nothing beside the blobs.
    case 'export':
      return planOf(await examineExport({ ...request, dryRun: true }, examination));
    case 'full':
      return planOf(await examineFull({ ...request, dryRun: true }, examination));
    case 'handoff':
      return withoutPlan(await examineHandoff(request, examination));
    case 'import':
      return withoutPlan(await examineImport(request, examination));
  }
}

const planOf = (examined: Examined<ReadyDeparture>): Examined<PreparedPlan> =>
  examined.ok ? { ok: true, value: examined.value.outbound } : examined;

const withoutPlan = (examined: Examined<unknown>): Examined<null> =>
  examined.ok ? { ok: true, value: null } : examined;

/** Checks everything that the other modes make sure of before they start anything, and starts nothing. */
export async function doctorMode(
  { examined }: DoctorRequest,
  world: TransferContext,
  journal: CheckLog,
): Promise<ModeResult> {
  const found = await examine(examined, { world, journal, plansOnly: false });
  if (!found.ok) return found.stopped;
  const blocked = found.value === null ? [] : blockedErrors(found.value);
  return endedBeforeBatches(journal.note(blocked.map(checkResultsOf('source', 'artifacts').error)));
}
