/** What must not be read in logs, and cannot leave a job as an output. */
export interface Masks {
  /** Every line of a secret is one. */
  readonly add: (secret: string) => void;
  readonly hide: (text: string) => string;
  /** Whether a text holds a secret. */
  readonly found: (text: string) => boolean;
}

/** Secrets of a run: those that it starts with, and `::add-mask::`. */
export function createMasks(secrets: Iterable<string>): Masks {
  const known = new Set<string>();
  const masks: Masks = {
    add: (secret) => {
      for (const line of [secret, ...secret.split('\n')]) if (line.trim() !== '') known.add(line);
    },
    // The longest first, so that a secret within another leaves nothing of it.
    hide: (text) =>
      [...known].sort((a, b) => b.length - a.length).reduce((shown, secret) => shown.replaceAll(secret, '***'), text),
    found: (text) => [...known].some((secret) => text.includes(secret)),
  };
  for (const secret of secrets) masks.add(secret);
  return masks;
}
