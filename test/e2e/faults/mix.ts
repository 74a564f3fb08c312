/** Random mixes of faults, the same for the same seed. */
import type { Side } from '../../sandbox/description.ts';
import type { FaultRule, Service } from '../../sandbox/fault-rule.ts';
import { randomNumbers } from '../../sandbox/random.ts';
import type { Inputs } from '../runner.ts';
import { ALWAYS, answer, rule, type FaultKind, type Injection, type Victim } from './kind.ts';
import { FAULT_KINDS } from './kinds.ts';

/** The faults of one chaos run. */
export interface Mix {
  readonly seed: number;
  readonly batches: number;
  readonly kinds: readonly FaultKind[];
  /** A fault for a part of all requests to a service, during the whole run; null: none. */
  readonly weather: { readonly side: Side; readonly service: Service; readonly fault: FaultRule['fault'] } | null;
  readonly inputs: Inputs;
}

/** One request in ten: it affects most transfers several times, and ten attempts almost always suffice. */
const PROBABILITY = 0.1;

const MAX_KINDS = 4;
const MAX_BATCHES = 3;

const SERVICES: readonly Service[] = ['entra', 'arm', 'registry', 'storage'];

const FAULTS: readonly FaultRule['fault'][] = [
  answer(500),
  answer(503),
  answer(429, { 'retry-after': '1' }),
  { kind: 'reset' },
  { kind: 'cut' },
  { kind: 'delay', milliseconds: 300 },
];

/** Creates the mix of a seed. */
export function mixOf(seed: number): Mix {
  const draw = randomNumbers(seed);
  const below = (count: number): number => Math.floor(draw() * count);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const kinds = new Set(Array.from({ length: 1 + below(MAX_KINDS) }, () => one(FAULT_KINDS)));
  const side: Side = one(['source', 'target']);
  return {
    seed,
    batches: 1 + below(MAX_BATCHES),
    kinds: [...kinds],
    weather: draw() < 0.5 ? null : { side, service: one(SERVICES), fault: one(FAULTS) },
    inputs: Object.assign({}, ...[...kinds].map(({ inputs }) => inputs ?? {})) as Inputs,
  };
}

/** Whether a transfer must succeed with this mix. */
export const isSurvivable = ({ kinds }: Mix): boolean => kinds.every(({ outcome }) => outcome === 'survived');

/** All faults of a mix. */
export function injectionOf({ kinds, weather, seed }: Mix, victim: Victim): Injection {
  const all = kinds.map(({ inject }) => inject(victim));
  const lasting: readonly (readonly [Side, FaultRule])[] =
    weather === null
      ? []
      : [[weather.side, rule(weather.service, weather.fault, { times: ALWAYS, probability: PROBABILITY, seed })]];
  return {
    rules: [...all.flatMap(({ rules }) => rules ?? []), ...lasting],
    settings: all.flatMap(({ settings }) => settings ?? []),
  };
}

/** A mix in one line. */
export const mixText = ({ kinds, weather, batches }: Mix): string =>
  [
    `${batches} ${batches === 1 ? 'batch' : 'batches'}`,
    ...kinds.map(({ name }) => name),
    ...(weather === null
      ? []
      : [`every tenth request to ${weather.service} of the ${weather.side}: ${weather.fault.kind}`]),
  ].join(' · ');
