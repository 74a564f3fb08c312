/** Runs test files of a tree with mutations. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join, relative } from 'node:path';

/** The tiers whose tests load `src/` itself. Those that run the bundle can't see a mutation. */
const TIERS = ['unit', 'sandbox'];

const CONFIG = 'jest.mutants.json';

interface Project {
  readonly displayName: string;
}

/** Writes the configuration of the tests into a tree: that of the project, with what mutations need. */
export async function configure(tree: string): Promise<void> {
  const module = (await import(pathToFileURL(join(tree, 'jest.config.js')).href)) as {
    readonly default: { readonly testTimeout?: number; readonly projects: readonly Project[] };
  };
  const { testTimeout, projects } = module.default;
  const part = (name: string): string => join(tree, 'test/show/mutants', name);
  const config = {
    testTimeout,
    testSequencer: part('sequencer.ts'),
    projects: projects
      .filter(({ displayName }) => TIERS.includes(displayName))
      .map((project) => ({ ...project, setupFilesAfterEnv: [part('label.ts')] })),
  };
  writeFileSync(join(tree, CONFIG), JSON.stringify(config));
}

/** How a run of Jest ended. */
export interface JestRun {
  /** Null when it was ended after its time. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly tree: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Between two lines that Jest prints, such as the results of two files; without a limit when absent. */
  readonly silentSeconds?: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ends this process as a signal does, but with its handlers for `exit`. */
const exit = (): void => {
  process.exit(1);
};

/** Runs Jest in a process group of its own, and ends all of its processes. */
async function runJest(args: readonly string[], { tree, env, silentSeconds }: RunOptions): Promise<JestRun> {
  const jest = join(tree, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--experimental-vm-modules', jest, '--config', CONFIG, ...args],
    { cwd: tree, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const killAll = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  process.once('exit', killAll);
  for (const signal of SIGNALS) process.once(signal, exit);
  const late = new AbortController();
  late.signal.addEventListener('abort', killAll);
  const expire = (): void => {
    late.abort();
  };
  const timer = silentSeconds === undefined ? undefined : setTimeout(expire, silentSeconds * 1000);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    timer?.refresh();
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearTimeout(timer);
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, exit);
  killAll();
  return { exitCode: late.signal.aborted ? null : (exitCode ?? 1), stdout, stderr };
}

/** The test files of a tree, relative to its root. */
export async function listTests(tree: string): Promise<readonly string[]> {
  const { stdout, stderr } = await runJest(['--listTests', '--json'], { tree });
  try {
    return (JSON.parse(stdout) as readonly string[]).map((path) => relative(tree, path).replaceAll('\\', '/'));
  } catch (cause) {
    throw new Error(`Jest lists no tests: ${stderr}`, { cause });
  }
}

/** What a test file did without a mutation. */
export interface TestFile {
  readonly test: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** Numbers of the mutations that it reached. */
  readonly reached: ReadonlySet<number>;
}

interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
  }[];
}

/** Notes of threads and processes that don't know which test started them. */
export const UNKNOWN_TEST = '';

function readLog(log: string, tree: string): ReadonlyMap<string, ReadonlySet<number>> {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  const notes = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as readonly [string, number]);
  const byTest = Map.groupBy(notes, ([path]) => (path === '' ? UNKNOWN_TEST : relative(tree, path)));
  return new Map([...byTest].map(([test, noted]) => [test, new Set(noted.map(([, number]) => number))]));
}

/** The results of the test files without a mutation, and the mutations that any test reached. */
export interface Baseline {
  readonly files: readonly TestFile[];
  /** Reached by a thread or process that doesn't know its test. */
  readonly reachedElsewhere: ReadonlySet<number>;
}

/** Runs test files without a mutation. */
export async function runBaseline(tree: string, tests: readonly string[], workers: number): Promise<Baseline> {
  const folder = mkdtempSync(join(tree, '..', 'baseline-'));
  const [order, log, results] = ['order.json', 'log.jsonl', 'results.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const paths = tests.map((test) => join(tree, test));
  writeFileSync(order, JSON.stringify(paths));
  const args = ['--runTestsByPath', ...paths, '--json', '--outputFile', results, '--maxWorkers', String(workers)];
  const { stderr } = await runJest(args, { tree, env: { MUTANT_ORDER: order, MUTANT_LOG: log } });
  if (!existsSync(results)) throw new Error(`The tests didn't run: ${stderr}`);
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResults;
  const reached = readLog(log, tree);
  rmSync(folder, { recursive: true });
  return {
    files: testResults.map(({ name, status, startTime, endTime }) => {
      const test = relative(tree, name).replaceAll('\\', '/');
      const seconds = (endTime - startTime) / 1000;
      return { test, passed: status === 'passed', seconds, reached: reached.get(test) ?? new Set() };
    }),
    reachedElsewhere: reached.get(UNKNOWN_TEST) ?? new Set(),
  };
}

/** What the tests made of a mutation. */
export type Fate = 'killed' | 'survived' | 'timed out';

/**
 * Runs test files on one mutation, one after the other, until one fails.
 * @param number of the mutation in its tree
 * @param silentSeconds in which one file has to end
 */
export async function runMutation(
  tree: string,
  number: number,
  tests: readonly string[],
  silentSeconds: number,
): Promise<Fate> {
  const folder = mkdtempSync(join(tree, '..', 'mutation-'));
  const order = join(folder, 'order.json');
  const paths = tests.map((test) => join(tree, test));
  writeFileSync(order, JSON.stringify(paths));
  const { exitCode } = await runJest(['--runTestsByPath', ...paths, '--runInBand', '--bail', '--silent'], {
    tree,
    env: { MUTANT_ORDER: order, MUTANT_ACTIVE: String(number) },
    silentSeconds,
  });
  rmSync(folder, { recursive: true });
  if (exitCode === null) return 'timed out';
  return exitCode === 0 ? 'survived' : 'killed';
}
