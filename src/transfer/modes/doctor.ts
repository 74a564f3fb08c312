/** Mode `doctor`: runs the checks of another mode, and starts nothing. */
import { ok } from '../errors/index.ts';
import type { DoctorRequest, MovingRequest } from '../model/request.ts';
import { endedEarly, type ModeResult } from '../model/result.ts';
import { blockedErrors, type PreparedPlan } from '../plan/index.ts';
import { checkResultsOf } from '../preflight/index.ts';
import * as exportMode from './export.ts';
import * as fullMode from './full.ts';
import * as handoffMode from './handoff.ts';
import * as importMode from './import.ts';
import type { ModeContext, PreparedMode, RunContext } from './steps.ts';

/** Prepares the examined mode. The value is its plan, or null for modes without one. */
async function prepareExamined(
  request: MovingRequest,
  modeContext: ModeContext,
): Promise<PreparedMode<PreparedPlan | null>> {
  switch (request.mode) {
    // A dry run doesn't upload the plan to the container.
    case 'export':
      return planOf(await exportMode.prepare({ ...request, dryRun: true }, modeContext));
    case 'full':
      return planOf(await fullMode.prepare({ ...request, dryRun: true }, modeContext));
    case 'handoff':
      return withoutPlan(await handoffMode.prepare(request, modeContext));
    case 'import':
      return withoutPlan(await importMode.prepare(request, modeContext));
  }
}

const planOf = (prepared: PreparedMode<{ readonly preparedPlan: PreparedPlan }>): PreparedMode<PreparedPlan> =>
  prepared.ok ? ok(prepared.value.preparedPlan) : prepared;

const withoutPlan = (prepared: PreparedMode<unknown>): PreparedMode<null> => (prepared.ok ? ok(null) : prepared);

/** Runs mode `doctor`: all checks that another mode makes before its first run. */
export async function run({ examined }: DoctorRequest, runContext: RunContext): Promise<ModeResult> {
  const { checkLog } = runContext;
  const prepared = await prepareExamined(examined, { ...runContext, plansOnly: false });
  if (!prepared.ok) return prepared.problem;
  const blocked = prepared.value === null ? [] : blockedErrors(prepared.value);
  return endedEarly(checkLog.note(blocked.map(checkResultsOf('source', 'artifacts').error)));
}
