/** Do the tests notice a changed decision? Mutates decisions of `src/` in a copy of the tree, by a seed. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCompiler } from './mutants/compiles.ts';
import { isProgram, relatedTests, type RelatedTest } from './mutants/graph.ts';
import { configure, listTests, runBaseline, runMutation, type Baseline, type Fate } from './mutants/jest.ts';
import { mutationsOf, type Mutation } from './mutants/mutations.ts';
import { drawOrder, sample } from './mutants/sample.ts';
import { copyTree, listFiles, readSources } from './mutants/tree.ts';
import type { Count } from './mutants/verdict.ts';
import { numberOption } from './options.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = 'src';
const MUTANTS = 130;
/** Fixed, so that a failure means that a change lets a mutation survive. `--seed N` finds gaps that were there before. */
const DEFAULT_SEED = 1;
const SLOTS = 2;

/** Time for one test file on one mutation: what the slowest takes without it, several times over, and the start of a process. */
const START_SECONDS = 30;
const SLOWER = 4;

interface Tested {
  readonly mutation: Mutation;
  readonly fate: Fate;
  readonly seconds: number;
  readonly tests: number;
}

/** The tests of one mutation, in their order, and the seconds that the slowest takes without it. */
interface Plan {
  readonly number: number;
  readonly mutation: Mutation;
  readonly tests: readonly string[];
  readonly seconds: number;
}

/** The related tests that reach a mutation and pass without it: the nearest first, of equally near ones the fastest. */
function planOf(mutation: Mutation, number: number, related: readonly RelatedTest[], baseline: Baseline): Plan {
  const files = new Map(baseline.files.map((file) => [file.test, file]));
  const good = related.flatMap(({ test, distance }) => {
    const file = files.get(test);
    if (file?.passed !== true) return [];
    const reaches = file.reached.has(number) || baseline.reachedElsewhere.has(number);
    return reaches ? [{ test, distance, seconds: file.seconds }] : [];
  });
  const sorted = good.toSorted((one, other) => one.distance - other.distance || one.seconds - other.seconds);
  return {
    number,
    mutation,
    tests: sorted.map(({ test }) => test),
    seconds: Math.max(0, ...sorted.map((one) => one.seconds)),
  };
}

/** What the tests do without a mutation. Those that fail beside others have a second try alone. */
async function baselineOf(tree: string, tests: readonly string[], slots: number): Promise<Baseline> {
  const first = await runBaseline(tree, tests, slots);
  const failing = first.files.filter(({ passed }) => !passed).map(({ test }) => test);
  if (failing.length === 0) return first;
  const second = await runBaseline(tree, failing, 1);
  return {
    files: [...first.files.filter(({ passed }) => passed), ...second.files],
    reachedElsewhere: first.reachedElsewhere.union(second.reachedElsewhere),
  };
}

async function testOne(tree: string, { number, mutation, tests, seconds }: Plan): Promise<Tested> {
  const since = performance.now();
  const fate =
    tests.length === 0 ? 'survived' : await runMutation(tree, number, tests, START_SECONDS + SLOWER * seconds);
  return { mutation, fate, seconds: (performance.now() - since) / 1000, tests: tests.length };
}

const MARKS: Readonly<Record<Fate, string>> = { killed: '✓', survived: '✗', 'timed out': '✓ timed out:' };

function print({ mutation, fate, seconds, tests }: Tested): void {
  const { file, near, kind, what } = mutation;
  const by = tests === 0 ? 'no test reaches it' : `${tests} test files, ${seconds.toFixed(1)} s`;
  console.log(`${MARKS[fate]} ${file} ${near} [${kind}] ${what} (${by})`);
}

async function testAll(tree: string, plans: readonly Plan[], slots: number): Promise<readonly Tested[]> {
  const tested: Tested[] = [];
  const left = plans.values();
  const slot = async (): Promise<void> => {
    for (const plan of left) {
      const one = await testOne(tree, plan);
      print(one);
      tested.push(one);
    }
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return tested;
}

function choose(files: ReadonlyMap<string, string>, seed: number, count: number): readonly Mutation[] {
  const sources = [...files].filter(([file, content]) => file.startsWith(`${SOURCES}/`) && !isProgram(content));
  const all = sources.toSorted().flatMap(([file, content]) => mutationsOf(file, content));
  console.log(`${all.length} mutations of ${sources.length} files, seed ${seed}`);
  return sample(drawOrder(all, seed), count, openCompiler(ROOT, SOURCES));
}

function survivorOf({ mutation, tests }: Tested): object {
  const { file, what, near } = mutation;
  return { file, what, near, ...(tests === 0 && { untested: true }) };
}

/** What one run has counted, and what no test noticed. */
export interface MutantFigures extends Count {
  readonly seed: number;
  readonly timedOut: number;
  readonly survivors: readonly object[];
  readonly seconds: number;
}

/** `npm run show -- mutants [--seed N] [--mutants N] [--slots N]` */
export async function showMutants(): Promise<MutantFigures> {
  const since = performance.now();
  const seed = numberOption('seed', DEFAULT_SEED);
  const slots = numberOption('slots', SLOTS);
  const work = mkdtempSync(join(tmpdir(), 'acr-transfer-mutants-'));
  const removeWork = (): void => {
    rmSync(work, { recursive: true, force: true });
  };
  process.once('exit', removeWork);
  try {
    const tree = join(work, 'tree');
    mkdirSync(tree);
    const files = listFiles(ROOT);
    const contents = readSources(ROOT, files);
    const mutations = choose(contents, seed, numberOption('mutants', MUTANTS));
    copyTree(ROOT, tree, files, mutations);
    await configure(tree);
    const related = relatedTests(contents, await listTests(tree));
    const testsOf = ({ file }: Mutation): readonly RelatedTest[] => related.get(file) ?? [];
    const tests = new Set(mutations.flatMap(testsOf).map(({ test }) => test));
    const baseline = await baselineOf(tree, [...tests], slots);
    const failing = baseline.files.filter(({ passed }) => !passed);
    for (const { test } of failing) console.log(`! ${test} fails without a mutation and is left out`);
    console.log(`${tests.size} test files ran in ${seconds(since)} s`);
    const plans = mutations.map((mutation, index) => planOf(mutation, index + 1, testsOf(mutation), baseline));
    const tested = await testAll(tree, plans, slots);
    const survivors = tested.filter(({ fate }) => fate === 'survived');
    const killed = tested.length - survivors.length;
    const testFiles = baseline.files.length - failing.length;
    return {
      seed,
      mutants: tested.length,
      killed,
      timedOut: tested.filter(({ fate }) => fate === 'timed out').length,
      survivors: survivors.map(survivorOf),
      seconds: seconds(since),
      testFiles,
      failingFiles: failing.length,
    };
  } finally {
    process.off('exit', removeWork);
    removeWork();
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1000);
