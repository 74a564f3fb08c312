import { ratio, type Measured, type Single, type WorkloadFigures } from './figures.ts';
import type { Result } from './rounds.ts';
import type { RegimeName } from './settings.ts';
import { WORKLOADS, type WorkloadName } from './workload.ts';

const TITLES: Readonly<Record<string, string>> = {
  ours: 'ours, stream',
  rclone: 'rclone',
  azcopy: 'azcopy',
  server: 'ours, server',
  azcopyServer: 'azcopy, server',
};
const HEAD = ['regime', 'workload', 'client', 'MiB/s', 'ours to it', 'CPU s/GiB', 'endpoints', 'peak RSS MB'];

type Row = readonly string[];

const shown = (number: number | null | undefined): string =>
  number === null || number === undefined ? '-' : String(number);

const titleOf = (client: string, { way }: Result): string => {
  const title = TITLES[client] ?? client;
  return title.endsWith(way) ? title : `${title} (${way})`;
};

const rowOf = (where: Row, client: string, result: Result | null, to: number | null): Row =>
  result === null
    ? [...where, TITLES[client] ?? client, '-', '-', '-', '-', '-']
    : [
        ...where,
        titleOf(client, result),
        result.mibPerSecond.toFixed(1),
        shown(to),
        shown(result.cpuSecondsPerGiB),
        shown(result.endpointCpuSecondsPerGiB),
        shown(result.peakRssMb),
      ];

/** Compares clients of the same kind: those that pass the bytes through, and those that let the service read them. */
function workloadRows(where: Row, { ceiling, ...clients }: WorkloadFigures): readonly Row[] {
  const rows = Object.entries(clients).map(([client, result]) => {
    const own = client.toLowerCase().endsWith('server') ? clients.server : clients.ours;
    return rowOf(where, client, result, ratio(own?.mibPerSecond, result?.mibPerSecond));
  });
  const title = `ceiling (down ${ceiling.down}, up ${ceiling.up})`;
  const to = ratio(clients.ours?.mibPerSecond, ceiling.rate);
  return [...rows, [...where, title, ceiling.rate.toFixed(1), shown(to), '-', '-', '-']];
}

function singleRows({ huge, rcloneVerified }: Single, ours: Result | null): readonly Row[] {
  const to = ratio(ours?.mibPerSecond, rcloneVerified?.mibPerSecond);
  return [
    ...(rcloneVerified === null ? [] : [rowOf(['open', WORKLOADS.big.title], 'rclone', rcloneVerified, to)]),
    ...(huge === null ? [] : [rowOf(['open', WORKLOADS.huge.title], 'ours', huge, null)]),
  ];
}

function aligned(rows: readonly Row[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: Row): string =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** All figures as a Markdown table of medians. */
export function table(measured: Measured): string {
  const rows = (Object.keys(measured.regimes) as RegimeName[]).flatMap((regime) => {
    const workloads = measured.regimes[regime] ?? {};
    return (Object.keys(workloads) as WorkloadName[]).flatMap((name) => {
      const figures = workloads[name];
      return figures === undefined ? [] : workloadRows([regime, WORKLOADS[name].title], figures);
    });
  });
  return aligned([HEAD, ...rows, ...singleRows(measured, measured.regimes.open?.big?.ours ?? null)]);
}
