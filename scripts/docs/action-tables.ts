/** The tables of inputs and outputs in the README. */
import type { ActionDefinition } from '../action-definition.ts';

/** A `|` would end the cell; a line break would end the table. */
const cell = (text: string): string => text.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Every input with its default. */
export const inputsTable = ({ inputs }: ActionDefinition): string =>
  table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(inputs).map(([name, input]) => {
      const preset = input.default === undefined ? '' : `\`${input.default}\``;
      return [`\`${name}\``, input.required === true ? '**required**' : preset, cell(input.description)];
    }),
  );

/** Every output. */
export const outputsTable = ({ outputs }: ActionDefinition): string =>
  table(
    ['Output', 'Meaning'],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, cell(description)]),
  );
