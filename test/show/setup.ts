/** From two empty clouds to a verified transfer and back, in every combination of storage access mode, identity and vault. */
import type { Inventory } from '../sandbox/description.ts';
import { changesOf, COMBINATIONS, openGround, titleOf, type Combination, type Ground } from '../e2e/setup/ground.ts';

interface Shown {
  readonly transferred: number;
  readonly changesOnSecondRun: number;
  readonly left: number;
}

/** Things of one side that were not there before, or are not there any more. */
function differences(before: Inventory, after: Inventory): number {
  const things = ({ pipelines, runs, roles, policies, secrets }: Inventory): ReadonlySet<string> =>
    new Set([
      ...pipelines,
      ...runs,
      ...secrets,
      ...[...roles, ...Object.entries(policies)].map((one) => JSON.stringify(one)),
    ]);
  return things(before).symmetricDifference(things(after)).size;
}

async function showCombination(ground: Ground, combination: Combination): Promise<Shown> {
  const before = await ground.inventories();
  await ground.both(combination);
  const transfer = await ground.transfer();
  const second = await ground.both(combination);
  for (const side of ['source', 'target'] as const) {
    await ground.setup(ground.inputs(side, combination, { state: 'absent' }));
  }
  const after = await ground.inventories();
  const left = before.map((inventory, index) => differences(inventory, after[index] ?? inventory));
  return {
    transferred: transfer.exitCode === 0 ? Number(transfer.outputs['transferred'] ?? 0) : 0,
    changesOnSecondRun: second.flatMap(changesOf).length,
    left: left.reduce((sum, count) => sum + count, 0),
  };
}

/** Shows that setup alone is enough, that a second one changes nothing, and that nothing is left in the end. */
export async function showSetup() {
  const ground = await openGround();
  try {
    let [transferred, changesOnSecondRun, leftAfterTeardown] = [0, 0, 0];
    for (const combination of COMBINATIONS) {
      const shown = await showCombination(ground, combination);
      const isGood = shown.transferred === 1 && shown.changesOnSecondRun === 0 && shown.left === 0;
      console.log(`${isGood ? '✓' : '✗'} ${titleOf(combination)}: ${JSON.stringify(shown)}`);
      transferred += shown.transferred;
      changesOnSecondRun += shown.changesOnSecondRun;
      leftAfterTeardown += shown.left;
    }
    return { combinations: COMBINATIONS.length, transferred, changesOnSecondRun, leftAfterTeardown };
  } finally {
    await ground.close();
  }
}

/** Figures of the show. */
export type SetupFigures = Awaited<ReturnType<typeof showSetup>>;
