/** Looks for secrets in everything that a step has written. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The runner removes these lines. They tell it what to mask. */
const MASK = /^::add-mask::.*$/gm;

/** The runner's conversion of a value before it masks it (actions/runner, command values). */
const unescaped = (value: string): string =>
  value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/** The forms of a secret in a text: unchanged, as part of a URL, as JSON, in base64 at any offset. */
function formsOf(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + secret)
      .toString('base64')
      // The characters at both ends depend on the text next to the secret.
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [secret, encoded, encodeURIComponent(encoded), JSON.stringify(secret).slice(1, -1), ...inBase64];
}

/** Shorter secrets would occur in any text. */
const SHORTEST = 12;

/**
 * Secrets in texts, each as `PLACE: BEGINNING…`.
 * @param texts by their place
 */
export function findLeaks(texts: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const forms = secrets
    .filter(({ length }) => length >= SHORTEST)
    .flatMap((secret) => formsOf(secret).map((form) => ({ secret, form })));
  return Object.entries(texts).flatMap(([place, text]) =>
    [...new Set(forms.filter(({ form }) => text.includes(form)).map(({ secret }) => secret))].map(
      (secret) => `${place}: ${secret.slice(0, 6)}…`,
    ),
  );
}

/** Secrets that weren't masked. */
export function findUnmasked(log: string, secrets: readonly string[]): readonly string[] {
  const masks = new Set([...log.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => unescaped(value)));
  return secrets.filter((secret) => ![...masks].some((masked) => masked !== '' && secret.includes(masked)));
}

/** A log as the runner would show it without masks. */
export const withoutMasks = (log: string): string => log.replace(MASK, '');

/** Every file below a folder. */
export function textsBelow(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}
