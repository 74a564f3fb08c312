import { azcopyDownUp, azcopyPipe, azcopyServer } from './azcopy.ts';
import type { Copy } from './copy-task.ts';
import { ours } from './ours.ts';
import type { Peers } from './peers.ts';
import { rcloneDefault, rcloneFast } from './rclone.ts';
import type { Workload } from './workload.ts';

/** Names of the compared clients. */
export type ContenderName = 'ours' | 'rclone' | 'azcopy' | 'server' | 'azcopyServer';

/** One of the compared clients. Its best method counts. */
export interface Contender {
  readonly name: ContenderName;
  readonly ways: Readonly<Record<string, Copy>>;
  /** It runs in the first round, and in every N-th round after it. */
  readonly every: number;
}

/** Methods of another tool exist only if the tool is installed. */
const when = (there: boolean, ways: Record<string, Copy>): Record<string, Copy> => (there ? ways : {});

/** All clients that copy this workload, in the order of their turns. */
export function contendersFor({ blobs }: Workload, { rclone, azcopy }: Peers): readonly Contender[] {
  const program = azcopy ?? '';
  // The bytes don't pass through these clients, so there is less noise. Many small blobs are measured once.
  const seldom = blobs.length === 1 ? 2 : Number.POSITIVE_INFINITY;
  const pipe = when(blobs.length === 1, { pipe: azcopyPipe(program) });
  return [
    { name: 'ours', every: 1, ways: { stream: ours('stream') } },
    { name: 'rclone', every: 1, ways: when(rclone !== null, { default: rcloneDefault, flags: rcloneFast }) },
    { name: 'azcopy', every: 1, ways: when(azcopy !== null, { ...pipe, 'down + up': azcopyDownUp(program) }) },
    { name: 'server', every: seldom, ways: { server: ours('server') } },
    { name: 'azcopyServer', every: seldom, ways: when(azcopy !== null, { s2s: azcopyServer(program) }) },
  ];
}
