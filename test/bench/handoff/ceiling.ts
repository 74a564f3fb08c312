import { join } from 'node:path';
import { SAS, type Endpoints } from './endpoints.ts';
import { run } from './spend.ts';
import { MEBIBYTE, type Workload } from './workload.ts';

/** Options of the client of the ceiling. */
export interface CeilingTask {
  readonly container: string;
  readonly sas: string;
  readonly direction: 'down' | 'up';
  readonly connections: number;
  readonly parts: readonly { readonly blob: string; readonly offset: number; readonly size: number }[];
}

const PART_BYTES = 8 * MEBIBYTE;
const CONNECTIONS = [2, 4, 8, 16];

/** Parts of a workload, blob by blob, up to a number of bytes. */
function partsOf({ blobs }: Workload, most: number): CeilingTask['parts'] {
  const parts = blobs.flatMap(({ name: blob, size }) =>
    Array.from({ length: Math.ceil(size / PART_BYTES) }, (_, index) => {
      const offset = index * PART_BYTES;
      return { blob, offset, size: Math.min(PART_BYTES, size - offset) };
    }),
  );
  let bytes = 0;
  return parts.filter(({ size }) => (bytes += size) <= most);
}

/** MiB per second in one direction. */
export type MeasureCeiling = (direction: CeilingTask['direction'], connections: number) => Promise<number>;

/** @param most bytes that are enough to measure the rate */
export function ceilingOf(endpoints: Endpoints, workload: Workload, most: number, folder: string): MeasureCeiling {
  const parts = partsOf(workload, most);
  const bytes = parts.reduce((sum, { size }) => sum + size, 0);
  return async (direction, connections) => {
    const container =
      direction === 'down' ? `${endpoints.source.account}/${workload.name}` : `${endpoints.sink.account}/ceiling`;
    const task: CeilingTask = { container, sas: SAS, direction, connections, parts };
    const args = [join(import.meta.dirname, 'ceiling-client.ts'), JSON.stringify(task)];
    const env = { NODE_EXTRA_CA_CERTS: endpoints.caFile };
    const seconds = Number(await run(process.execPath, args, { env, cwd: folder }));
    return bytes / MEBIBYTE / seconds;
  };
}

/** The number of connections with the highest rate in a direction. */
export async function bestConnections(measure: MeasureCeiling, direction: CeilingTask['direction']): Promise<number> {
  let best = { connections: 0, rate: 0 };
  for (const connections of CONNECTIONS) {
    const rate = await measure(direction, connections);
    if (rate > best.rate) best = { connections, rate };
  }
  return best.connections;
}
