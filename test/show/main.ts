/** Demonstrations that count: `npm run show -- NAME`. The last line is one JSON object. */
import { showChaos } from './chaos.ts';
import { showDiagnosis } from './diagnosis.ts';
import { judgeInstall, showInstall } from './install.ts';
import { showKill } from './kill.ts';
import { showMany } from './many.ts';
import { showMutants } from './mutants.ts';
import { showSetup } from './setup.ts';
import { showSoak } from './soak.ts';
import { showWorkflows } from './workflows.ts';

const SHOWS: Readonly<Record<string, () => Promise<object>>> = {
  chaos: showChaos,
  diagnosis: showDiagnosis,
  install: async () => {
    const figures = showInstall();
    const failures = judgeInstall(figures);
    if (failures.length > 0) process.exitCode = 1;
    return Promise.resolve({ ...figures, failures });
  },
  kill: showKill,
  many: showMany,
  mutants: showMutants,
  setup: showSetup,
  soak: showSoak,
  workflows: showWorkflows,
};

const name = process.argv[2] ?? '';
const show = SHOWS[name];
if (show === undefined) {
  console.error(`There is no "${name}". Use one of: ${Object.keys(SHOWS).join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(JSON.stringify({ show: name, ...(await show()) }));
}
