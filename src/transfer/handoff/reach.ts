/** Whether the target storage can read the source by itself: found out once, by the first blob that tries. */

/** What is known of it. */
export interface Reach {
  /**
   * True when the target can read the source. The first who asks probes, the others wait for what came of it.
   * @param probe false: it cannot. What it throws is thrown here, and the next one probes again
   */
  readonly isOpen: (probe: () => Promise<boolean>) => Promise<boolean>;
}

/** Makes the knowledge of one transfer. */
export function openReach(): Reach {
  let known: Promise<boolean> | null = null;
  return {
    isOpen: async (probe) => {
      while (known !== null) {
        try {
          return await known;
        } catch {
          // It was the other blob that failed, not the way.
        }
      }
      const mine = probe();
      known = mine;
      try {
        return await mine;
      } catch (error) {
        known = null;
        throw error;
      }
    },
  };
}
