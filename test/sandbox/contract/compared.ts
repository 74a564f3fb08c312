/** Makes sure that every fact is compared, or that the fixture explains why it isn't. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factsOf } from '../../fixtures/contract/facts.ts';
import type { Fact, ServiceName, Side } from '../../fixtures/contract/facts.ts';

/** Compares one fact. Fails by an assertion. */
export type Compare<Scene> = (fact: Fact, scene: Scene) => Promise<void> | void;

/** The comparisons of the facts of one service, by name. */
export interface Comparisons<Scene> {
  readonly open: () => Promise<Scene>;
  readonly close: (scene: Scene) => Promise<void>;
  readonly facts: Readonly<Record<string, Compare<Scene>>>;
}

/** The mismatches between facts and comparisons. Empty if every fact has a comparison or an explanation. */
export function gaps(side: Side, facts: readonly Fact[], comparisons: Readonly<Record<string, unknown>>): string[] {
  const names = new Set(facts.map(({ name }) => name));
  const known = new Set(Object.keys(comparisons));
  return [
    ...facts.flatMap(({ name, uncompared }) => {
      if (known.has(name) === (uncompared[side] === null)) return [];
      return [
        known.has(name) ? `${name} is compared, and says why it isn't` : `${name} is neither compared nor explained`,
      ];
    }),
    ...[...known].filter((name) => !names.has(name)).map((name) => `there is no fact ${name}`),
  ];
}

/** Registers the tests of one service. */
export function compareService<Scene>(side: Side, service: ServiceName, comparisons: Comparisons<Scene>): void {
  describe(`${side}: ${service}`, () => {
    const facts = factsOf(service);
    const compared = facts.filter(({ name }) => comparisons.facts[name] !== undefined);
    let scene: Scene;
    beforeAll(async () => {
      scene = await comparisons.open();
    });
    afterAll(() => comparisons.close(scene));

    it('compares every fact, or explains why not', () => {
      expect(gaps(side, facts, comparisons.facts)).toEqual([]);
    });

    it.each(compared)('$name', async (fact) => {
      await comparisons.facts[fact.name]?.(fact, scene);
    });
  });
}

/** The same comparison for several facts. */
export const each = <Scene>(names: readonly string[], compare: Compare<Scene>): Record<string, Compare<Scene>> =>
  Object.fromEntries(names.map((name) => [name, compare]));
