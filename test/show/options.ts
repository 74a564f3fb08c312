/** A whole number from 0 given as `--NAME N`; null if the option is absent. */
export function optionalNumber(name: string): number | null {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return null;
  const number = Number(process.argv[at + 1]);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} takes a whole number`);
  return number;
}

/** A whole number from 1 given as `--NAME N`. */
export function numberOption(name: string, otherwise: number): number {
  const number = optionalNumber(name) ?? otherwise;
  if (number < 1) throw new Error(`--${name} takes a whole number from 1`);
  return number;
}
