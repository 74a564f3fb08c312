import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../action-definition.ts';
import { MEASURED_FOLDER, type Origin } from '../lint/measured.ts';
import { cell, table } from './markdown-table.ts';

/** The record of `npm run show -- chaos --record`. */
const MEASURED = `${MEASURED_FOLDER}/chaos.json`;

interface Kind {
  readonly name: string;
  readonly outcome: string;
  readonly met: number;
  readonly good: number;
}

interface ChaosRecord extends Origin {
  readonly figures: Readonly<Record<string, number>> & { readonly kinds: readonly Kind[] };
}

const outcomeText = (outcome: string): string =>
  outcome === 'survived' ? 'survived' : `red, [${outcome}](errors.md#${outcome.toLowerCase()})`;

/** The faults, their effect on a transfer, and how often the chaos has caused them. */
export function faultTable(): string {
  const { commit, date, figures } = JSON.parse(readFileSync(join(ROOT, MEASURED), 'utf8')) as ChaosRecord;
  const { kinds, ...counts } = figures;
  const rows = kinds.map(({ name, outcome, met, good }) => [cell(name), outcomeText(outcome), `${good} of ${met}`]);
  const numbers = Object.entries(counts).map(([name, value]) => [`\`${name}\``, String(value)]);
  return [
    `Measured on ${date}, at commit \`${commit.slice(0, 7)}\`.`,
    '',
    table(['figure', 'value'], numbers),
    '',
    table(['fault', 'alone', 'as it should be, in random mixes'], rows),
  ].join('\n');
}
