import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SAS, type Endpoints } from './endpoints.ts';
import { bytesOf, type Workload } from './workload.ts';
import { spentBy, type Spent } from './spend.ts';

/** One workload's way from the source to a container of the sink that nobody has used before. */
export interface Crossing {
  readonly workload: Workload;
  /** Container URIs without SAS. */
  readonly source: string;
  readonly target: string;
  readonly sas: string;
  /** PEM file. */
  readonly caFile: string;
  /** The client's own, empty; removed afterwards. */
  readonly folder: string;
}

/** Carries a workload over; resolves to the client's peak memory in bytes, null when nobody looked. */
export type Carry = (crossing: Crossing) => Promise<number | null>;

/** What one carriage took. */
export interface Carried extends Spent {
  /** Largest resident set of the client, bytes. */
  readonly peakRss: number | null;
  /** CPU seconds of both endpoints. */
  readonly endpointCpuSeconds: number;
}

/** Whether everything is there, byte for byte of its size: a client that carries less is not fast. */
function checkArrived({ workload }: Crossing, { blobs, bytes }: { blobs: number; bytes: number }): void {
  if (blobs === workload.blobs.length && bytes === bytesOf(workload)) return;
  throw new Error(`${blobs} blobs with ${bytes} bytes arrived of ${workload.title}`);
}

let crossings = 0;

/** Lets a client carry a workload between two endpoints, and checks what arrived. */
export async function cross(endpoints: Endpoints, workload: Workload, carry: Carry, folder: string): Promise<Carried> {
  const { source, sink, caFile } = endpoints;
  crossings += 1;
  const container = `t${crossings}`;
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(folder, 'client-'));
  const crossing: Crossing = {
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
    const { result: peakRss, seconds, cpuSeconds } = await spentBy(() => carry(crossing));
    const endpointCpuSeconds = (await cpuOf()) - before;
    checkArrived(crossing, await sink.stats(container));
    return { peakRss, seconds, cpuSeconds, endpointCpuSeconds };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
