/** One test file, and how long it ran. */
export interface TimedFile {
  readonly file: string;
  readonly seconds: number;
}

/** The slowest files, the slowest first. */
export const slowest = (files: readonly TimedFile[], count: number): readonly TimedFile[] =>
  [...files].sort((one, other) => other.seconds - one.seconds).slice(0, count);

/** `  12.3 s  test/unit/a.test.ts` */
export const timeLine = ({ file, seconds }: TimedFile): string => `${seconds.toFixed(1).padStart(8)} s  ${file}`;
