/** Loaded by mutated files: turns one mutation on, and notes which ones a test reaches. */
import { appendFileSync } from 'node:fs';

const active = Number(process.env['MUTANT_ACTIVE'] ?? 0);
const log = process.env['MUTANT_LOG'] ?? '';
const test = process.env['MUTANT_TEST'] ?? '';
const noted = new Set<number>();

/** Whether the mutation with this number is the one that is tested. */
export function isActive(number: number): boolean {
  if (log !== '' && !noted.has(number)) {
    noted.add(number);
    appendFileSync(log, `${JSON.stringify([test, number])}\n`);
  }
  return number === active;
}
