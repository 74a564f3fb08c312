import { shownIds } from '../scene.ts';
import { preparePrey, type Grounds } from './grounds.ts';
import type { Way } from './way.ts';

/** What became of one way. */
export interface Attempted {
  readonly name: string;
  /** The step failed, and showed the ids of the way. */
  readonly caught: boolean;
  readonly green: boolean;
  /** Something that must not be there was imported before the step failed. */
  readonly imported: boolean;
  /** When it can be imported before the step can notice; null: never. */
  readonly imports: NonNullable<Way['imports']> | null;
  /** Ids that the step has shown. */
  readonly ids: readonly string[];
}

/** Tries one way. */
export async function tryWay(grounds: Grounds, way: Way, id: string): Promise<Attempted> {
  const prey = await preparePrey(grounds, id);
  const result = await way.attempt(prey);
  const ids = [...new Set(shownIds(result))].sort();
  const { repository, reference } = way.foreign?.(prey) ?? { repository: prey.foreignRepository, reference: 'v1' };
  const found = await grounds.digest('target', repository, reference);
  const green = result.exitCode === 0;
  const caught = !green && way.ids.every((expected) => ids.includes(expected));
  return { name: way.name, caught, green, imported: found !== null, imports: way.imports ?? null, ids };
}
