/** The two registries that documents speak of. */
export interface Ends {
  /** Login server of the source registry. */
  readonly source: string;
  /** ARM resource ID of the target registry; null when this side does not know it. */
  readonly destination: string | null;
}

const lower = (text: string | null): string | null => text?.toLowerCase() ?? null;

/** Whether two names of a registry, or the absence of one, are the same: Azure compares without case. */
export const sameName = (one: string | null, other: string | null): boolean => lower(one) === lower(other);

/** Whether both ends are the same; an unknown destination is the same as another unknown one only. */
export const sameEnds = (one: Ends, other: Ends): boolean =>
  sameName(one.source, other.source) && sameName(one.destination, other.destination);
