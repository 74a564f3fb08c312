/** Formats and parses sizes. */
import { failed, ok, type Result } from '../errors/index.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

const MAX_SHOWN = 1023.5;

/** Formats bytes in binary units, as storage tools do: `12.3 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= MAX_SHOWN && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

const POWERS: readonly string[] = ['k', 'm', 'g', 't'];

/**
 * Parses a size to bytes: `4GiB`, `4.7 GB`, `650MB`, `1048576`.
 * @param text units with `i` are binary; units without `i` are decimal, as on the labels of media
 */
export function parseSize(text: string): Result<number, string> {
  const [, number = '', prefix = '', binary = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i)?b|b)?$/i.exec(text) ?? [];
  const power = prefix === '' ? 0 : POWERS.indexOf(prefix.toLowerCase()) + 1;
  const bytes = Math.floor(Number(number) * (binary === '' ? 1000 : 1024) ** power);
  if (number !== '' && bytes > 0 && Number.isSafeInteger(bytes)) return ok(bytes);
  return failed('use a size such as 4GiB, 4.7GB or 650MB');
}
