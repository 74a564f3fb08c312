import { parseArgs } from 'node:util';
import type { Limits } from './endpoint/pace.ts';
import { MEBIBYTE, WORKLOADS, type Workload } from './workload.ts';

/** `wan`: endpoints like those of two clouds. `line`: without round-trip time. `open`: endpoints without limits. */
export type RegimeName = 'wan' | 'line' | 'open';

/** The limits of the endpoints. */
export interface Regime {
  readonly name: RegimeName;
  readonly limits: Limits | null;
}

/** Options of the bench. */
export interface Settings {
  readonly runs: number;
  readonly regimes: readonly Regime[];
  readonly workloads: readonly Workload[];
  /** Whether the memory at 8 GiB is measured. */
  readonly huge: boolean;
}

/**
 * 1 Gbit/s, the minimum of a runner, and 60 MiB/s per connection, which a storage account reaches over a WAN. 30 ms are half a
 * continent.
 */
const OPTIONS = {
  runs: { type: 'string', default: '5' },
  regime: { type: 'string', default: 'wan,line,open' },
  workload: { type: 'string', default: 'big,many' },
  rate: { type: 'string', default: '119' },
  'rate-per-connection': { type: 'string', default: '60' },
  'round-trip': { type: 'string', default: '30' },
  'no-huge': { type: 'boolean', default: false },
} as const;

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`--${name} is a positive number, not "${text}"`);
}

function among<Name extends string>(option: string, text: string, names: readonly Name[]): readonly Name[] {
  const chosen = names.filter((name) => text.split(',').includes(name));
  if (chosen.length > 0) return chosen;
  throw new Error(`--${option} is one or more of ${names.join(', ')}, not "${text}"`);
}

/**
 * Parses the options of the bench.
 * @param args arguments after its name: `--runs 5`, `--regime wan,line,open`, `--workload big,many`, `--rate` and
 *   `--rate-per-connection` in MiB/s (regimes `wan` and `line`), `--round-trip` in milliseconds (regime `wan`), `--no-huge`
 */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const line: Limits = {
    total: positive('rate', values.rate) * MEBIBYTE,
    perConnection: positive('rate-per-connection', values['rate-per-connection']) * MEBIBYTE,
    roundTrip: 0,
  };
  const limits = { wan: { ...line, roundTrip: positive('round-trip', values['round-trip']) }, line, open: null };
  const regimes = among('regime', values.regime, ['wan', 'line', 'open']);
  return {
    runs: Math.ceil(positive('runs', values.runs)),
    regimes: regimes.map((name) => ({ name, limits: limits[name] })),
    workloads: among('workload', values.workload, ['big', 'many']).map((name) => WORKLOADS[name]),
    huge: regimes.includes('open') && !values['no-huge'],
  };
}
