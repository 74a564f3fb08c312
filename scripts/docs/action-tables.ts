/** The tables of inputs and outputs in docs/reference.md. */
import type { ActionDefinition } from '../action-definition.ts';
import { cell, table } from './markdown-table.ts';

/** The inputs with their defaults. */
export const inputsTable = ({ inputs }: ActionDefinition): string =>
  table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(inputs).map(([name, input]) => {
      const preset = input.default === undefined ? '' : `\`${input.default}\``;
      return [`\`${name}\``, input.required === true ? '**required**' : preset, cell(input.description)];
    }),
  );

/** The outputs. */
export const outputsTable = ({ outputs }: ActionDefinition): string =>
  table(
    ['Output', 'Meaning'],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, cell(description)]),
  );
