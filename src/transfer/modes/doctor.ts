/** Mode `doctor`: runs the checks of another mode, and starts nothing. */
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

/** Prepares the examined mode. The value is its plan, or null for modes without one. */
async function prepare(request: MovingRequest, modeContext: ModeContext): Promise<PreparedMode<PreparedPlan | null>> {
  switch (request.mode) {
    // A dry run doesn't upload the plan to the container.
    case 'export':
      return planOf(await prepareExport({ ...request, dryRun: true }, modeContext));
    case 'full':
      return planOf(await prepareFull({ ...request, dryRun: true }, modeContext));
    case 'handoff':
      return withoutPlan(await prepareHandoff(request, modeContext));
    case 'import':
      return withoutPlan(await prepareImport(request, modeContext));
  }
}

const planOf = (prepared: PreparedMode<ReadyExport>): PreparedMode<PreparedPlan> =>
  prepared.ok ? { ok: true, value: prepared.value.preparedPlan } : prepared;

const withoutPlan = (prepared: PreparedMode<unknown>): PreparedMode<null> =>
  prepared.ok ? { ok: true, value: null } : prepared;

/** Runs all checks that another mode makes before its first run. */
export async function doctorMode(
  { examined }: DoctorRequest,
  context: TransferContext,
  checkLog: CheckLog,
): Promise<ModeResult> {
  const prepared = await prepare(examined, { context, checkLog, plansOnly: false });
  if (!prepared.ok) return prepared.stopped;
  const blocked = prepared.value === null ? [] : blockedErrors(prepared.value);
  return endedBeforeBatches(checkLog.note(blocked.map(checkResultsOf('source', 'artifacts').error)));
}
