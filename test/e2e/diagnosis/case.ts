import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { Inputs } from '../runner.ts';
import type { Bench } from './bench.ts';

/** Something that is set up wrong, and what is to be said of it before any run is started. */
export interface Misconfiguration {
  readonly name: string;
  /** The check that tells it. Of the cases of one check, errors and warnings apart, the gate tries one. */
  readonly rule: string;
  readonly id: TransferErrorId;
  /** A warning does not stop the transfer. */
  readonly verdict: 'error' | 'warning';
  /** Words of the remedy that a person must find. */
  readonly remedy: string;
  /** Sets it up; everything is put back afterwards. */
  readonly arrange: (bench: Bench) => Promise<unknown>;
  /** Inputs that differ from those of a full transfer of one image. */
  readonly inputs?: (bench: Bench) => Inputs | Promise<Inputs>;
  /** Environment that differs from a runner's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Nothing of the clouds is wrong: it is the inputs. */
export const asTheyAre = (): Promise<void> => Promise.resolve();
