import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SAS, type Endpoints } from './endpoints.ts';
import { bytesOf, type Workload } from './workload.ts';
import { spentBy, type Spent } from './spend.ts';

/** One copy of a workload from the source to an unused container of the sink. */
export interface CopyTask {
  readonly workload: Workload;
  /** Container URIs without SAS. */
  readonly source: string;
  readonly target: string;
  readonly sas: string;
  /** PEM file. */
  readonly caFile: string;
  /** The client's own empty folder, which is removed afterwards. */
  readonly folder: string;
}

/** Copies a workload; resolves to the client's peak memory in bytes, null if it wasn't measured. */
export type Copy = (task: CopyTask) => Promise<number | null>;

/** Figures of one copy. */
export interface CopyFigures extends Spent {
  /** Largest resident set of the client, bytes. */
  readonly peakRss: number | null;
  /** CPU seconds of both endpoints. */
  readonly endpointCpuSeconds: number;
}

/** Checks that all blobs have arrived with all their bytes: a client that copies less isn't fast. */
function checkArrived({ workload }: CopyTask, { blobs, bytes }: { blobs: number; bytes: number }): void {
  if (blobs === workload.blobs.length && bytes === bytesOf(workload)) return;
  throw new Error(`${blobs} blobs with ${bytes} bytes arrived of ${workload.title}`);
}

let tasks = 0;

/** Measures how a client copies a workload between two endpoints, and checks what arrived. */
export async function measureCopy(
  endpoints: Endpoints,
  workload: Workload,
  copy: Copy,
  folder: string,
): Promise<CopyFigures> {
  const { source, sink, caFile } = endpoints;
  tasks += 1;
  const container = `t${tasks}`;
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(folder, 'client-'));
  const task: CopyTask = {
    workload,
    source: `${source.account}/${workload.name}`,
    target: `${sink.account}/${container}`,
    sas: SAS,
    caFile,
    folder: own,
  };
  const cpuOf = async (): Promise<number> => {
    const found = await Promise.all([source.stats(container), sink.stats(container)]);
    return found.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  };
  try {
    const before = await cpuOf();
    const { result: peakRss, seconds, cpuSeconds } = await spentBy(() => copy(task));
    const endpointCpuSeconds = (await cpuOf()) - before;
    checkArrived(task, await sink.stats(container));
    return { peakRss, seconds, cpuSeconds, endpointCpuSeconds };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
