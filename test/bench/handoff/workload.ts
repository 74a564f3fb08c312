/** A mebibyte, in bytes. */
export const MEBIBYTE = 1024 * 1024;

/** Names of the workloads. `huge` is only for memory. */
export type WorkloadName = 'big' | 'many' | 'huge';

/** Blobs that every client copies from one endpoint to the other. */
export interface Workload {
  /** Also the name of their container. */
  readonly name: WorkloadName;
  readonly title: string;
  readonly blobs: readonly { readonly name: string; readonly size: number }[];
}

const many = Array.from({ length: 100 }, (_, index) => ({
  name: `b${String(index).padStart(3, '0')}.tar`,
  size: 10 * MEBIBYTE,
}));

/** All workloads. */
export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  big: { name: 'big', title: '1 GiB', blobs: [{ name: 'big.tar', size: 1024 * MEBIBYTE }] },
  many: { name: 'many', title: '100 × 10 MiB', blobs: many },
  huge: { name: 'huge', title: '8 GiB', blobs: [{ name: 'huge.tar', size: 8192 * MEBIBYTE }] },
};

/** Bytes of a workload. */
export const bytesOf = ({ blobs }: Workload): number => blobs.reduce((sum, { size }) => sum + size, 0);
