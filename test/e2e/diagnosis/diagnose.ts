import { readFileSync } from 'node:fs';
import type { Inputs, StepResult } from '../runner.ts';
import { idsIn, type Bench } from './bench.ts';
import { CONTENT_CASES } from './cases-contents.ts';
import { SETUP_CASES } from './cases-setup.ts';
import { SIGN_IN_CASES } from './cases-sign-in.ts';
import { STORAGE_CASES } from './cases-storage.ts';
import type { Misconfiguration } from './case.ts';

/** All misconfigurations. */
export const MISCONFIGURATIONS: readonly Misconfiguration[] = [
  ...SIGN_IN_CASES,
  ...SETUP_CASES,
  ...STORAGE_CASES,
  ...CONTENT_CASES,
];

/** The findings and effects of a step. */
export interface Diagnosis {
  readonly result: StepResult;
  readonly ids: ReadonlySet<string>;
  /** Started runs. */
  readonly started: readonly string[];
}

async function examine(bench: Bench, inputs: Inputs, env: Readonly<Record<string, string>>): Promise<Diagnosis> {
  const before = new Set(await bench.runs());
  const result = await bench.step(inputs, { env });
  const started = (await bench.runs()).filter((run) => !before.has(run));
  return { result, ids: idsIn(result), started };
}

/** The mode of a case: `import` for blobs that arrive, otherwise `full`. */
function modeOf(given: Inputs, verdict: Misconfiguration['verdict']): Inputs {
  // A warning doesn't stop the transfer, so only a doctor ends before the first run.
  if (verdict === 'warning') return { mode: 'doctor' };
  return { mode: given['mode'] ?? 'full' };
}

const ofTarget = (inputs: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !name.startsWith('source-') && name !== 'export-pipeline'),
  );

/** Misconfigures the clouds, runs the step of a user, and restores everything. */
export async function diagnose(bench: Bench, item: Misconfiguration): Promise<Diagnosis> {
  await bench.reset();
  await item.arrange(bench);
  const given = (await item.inputs?.(bench)) ?? {};
  const isImport = given['mode'] === 'import';
  const usual = isImport ? ofTarget(bench.inputs()) : { ...bench.inputs(), artifacts: bench.artifact };
  return examine(bench, { ...usual, ...given, ...modeOf(given, item.verdict) }, item.env ?? {});
}

/** The same with a valid configuration. */
export async function diagnoseHealthy(bench: Bench, inputs: Inputs): Promise<Diagnosis> {
  await bench.reset();
  return examine(bench, { ...bench.inputs(), artifacts: bench.artifact, ...inputs }, {});
}

/** Checks of a report with a finding. */
export function complaints({ result }: Diagnosis): readonly string[] {
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
    readonly checks: readonly { readonly check: string; readonly verdict: string; readonly text: string }[];
  };
  return report.checks.flatMap(({ check, verdict, text }) =>
    verdict === 'ok' ? [] : [`${verdict} ${check}: ${text}`],
  );
}
