/** A whole number given as `--NAME N`. */
export function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const number = Number(process.argv[at + 1]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number`);
  return number;
}
