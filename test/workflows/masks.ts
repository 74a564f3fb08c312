/** Values that are hidden in logs, and that aren't passed on as outputs. */
export interface Masks {
  /** Adds a secret. Each of its lines is masked. */
  readonly add: (secret: string) => void;
  readonly hide: (text: string) => string;
  /** Whether a text contains a secret. */
  readonly found: (text: string) => boolean;
}

/** Secrets of a run: the initial ones, and those of `::add-mask::`. */
export function createMasks(secrets: Iterable<string>): Masks {
  const known = new Set<string>();
  const masks: Masks = {
    add: (secret) => {
      for (const line of [secret, ...secret.split('\n')]) if (line.trim() !== '') known.add(line);
    },
    // The longest first, so that no part of a secret remains if it contains another one.
    hide: (text) =>
      [...known].sort((a, b) => b.length - a.length).reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
    found: (text) => [...known].some((secret) => text.includes(secret)),
  };
  for (const secret of secrets) masks.add(secret);
  return masks;
}
