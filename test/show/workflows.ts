/** Every reusable workflow, every sample and every whole workflow of the documentation, run on two local clouds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../scripts/action-definition.ts';
import { REUSABLE_WORKFLOWS } from '../../scripts/workflow-definition.ts';
import { documentedCallers } from '../workflows/samples/callers.ts';
import { RECORD_VARIABLE } from '../workflows/samples/record.ts';
import { readRecord, unproven } from './workflows/record.ts';

/** The tests of the samples, and stories that take longer than a test should. */
const STORIES = ['test/workflows/samples/*.test.ts', 'test/show/workflows/*.story.ts'];

const CONFIGURATION = {
  rootDir: ROOT,
  testEnvironment: 'node',
  testMatch: STORIES.map((pattern) => `<rootDir>/${pattern}`),
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  maxWorkers: 2,
  testTimeout: 900_000,
  reporters: [join(import.meta.dirname, 'workflows', 'reporter.ts')],
};

/** What Jest has against GitHub's packages is said with every file of tests. */
const OF_OTHERS = /^Jest: importing JSON without an import attribute/;

async function runStories(record: string): Promise<number> {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const child = spawn(process.execPath, [...options, jest, '--config', JSON.stringify(CONFIGURATION)], {
    cwd: ROOT,
    // Every story, and not those of the gate alone.
    env: { ...process.env, ACR_TRANSFER_TIER: 'nightly', [RECORD_VARIABLE]: record },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!OF_OTHERS.test(line)) console.error(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/**
 * `npm run show -- workflows`
 *
 * `workflows`, `samples` and `callers` are how many there are, `ran` how many of them some story has run that went well, `failed` the
 * stories that did not, and workflows that no story has run (`notRun`).
 */
export async function showWorkflows() {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-show-'));
  const path = join(folder, 'runs.jsonl');
  try {
    const code = await runStories(path);
    const record = readRecord(path);
    const workflows = REUSABLE_WORKFLOWS.map((name) => `acr-transfer/acr-transfer/.github/workflows/${name}.yml`);
    const samples = globSync('**/*.yml', { cwd: join(ROOT, 'examples') });
    const callers = documentedCallers().map(({ name }) => name);
    const all = [...workflows, ...samples, ...callers];
    const notRun = unproven(all, record);
    const failed = record.stories.filter(({ passed }) => !passed).length + notRun.length;
    return {
      workflows: workflows.length,
      samples: samples.length,
      callers: callers.length,
      ran: all.length - notRun.length,
      // Jest is red for less than a story too, such as a hook.
      failed: failed === 0 && code !== 0 ? 1 : failed,
      notRun,
      stories: record.stories.length,
      runs: record.runs.length,
      jobs: record.runs.reduce((sum, { jobs }) => sum + jobs, 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figures of the show. */
export type WorkflowsFigures = Awaited<ReturnType<typeof showWorkflows>>;
