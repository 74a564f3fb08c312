/** Everything that can be set up wrong, one thing after the other, on two local clouds. */
import { openBench, type Bench } from '../e2e/diagnosis/bench.ts';
import { complaints, diagnose, diagnoseHealthy, MISCONFIGURATIONS } from '../e2e/diagnosis/diagnose.ts';
import type { Misconfiguration } from '../e2e/diagnosis/case.ts';

async function isFound(bench: Bench, item: Misconfiguration): Promise<boolean> {
  const { result, ids, started } = await diagnose(bench, item);
  const told = result.log.replaceAll('%0A', '\n').includes(item.remedy);
  const found = ids.has(item.id) && told && started.length === 0;
  const missed = found ? '' : ` (shown: ${[...ids].join(', ')}; started: ${started.length})`;
  console.log(
    `${found ? '✓' : '✗'} ${item.id} ${item.verdict === 'error' ? 'error  ' : 'warning'} ${item.name}${missed}`,
  );
  return found;
}

async function falseAlarms(bench: Bench): Promise<number> {
  let alarms = 0;
  for (const access of ['managedIdentity', 'sasToken'] as const) {
    const found = complaints(await diagnoseHealthy(bench, { ...bench.inputs(access), mode: 'doctor' }));
    console.log(
      `${found.length === 0 ? '✓' : '✗'} healthy, by ${access}${found.map((text) => `\n    ${text}`).join('')}`,
    );
    alarms += found.length;
  }
  return alarms;
}

/** Shows how many misconfigurations are found before the first run, and how many alarms are false. */
export async function showDiagnosis() {
  const bench = await openBench();
  try {
    let foundBeforeRun = 0;
    for (const item of MISCONFIGURATIONS) if (await isFound(bench, item)) foundBeforeRun += 1;
    return { cases: MISCONFIGURATIONS.length, foundBeforeRun, falseAlarms: await falseAlarms(bench) };
  } finally {
    await bench.close();
  }
}

/** Figures of the show. */
export type DiagnosisFigures = Awaited<ReturnType<typeof showDiagnosis>>;
