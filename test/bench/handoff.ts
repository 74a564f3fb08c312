import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bestConnections, ceilingOf } from './handoff/ceiling.ts';
import { contendersFor } from './handoff/contenders.ts';
import { measureCopy, type CopyFigures, type Copy } from './handoff/copy-task.ts';
import { startEndpoints, type Endpoints } from './handoff/endpoints.ts';
import {
  report,
  type Ceiling,
  type RegimeFigures,
  type Report,
  type Single,
  type WorkloadFigures,
} from './handoff/figures.ts';
import { ours } from './handoff/ours.ts';
import { findPeers, type Peers } from './handoff/peers.ts';
import { rcloneVerified } from './handoff/rclone.ts';
import { race, summary, type Result, type Run } from './handoff/rounds.ts';
import { readSettings, type Regime, type Settings } from './handoff/settings.ts';
import { table } from './handoff/table.ts';
import { bytesOf, MEBIBYTE, WORKLOADS, type Workload } from './handoff/workload.ts';
import { median, round } from './measure.ts';

/** One regime: its endpoints, and everything that a client needs to copy between them. */
interface Arena {
  readonly regime: Regime;
  readonly endpoints: Endpoints;
  readonly peers: Peers;
  readonly folder: string;
}

/** In memory if possible, so that no disk is measured. */
const parentFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

/** A limited line reaches its rate at once. Without limits, a client needs time until its code is compiled. */
const ceilingBytes = ({ limits }: Regime): number => (limits === null ? 1024 : 256) * MEBIBYTE;

/** Runs one copy, and returns its figures; null if it failed. */
async function attempt(arena: Arena, workload: Workload, label: string, copy: Copy): Promise<CopyFigures | null> {
  const title = `${arena.regime.name}, ${workload.title}, ${label}`;
  try {
    const figures = await measureCopy(arena.endpoints, workload, copy, arena.folder);
    const rate = bytesOf(workload) / MEBIBYTE / figures.seconds;
    console.log(`${title}: ${figures.seconds.toFixed(2)} s, ${rate.toFixed(1)} MiB/s`);
    return figures;
  } catch (error) {
    console.log(`${title}: failed. ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** The ceiling is measured once in every round, like every client. */
async function ceilingMeter(
  arena: Arena,
  workload: Workload,
): Promise<{ measure: () => Promise<void>; ceiling: () => Ceiling }> {
  const rate = ceilingOf(arena.endpoints, workload, ceilingBytes(arena.regime), arena.folder);
  const connections = { down: await bestConnections(rate, 'down'), up: await bestConnections(rate, 'up') };
  const rates: { down: number; up: number }[] = [];
  return {
    measure: async () => {
      rates.push({ down: await rate('down', connections.down), up: await rate('up', connections.up) });
    },
    ceiling: () => {
      const down = round(median(rates.map((both) => both.down)), 1);
      const up = round(median(rates.map((both) => both.up)), 1);
      return { down, up, rate: Math.min(down, up) };
    },
  };
}

async function benchWorkload(arena: Arena, workload: Workload, runs: number): Promise<WorkloadFigures> {
  for (const { name } of workload.blobs) await arena.endpoints.source.warm(workload.name, name);
  const { measure, ceiling } = await ceilingMeter(arena, workload);
  const run: Run = (label, copy) => attempt(arena, workload, label, copy);
  const results = await race(contendersFor(workload, arena.peers), workload, runs, run, measure);
  return { ...results, ceiling: ceiling() };
}

async function once(arena: Arena, workload: Workload, label: string, copy: Copy): Promise<Result | null> {
  for (const { name } of workload.blobs) await arena.endpoints.source.warm(workload.name, name);
  const figures = await attempt(arena, workload, label, copy);
  return figures === null ? null : summary(label, [figures], workload);
}

async function benchOnce(arena: Arena, { huge, workloads }: Settings): Promise<Single> {
  const checks = workloads.includes(WORKLOADS.big) && arena.peers.rclone !== null;
  return {
    rcloneVerified: checks ? await once(arena, WORKLOADS.big, 'copy + check', rcloneVerified) : null,
    huge: huge ? await once(arena, WORKLOADS.huge, 'stream', ours('stream')) : null,
  };
}

type Bench<Figures> = (arena: Arena) => Promise<Figures>;

async function inArena<Figures>(regime: Regime, peers: Peers, folder: string, bench: Bench<Figures>): Promise<Figures> {
  const endpoints = await startEndpoints(regime.limits, folder);
  try {
    return await bench({ regime, endpoints, peers, folder });
  } finally {
    endpoints.stop();
  }
}

async function benchRegime(arena: Arena, { workloads, runs }: Settings): Promise<RegimeFigures> {
  const figures: Record<string, WorkloadFigures> = {};
  for (const workload of workloads) figures[workload.name] = await benchWorkload(arena, workload, runs);
  return figures;
}

async function measure(settings: Settings, folder: string): Promise<Report> {
  const peers = findPeers();
  const regimes: Record<string, RegimeFigures> = {};
  let single: Single = { huge: null, rcloneVerified: null };
  for (const regime of settings.regimes) {
    await inArena(regime, peers, folder, async (arena) => {
      regimes[regime.name] = await benchRegime(arena, settings);
      if (regime.name === 'open') single = await benchOnce(arena, settings);
    });
  }
  const measured = { runs: settings.runs, regimes, ...single };
  console.log(`\n${table(measured)}\n`);
  return report(measured);
}

/**
 * The handoff compared with rclone and azcopy, between the same two endpoints. See `handoff/endpoint/main.ts` for the regimes.
 * Every client is a process of its own, measured from its start to its end, and the arrived bytes are counted.
 * @param args options; see `handoff/settings.ts`
 */
export async function benchHandoff(args: readonly string[]): Promise<Report> {
  const settings = readSettings(args);
  const folder = mkdtempSync(join(parentFolder(), 'acr-transfer-handoff-'));
  const clear = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  // So that child processes end with this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return measure(settings, folder);
}
