import type { ListedSkip } from './skipped.ts';

/** Tests that may be skipped in CI. Any other skipped test fails it. */
export const LISTED: readonly ListedSkip[] = [
  { file: 'test/live/', reason: 'They need real Azure, which most machines have no access to: docs/live-tests.md.' },
];
