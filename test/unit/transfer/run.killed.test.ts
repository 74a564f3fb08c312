/** Attempts that are killed at any time, and the attempt after them. */
import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Incremental } from '../../../src/transfer/model/request.ts';
import { statusOf, type TransferResult } from '../../../src/transfer/model/result.ts';
import type { TransferContext } from '../../../src/transfer/ports/context.ts';
import type { SideServices } from '../../../src/transfer/ports/side-services.ts';
import { runTransfer } from '../../../src/transfer/run.ts';
import { rounds } from '../../tier.ts';
import { image, referrer } from './ports/registry.fixture.ts';
import { fullRequest, twoClouds, type TwoClouds } from './ports/context.fixture.ts';

const REPOSITORIES = ['team/api', 'team/web', 'team/db'];
const TAGS = ['v1', 'v2', 'v3'];
const REFERENCES = REPOSITORIES.flatMap((repository) => TAGS.map((tag) => `${repository}:${tag}`));

/** Maximum number of calls before an attempt is killed. */
const LATEST_DEATH = 250;

/** Counts every call of a service. */
function mortal<Service extends object>(service: Service, live: () => void): Service {
  const methods = Object.entries(service).flatMap(([name, member]: [string, unknown]) =>
    typeof member === 'function'
      ? [
          [
            name,
            (...args: readonly unknown[]): Promise<unknown> =>
              Promise.resolve().then(() => {
                live();
                return (member as (...given: readonly unknown[]) => unknown)(...args);
              }),
          ],
        ]
      : [],
  );
  return { ...service, ...(Object.fromEntries(methods) as Partial<Service>) };
}

/** The context of an attempt that counts its calls. */
function killableContext({ context, source, target }: TwoClouds, live: () => void): TransferContext {
  const services = (side: SideServices): SideServices => ({
    ...side,
    registry: async (...args) => mortal(await side.registry(...args), live),
    runs: async (...args) => mortal(await side.runs(...args), live),
    container: async (...args) => mortal(await side.container(...args), live),
  });
  return { ...context, connect: (side) => services(side === 'source' ? source.services : target.services) };
}

/** Kills the attempt after this number of calls. Later calls have no effect. */
function dyingAfter(calls: number): () => void {
  let left = calls;
  return () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
  };
}

function stocked(): TwoClouds {
  const clouds = twoClouds();
  for (const repository of REPOSITORIES) {
    for (const tag of TAGS) clouds.source.registry.push(repository, image(`${repository} ${tag}`, ['base', tag]), tag);
    clouds.source.registry.push(repository, referrer(`${repository} signature`, image(`${repository} v1`)));
  }
  return clouds;
}

const attempt = (incremental: Incremental, context: TransferContext): Promise<TransferResult> =>
  runTransfer(fullRequest(['team/*:*'], { incremental, artifactsPerRun: 4, parallelRuns: 2 }), context);

const anyIncremental = fc.constantFrom<Incremental>(
  { kind: 'off' },
  { kind: 'target' },
  { kind: 'receipt', places: [] },
  { kind: 'history' },
);

describe('an attempt after killed attempts', () => {
  it('transfers missing artifacts, and exports and imports nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyIncremental,
        fc.array(fc.integer({ min: 0, max: LATEST_DEATH }), { minLength: 1, maxLength: 3 }),
        async (incremental, deaths) => {
          const clouds = stocked();
          for (const [index, calls] of deaths.entries()) {
            await attempt(incremental, killableContext(clouds, dyingAfter(calls)));
            // Without the batches that have started, other batches would be formed now.
            clouds.source.registry.push('team/new', image(`new ${index}`, ['base']), `v${index}`);
          }
          const last = await attempt(incremental, clouds.context);
          const { source, target } = clouds;

          expect(['succeeded', 'nothing-to-do']).toContain(statusOf(last));
          for (const reference of REFERENCES) {
            const [repository = '', tag = ''] = reference.split(':');
            expect(target.registry.peek(repository, tag)).toEqual(source.registry.peek(repository, tag));
          }
          expect(target.registry.peek('team/new', 'v0')).toEqual(source.registry.peek('team/new', 'v0'));
          for (const { started } of [source.runs, target.runs]) {
            const names = started.map(({ name }) => name);
            expect(new Set(names).size).toBe(names.length);
          }
          const exported = source.runs.started.flatMap(({ order }) => (order.kind === 'export' ? order.artifacts : []));
          expect(new Set(exported).size).toBe(exported.length);
        },
      ),
      { numRuns: rounds(60) },
    );
  });

  it('can be killed at many calls, and the property above covers all of them', async () => {
    const clouds = stocked();
    let calls = 0;
    const context = killableContext(clouds, () => {
      calls += 1;
    });
    await attempt({ kind: 'history' }, context);

    expect(calls).toBeGreaterThan(60);
    expect(calls).toBeLessThan(LATEST_DEATH);
  });
});
