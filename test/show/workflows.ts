/** Every reusable workflow, every sample and every caller of the documentation, run on two local clouds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/action-definition.ts';
import { REUSABLE_WORKFLOWS } from '../../scripts/workflow-definition.ts';
import { documentedCallers } from '../workflows/samples/callers.ts';
import { RECORD_VARIABLE } from '../workflows/samples/record.ts';
import { readRecord, type ShowRecord } from './workflows/record.ts';

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

async function runStories(record: string): Promise<number> {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
  const child = spawn(process.execPath, [...options, jest, '--config', JSON.stringify(CONFIGURATION)], {
    cwd: ROOT,
    env: { ...process.env, [RECORD_VARIABLE]: record },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** What was run by a story that went well: a workflow of ours by its path, a sample or a caller by its name. */
function provenBy({ runs, stories }: ShowRecord): ReadonlySet<string> {
  const good = new Set(stories.filter(({ passed }) => passed).map(({ story }) => story));
  const counted = runs.filter(({ story, jobs }) => good.has(story) && jobs > 0);
  return new Set(counted.flatMap(({ name, calls }) => [name, ...calls]));
}

/**
 * `npm run show -- workflows`
 *
 * `workflows`, `samples` and `callers` are how many there are, `ran` how many of them some story has run that went well, `failed` the
 * stories that did not, and what nobody has run (`notRun`). Exits 1 when anything has failed.
 */
export async function showWorkflows(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'acr-transfer-show-'));
  const path = join(folder, 'runs.jsonl');
  try {
    const code = await runStories(path);
    const record = readRecord(path);
    const workflows = REUSABLE_WORKFLOWS.map((name) => `acr-transfer/acr-transfer/.github/workflows/${name}.yml`);
    const samples = globSync('**/*.yml', { cwd: join(ROOT, 'examples') });
    const callers = documentedCallers().map(({ name }) => name);
    const all = [...workflows, ...samples, ...callers];
    const proven = provenBy(record);
    const notRun = all.filter((name) => !proven.has(name)).sort();
    const failed = record.stories.filter(({ passed }) => !passed).length + notRun.length;
    if (failed > 0 || code !== 0) process.exitCode = 1;
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
