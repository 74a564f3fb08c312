import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { Inputs } from '../runner.ts';
import type { Bench } from './bench.ts';

/** A misconfiguration, and the finding that is expected before a run starts. */
export interface Misconfiguration {
  readonly name: string;
  /** The check that finds it. The gate tries one case of each check, separately for errors and warnings. */
  readonly rule: string;
  readonly id: TransferErrorId;
  /** A warning doesn't stop the transfer. */
  readonly verdict: 'error' | 'warning';
  /** Words that the remedy must contain. */
  readonly remedy: string;
  /** Misconfigures the clouds. Everything is restored afterwards. */
  readonly arrange: (bench: Bench) => Promise<unknown>;
  /** Differences from the inputs of a full transfer of one image. */
  readonly inputs?: (bench: Bench) => Inputs | Promise<Inputs>;
  /** Differences from the environment of a runner. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The clouds are valid. The inputs are not. */
export const asTheyAre = (): Promise<void> => Promise.resolve();
