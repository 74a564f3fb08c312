import { median, round } from '../measure.ts';
import type { Contender, ContenderName } from './contenders.ts';
import type { Carried, Carry } from './crossing.ts';
import { bytesOf, MEBIBYTE, type Workload } from './workload.ts';

/** What a contender's runs come to: medians. */
export interface Result {
  /** Which of its ways was the best. */
  readonly way: string;
  readonly runs: number;
  readonly mibPerSecond: number;
  /** CPU seconds of the client for each GiB. */
  readonly cpuSecondsPerGiB: number | null;
  /** CPU seconds of both endpoints for each GiB. */
  readonly endpointCpuSecondsPerGiB: number;
  /** MB (10⁶ bytes), the largest of all runs; null for others than ours. */
  readonly peakRssMb: number | null;
}

/** Results by contender; null for one that could not run. */
export type Results = Readonly<Record<ContenderName, Result | null>>;

interface Way {
  readonly name: string;
  readonly carry: Carry;
  readonly carried: Carried[];
}

/** Sums up the runs of one way. */
export function summary(way: string, carried: readonly Carried[], workload: Workload): Result {
  const mebibytes = bytesOf(workload) / MEBIBYTE;
  const perGiB = (numbers: readonly number[]): number => round(median(numbers) / (mebibytes / 1024));
  const cpu = carried.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  const rss = carried.flatMap(({ peakRss }) => peakRss ?? []);
  return {
    way,
    runs: carried.length,
    mibPerSecond: round(mebibytes / median(carried.map(({ seconds }) => seconds)), 1),
    cpuSecondsPerGiB: cpu.length === 0 ? null : perGiB(cpu),
    endpointCpuSecondsPerGiB: perGiB(carried.map(({ endpointCpuSeconds }) => endpointCpuSeconds)),
    peakRssMb: rss.length === 0 ? null : round(Math.max(...rss) / 1e6, 1),
  };
}

/** Somebody in the course of the rounds. */
interface Runner extends Contender {
  /** Ways that are still in the race: all in the first round, then the best one. */
  racing: readonly Way[];
}

const startOf = (contender: Contender): Runner => ({
  ...contender,
  racing: Object.entries(contender.ways).map(([name, carry]) => ({ name, carry, carried: [] })),
});

const first = ({ carried }: Way): number => carried[0]?.seconds ?? Number.POSITIVE_INFINITY;

/** How one carriage is made and told. */
export type Run = (label: string, carry: Carry) => Promise<Carried | null>;

/** One turn: its ways that are still in the race carry once. Who cannot is out. */
async function turn(runner: Runner, run: Run): Promise<void> {
  for (const way of runner.racing) {
    const carried = await run(`${runner.name} (${way.name})`, way.carry);
    if (carried === null) runner.racing = runner.racing.filter((other) => other !== way);
    else way.carried.push(carried);
  }
  runner.racing = [...runner.racing].sort((a, b) => first(a) - first(b)).slice(0, 1);
}

/**
 * Lets everybody carry in turns, A B C A B C …, so that noise hits all of them. Who has several ways tries all of them in the
 * first round and goes on with the best one.
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
    best === undefined ? null : summary(best.name, best.carried, workload),
  ]);
  return Object.fromEntries(results) as Results;
}
