/** The output of the demo: the action's log without the commands for runners. */
import { formatBytes } from '../../src/transfer/model/bytes.ts';
import type { Released } from './content.ts';

const COMMAND = /^::(?<name>[\w-]+)(?: [^:]*)?::(?<text>.*)$/;

const SHOWN: Readonly<Record<string, string>> = { group: '╶', error: '✗', warning: '!', notice: '·' };

/** Prints a heading. */
export const heading = (text: string): void => {
  console.log(`\n━━ ${text} ${'━'.repeat(Math.max(3, 96 - text.length))}`);
};

/** Prints one line of a step's log as a runner shows it. */
export function showLine(line: string): void {
  const { name = '', text = '' } = COMMAND.exec(line)?.groups ?? {};
  if (name === '') console.log(`  │ ${line}`);
  else if (name in SHOWN) console.log(`  ${SHOWN[name] ?? ''} ${decodeURIComponent(text)}`);
}

/** Prints the released artifacts next to those of the target. */
export function showTable(artifacts: readonly Released[], found: readonly (string | null)[]): void {
  const width = Math.max(...artifacts.map(({ line }) => Math.min(line.length, 46)));
  for (const [index, { line, digest, size }] of artifacts.entries()) {
    const name = line.length > 46 ? `${line.slice(0, 45)}…` : line;
    const verdict = found[index] === digest ? '✓ bit for bit' : `✗ ${found[index] ?? 'missing'}`;
    console.log(`  ${name.padEnd(width)}  ${digest.slice(0, 19)}…  ${formatBytes(size).padStart(9)}  ${verdict}`);
  }
}
