import { median, round } from '../measure.ts';
import type { Contender, ContenderName } from './contenders.ts';
import type { CopyFigures, Copy } from './copy-task.ts';
import { bytesOf, MEBIBYTE, type Workload } from './workload.ts';

/** Medians of a client's runs. */
export interface Result {
  /** Its best method. */
  readonly way: string;
  readonly runs: number;
  readonly mibPerSecond: number;
  /** CPU seconds of the client per GiB. */
  readonly cpuSecondsPerGiB: number | null;
  /** CPU seconds of both endpoints per GiB. */
  readonly endpointCpuSecondsPerGiB: number;
  /** MB (10⁶ bytes), the maximum of all runs; null for other tools. */
  readonly peakRssMb: number | null;
}

/** Results by client; null for one that couldn't run. */
export type Results = Readonly<Record<ContenderName, Result | null>>;

interface Way {
  readonly name: string;
  readonly copy: Copy;
  readonly figures: CopyFigures[];
}

/** Summarizes the runs of one method. */
export function summary(way: string, figures: readonly CopyFigures[], workload: Workload): Result {
  const mebibytes = bytesOf(workload) / MEBIBYTE;
  const perGiB = (numbers: readonly number[]): number => round(median(numbers) / (mebibytes / 1024));
  const cpu = figures.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  const rss = figures.flatMap(({ peakRss }) => peakRss ?? []);
  return {
    way,
    runs: figures.length,
    mibPerSecond: round(mebibytes / median(figures.map(({ seconds }) => seconds)), 1),
    cpuSecondsPerGiB: cpu.length === 0 ? null : perGiB(cpu),
    endpointCpuSecondsPerGiB: perGiB(figures.map(({ endpointCpuSeconds }) => endpointCpuSeconds)),
    peakRssMb: rss.length === 0 ? null : round(Math.max(...rss) / 1e6, 1),
  };
}

/** A client during the rounds. */
interface Runner extends Contender {
  /** Remaining methods: all in the first round, then the best one. */
  racing: readonly Way[];
}

const startOf = (contender: Contender): Runner => ({
  ...contender,
  racing: Object.entries(contender.ways).map(([name, copy]) => ({ name, copy, figures: [] })),
});

const first = ({ figures }: Way): number => figures[0]?.seconds ?? Number.POSITIVE_INFINITY;

/** Runs and logs one copy. */
export type Run = (label: string, copy: Copy) => Promise<CopyFigures | null>;

/** One turn: each remaining method copies once. A method that fails is removed. */
async function turn(runner: Runner, run: Run): Promise<void> {
  for (const way of runner.racing) {
    const figures = await run(`${runner.name} (${way.name})`, way.copy);
    if (figures === null) runner.racing = runner.racing.filter((other) => other !== way);
    else way.figures.push(figures);
  }
  runner.racing = [...runner.racing].sort((a, b) => first(a) - first(b)).slice(0, 1);
}

/**
 * Runs all clients in turns, A B C A B C …, so that noise affects all of them. A client with several methods runs all of them
 * in the first round, and then the best one.
 */
export async function race(
  contenders: readonly Contender[],
  workload: Workload,
  rounds: number,
  run: Run,
  between: () => Promise<void>,
): Promise<Results> {
  const runners = contenders.map(startOf);
  for (let index = 0; index < rounds; index += 1) {
    await between();
    for (const runner of runners) if (index % runner.every === 0) await turn(runner, run);
  }
  const results = runners.map(({ name, racing: [best] }) => [
    name,
    best === undefined ? null : summary(best.name, best.figures, workload),
  ]);
  return Object.fromEntries(results) as Results;
}
