/** A kind of fault: its effect, its place, and the expected result of a transfer. */
import type { TransferErrorId } from '../../../src/transfer/errors/catalog.ts';
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule, Service } from '../../sandbox/fault-rule.ts';
import type { SettingsPatch } from '../../sandbox/settings.ts';
import type { Inputs } from '../runner.ts';

/** The target of a fault. */
export interface Victim {
  readonly repository: string;
  /** `repository:tag` of all artifacts of the transfer. */
  readonly artifacts: readonly string[];
  readonly transferName: string;
}

/** Changes of the two clouds. */
export interface Injection {
  readonly rules?: readonly (readonly [Side, FaultRule])[];
  readonly settings?: readonly (readonly [Side, SettingsPatch])[];
}

/** A kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** The service that it comes from; `github` is the runner's id-token service, `run` the transfer service behind ARM. */
  readonly of: Service | 'run';
  /** The product's recovery. The gate tries one of the kinds with the same recovery and outcome. */
  readonly recovery: string;
  /** `survived`: the transfer succeeds. Otherwise it fails with this ID, and transfers everything else. */
  readonly outcome: 'survived' | TransferErrorId;
  readonly inject: (victim: Victim) => Injection;
  /** Inputs of the step. */
  readonly inputs?: Inputs;
}

/** Requests of the action, without those of the transfer service, which has its own error handling. */
const AGENT = '^acr-transfer';

/** The services that pipelines and tests use too. */
const SHARED: readonly Service[] = ['storage', 'registry'];

/** A rule that applies only to the action. */
export const rule = (
  service: Service,
  fault: FaultRule['fault'],
  more: Partial<Omit<FaultRule, 'service' | 'fault'>> = {},
): FaultRule => ({ service, fault, times: 1, ...(SHARED.includes(service) && { agent: AGENT }), ...more });

/** A response in place of the service's own. */
export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): FaultRule['fault'] => ({ kind: 'answer', status, headers, ...(body !== undefined && { body }) });

/** A kind that consists of rules. */
export const byRules = (
  { of, name, recovery, outcome = 'survived' }: Pick<FaultKind, 'of' | 'name' | 'recovery'> & Partial<FaultKind>,
  rules: (victim: Victim) => readonly (readonly [Side, FaultRule])[],
): FaultKind => ({ of, name, recovery, outcome, inject: (victim) => ({ rules: rules(victim) }) });

/** Longer than any test takes. */
export const ALWAYS = 10_000;
