/** A kind of fault: what goes wrong, where, and what becomes of a transfer that meets it. */
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule, Service } from '../../sandbox/fault-rule.ts';
import type { SettingsPatch } from '../../sandbox/settings.ts';
import type { Inputs } from '../runner.ts';

/** What a fault is done to. */
export interface Victim {
  readonly repository: string;
  /** `repository:tag` of everything that is transferred. */
  readonly artifacts: readonly string[];
  readonly transferName: string;
}

/** What one kind does to the two clouds. */
export interface Injection {
  readonly rules?: readonly (readonly [Side, FaultRule])[];
  readonly settings?: readonly (readonly [Side, SettingsPatch])[];
}

/** A kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** The service that it comes from; `github` is the runner's id-token service, `run` the transfer service behind ARM. */
  readonly of: Service | 'run';
  /** What the product recovers with. Of the kinds that share it, and their outcome, the gate tries one. */
  readonly recovery: string;
  /** `survived`: the transfer succeeds. Otherwise it fails with this ID, and transfers everything else. */
  readonly outcome: 'survived' | TransferErrorId;
  readonly inject: (victim: Victim) => Injection;
  /** Inputs of the step that meets it. */
  readonly inputs?: Inputs;
}

/** Requests of the action, and not those of the transfer service, which has its own way with trouble. */
const AGENT = '^acr-transfer';

/** Of the services that pipelines and tests use too. */
const SHARED: readonly Service[] = ['storage', 'registry'];

/** A rule that only the action meets. */
export const rule = (
  service: Service,
  fault: FaultRule['fault'],
  more: Partial<Omit<FaultRule, 'service' | 'fault'>> = {},
): FaultRule => ({ service, fault, times: 1, ...(SHARED.includes(service) && { agent: AGENT }), ...more });

/** An answer instead of the service's own. */
export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): FaultRule['fault'] => ({ kind: 'answer', status, headers, ...(body !== undefined && { body }) });

/** A kind that comes down to rules. */
export const byRules = (
  { of, name, recovery, outcome = 'survived' }: Pick<FaultKind, 'of' | 'name' | 'recovery'> & Partial<FaultKind>,
  rules: (victim: Victim) => readonly (readonly [Side, FaultRule])[],
): FaultKind => ({ of, name, recovery, outcome, inject: (victim) => ({ rules: rules(victim) }) });

/** Longer than any test takes. */
export const ALWAYS = 10_000;
