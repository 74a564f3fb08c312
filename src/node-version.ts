import { failure } from './transfer/failure.ts';

/** The runtime of action.yml. */
const LEAST_NODE = 24;

/**
 * An older Node would fail in the middle of the work, and not say why.
 * @throws ACRT1002
 */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) < LEAST_NODE) throw failure('ACRT1002', { version, least: String(LEAST_NODE) });
}
