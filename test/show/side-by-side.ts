import { openScene, type Scene } from '../e2e/scene.ts';
import type { SettingsPatch } from '../sandbox/settings.ts';

/** Two processors are busy with so many sandboxes, each with a step, which waits for a good part of its time. */
const SCENES = 5;

/**
 * By default, the source trigger looks at the container after 900 s. In a show that takes longer, its imports would count as imports of
 * the action.
 */
const NO_TRIGGER: SettingsPatch = { sourceTriggerSeconds: 24 * 3600 };

/**
 * Does work on several sandboxes side by side, one piece at a time on each.
 * @returns the results, in the order of the items
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (scene: Scene, item: Item) => Promise<Result>,
  settings: SettingsPatch = {},
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  const serve = async (): Promise<void> => {
    const scene = await openScene({ ...NO_TRIGGER, ...settings });
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, item] = next;
        results[index] = await work(scene, item);
      }
    } finally {
      await scene.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(SCENES, items.length) }, serve));
  return results;
}
