/** `npm run show -- NAME [--record]`: runs one demonstration that counts, and fails when a claim does not hold. */
import { command, runMeasurement, type Command } from '../measurement.ts';
import { judgeInstall, showInstall } from './install.ts';
import { faultsOf as judgeMutants } from './mutants/verdict.ts';
import {
  judgeChaos,
  judgeDiagnosis,
  judgeHouse,
  judgeKill,
  judgeMany,
  judgeSetup,
  judgeSoak,
  judgeStowaway,
  judgeWorkflows,
} from './claims.ts';

const SHOWS: Readonly<Record<string, Command>> = {
  chaos: command({
    measure: async () => (await import('./chaos.ts')).showChaos(),
    judge: judgeChaos,
    describes: ['src', 'test/e2e/faults', 'test/show/chaos.ts', 'test/show/chaos'],
    recordOnly: ['kinds'],
  }),
  diagnosis: command({
    measure: async () => (await import('./diagnosis.ts')).showDiagnosis(),
    judge: judgeDiagnosis,
    describes: ['src', 'test/e2e/diagnosis'],
  }),
  kill: command({
    measure: async () => (await import('./kill.ts')).showKill(),
    judge: judgeKill,
    describes: ['src', 'test/e2e/faults/ordeal.ts', 'test/show/kill.ts'],
  }),
  many: command({
    measure: async () => (await import('./many.ts')).showMany(),
    judge: judgeMany,
    describes: ['src', 'test/e2e/many.ts', 'test/show/many.ts'],
  }),
  setup: command({
    measure: async () => (await import('./setup.ts')).showSetup(),
    judge: judgeSetup,
    describes: ['src', 'test/e2e/setup', 'test/show/setup.ts'],
  }),
  soak: command({
    measure: async () => (await import('./soak.ts')).showSoak(),
    judge: judgeSoak,
    describes: ['src', 'test/show/soak.ts'],
  }),
  stowaway: command({
    measure: async () => (await import('./stowaway.ts')).showStowaway(),
    judge: judgeStowaway,
    describes: ['src', '.github/workflows/transfer.yml', 'test/e2e/stowaway', 'test/show/stowaway'],
  }),
  workflows: command({
    measure: async () => (await import('./workflows.ts')).showWorkflows(),
    judge: judgeWorkflows,
    describes: ['src', '.github/workflows', 'examples', 'test/workflows/samples', 'test/show/workflows'],
  }),
  install: command({
    measure: () => Promise.resolve(showInstall()),
    judge: judgeInstall,
    describes: ['package.json', 'package-lock.json', '.npmrc', 'scripts/postinstall.js', 'test/show/install.ts'],
  }),
  house: command({
    measure: async () => Promise.resolve((await import('./house.ts')).showHouse()),
    judge: judgeHouse,
    describes: ['src', 'test/show/house.ts', 'test/show/house'],
  }),
  mutants: command({
    measure: async () => (await import('./mutants.ts')).showMutants(),
    judge: judgeMutants,
    describes: ['src', 'test/unit', 'test/sandbox', 'test/show/mutants'],
  }),
};

await runMeasurement('show', SHOWS, process.argv.slice(2));
