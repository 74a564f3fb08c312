/**
 * How much the tests try. The gate tries one point of each rule, and others the next day; the nightly run tries every point.
 * `node test/tier.ts` prints both variables, so that a run can state them, and repeat the run of another day.
 */
import { SEED, SEED_VARIABLE } from './seed.ts';

/** `gate`: what every change has to pass. `nightly`: everything. */
export type Tier = 'gate' | 'nightly';

type Environment = Readonly<Record<string, string | undefined>>;

const TIER_VARIABLE = 'ACR_TRANSFER_TIER';

/** Reads the tier; the gate when it is not set. */
export function readTier(env: Environment): Tier {
  const value = env[TIER_VARIABLE] ?? '';
  if (value === '' || value === 'gate') return 'gate';
  if (value === 'nightly') return value;
  throw new Error(`${TIER_VARIABLE} is "${value}", neither "gate" nor "nightly"`);
}

/** How a selection is made. */
export interface Choice {
  readonly tier: Tier;
  readonly seed: number;
}

/** The choice of this run. */
export const CHOICE: Choice = { tier: readTier(process.env), seed: SEED };

/** Whether this run tries everything. */
export const IS_NIGHTLY = CHOICE.tier === 'nightly';

/** The choice, for titles of tests: what failed can be tried again with the same one. */
export const CHOICE_TEXT = IS_NIGHTLY ? 'nightly' : `${SEED_VARIABLE}=${CHOICE.seed}`;

/**
 * Selects points to try: all of them nightly, one for each rule in the gate. With seeds that follow each other every point has its turn.
 * @param ruleOf names what several points have in common, and what one of them is enough to prove
 */
export function onePerRule<Point>(
  points: readonly Point[],
  ruleOf: (point: Point) => string,
  { tier, seed }: Choice = CHOICE,
): readonly Point[] {
  if (tier === 'nightly') return points;
  const rules = [...Map.groupBy(points, ruleOf).values()];
  // Each rule begins elsewhere: the first points of all rules are often those of the same service.
  const chosen = new Set(rules.map((same, index) => same[(seed + index) % same.length]));
  return points.filter((point) => chosen.has(point));
}

/** Selects so many points: all of them nightly. With seeds that follow each other every point has its turn. */
export function few<Point>(points: readonly Point[], most: number, { tier, seed }: Choice = CHOICE): readonly Point[] {
  if (tier === 'nightly') return points;
  const count = Math.min(most, points.length);
  const chosen = new Set(Array.from({ length: count }, (_, index) => points[(seed * count + index) % points.length]));
  return points.filter((point) => chosen.has(point));
}

/** Runs of a property that is expensive to try: that many nightly, a quarter of them in the gate. */
export const rounds = (nightly: number, { tier }: Choice = CHOICE): number =>
  tier === 'nightly' ? nightly : Math.ceil(nightly / 4);

if (import.meta.main) process.stdout.write(`${TIER_VARIABLE}=${CHOICE.tier} ${SEED_VARIABLE}=${CHOICE.seed}\n`);
